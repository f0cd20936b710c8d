"""Where the time of an answer went, for a caller who asks for it: intermediate times under the names of the parts.

The answer says them in `Server-Timing` (W3C), in milliseconds. Where nobody asked, a mark costs a lookup and nothing is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar

from vos_contracts.base import stopwatch

QUESTION = "x-server-timing"
"""The header that asks; any value."""
RESPONSE = "server-timing"

PARSE, VALIDATE, CONVERT, REST, SERIALISE = "parse", "validate", "convert", "rest", "serialise"


class _Times:
    """One call's parts; the time since the last mark belongs to the next."""

    def __init__(self) -> None:
        self.parts: dict[str, float] = {}
        self._last = stopwatch.seconds()

    def mark(self, name: str) -> None:
        now = stopwatch.seconds()
        self.parts[name] = self.parts.get(name, 0.0) + (now - self._last) * 1000
        self._last = now


_times: ContextVar[_Times | None] = ContextVar("split_times", default=None)


def begin(headers: Mapping[str, str]) -> None:
    """Begin to keep times for this call if it asks for them, and forget an earlier call's."""
    if QUESTION in headers:
        _times.set(_Times())
    elif _times.get() is not None:
        _times.set(None)


def mark(name: str) -> None:
    """Say that what was done since the last mark was that part."""
    times = _times.get()
    if times is not None:
        times.mark(name)


def response_header() -> Mapping[str, str]:
    """Return the header that tells the parts; none where nobody asked."""
    times = _times.get()
    if times is None:
        return {}
    return {RESPONSE: ", ".join(f"{name};dur={ms:.4f}" for name, ms in times.parts.items())}


def read(header: str) -> dict[str, float]:
    """Read such a header, from whomever it comes; parts without a duration are left out."""
    parts: dict[str, float] = {}
    for entry in header.split(","):
        name, *fields = (item.strip() for item in entry.split(";"))
        for field in fields:
            key, _, value = field.partition("=")
            if key.lower() == "dur":
                try:
                    parts[name] = float(value.strip('"'))
                except ValueError:
                    continue
    return parts
