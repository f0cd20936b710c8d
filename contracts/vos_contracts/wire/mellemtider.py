"""Where the time of an answer went, for a caller who asks for it: intermediate times under the names of the parts.

The answer says them in `Server-Timing` (W3C), in milliseconds. Where nobody asked, a mark costs a lookup and nothing is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar

from vos_contracts.base import stopwatch

SPOERGSMAAL = "x-server-timing"
"""The header that asks; any value."""
SVAR = "server-timing"

PARSE, VALIDATE, CONVERT, REST, SERIALISE = "parse", "validate", "convert", "rest", "serialise"


class _Tider:
    """One call's parts; the time since the last mark belongs to the next."""

    def __init__(self) -> None:
        self.dele: dict[str, float] = {}
        self._sidst = stopwatch.seconds()

    def maerk(self, navn: str) -> None:
        nu = stopwatch.seconds()
        self.dele[navn] = self.dele.get(navn, 0.0) + (nu - self._sidst) * 1000
        self._sidst = nu


_tider: ContextVar[_Tider | None] = ContextVar("mellemtider", default=None)


def begynd(headers: Mapping[str, str]) -> None:
    """Begin to keep times for this call if it asks for them, and forget an earlier call's."""
    if SPOERGSMAAL in headers:
        _tider.set(_Tider())
    elif _tider.get() is not None:
        _tider.set(None)


def maerk(navn: str) -> None:
    """Say that what was done since the last mark was that part."""
    tider = _tider.get()
    if tider is not None:
        tider.maerk(navn)


def svarheader() -> Mapping[str, str]:
    """Return the header that tells the parts; none where nobody asked."""
    tider = _tider.get()
    if tider is None:
        return {}
    return {SVAR: ", ".join(f"{navn};dur={ms:.4f}" for navn, ms in tider.dele.items())}


def laes(header: str) -> dict[str, float]:
    """Read such a header, from whomever it comes; parts without a duration are left out."""
    dele: dict[str, float] = {}
    for post in header.split(","):
        navn, *felter = (en.strip() for en in post.split(";"))
        for felt in felter:
            noegle, _, vaerdi = felt.partition("=")
            if noegle.lower() == "dur":
                try:
                    dele[navn] = float(vaerdi.strip('"'))
                except ValueError:
                    continue
    return dele
