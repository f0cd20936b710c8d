"""Split times of a call, for callers that ask for them with a header.

The answer reports them in `Server-Timing` (W3C), in milliseconds. For other calls a mark costs one context lookup.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar

from vos_contracts.base import stopwatch

QUESTION = "x-server-timing"
"""The request header that asks for split times; any value."""
RESPONSE = "server-timing"

PARSE, VALIDATE, CONVERT, REST, SERIALISE = "parse", "validate", "convert", "rest", "serialise"


class _Times:
    """The split times of one call, in milliseconds; the time since the previous mark belongs to the next one."""

    def __init__(self) -> None:
        self.parts: dict[str, float] = {}
        self._last = stopwatch.seconds()

    def mark(self, name: str) -> None:
        now = stopwatch.seconds()
        self.parts[name] = self.parts.get(name, 0.0) + (now - self._last) * 1000
        self._last = now


_times: ContextVar[_Times | None] = ContextVar("split_times", default=None)


def begin(headers: Mapping[str, str]) -> None:
    """Start measuring if the call asks for it, and discard an earlier call's times."""
    if QUESTION in headers:
        _times.set(_Times())
    elif _times.get() is not None:
        _times.set(None)


def mark(name: str) -> None:
    """Attribute the time since the previous mark to that part."""
    times = _times.get()
    if times is not None:
        times.mark(name)


def response_header() -> Mapping[str, str]:
    """Return the `Server-Timing` header, or nothing if the call did not ask."""
    times = _times.get()
    if times is None:
        return {}
    return {RESPONSE: ", ".join(f"{name};dur={ms:.4f}" for name, ms in times.parts.items())}


def read(header: str) -> dict[str, float]:
    """Read a `Server-Timing` header of any server; parts without a duration are left out."""
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
