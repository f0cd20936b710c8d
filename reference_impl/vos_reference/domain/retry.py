"""The retry policy of webhook messages: what becomes of a message after an attempt (starwiki 4149806919, 4271013923).

Not here: the envelope (`vos_contracts.wire.wsb`), or when anybody tries (`application.levering`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from vos_contracts.koder.wsb import Wsbtilstand

LAENGSTE_VENTETID = timedelta(seconds=10_800)
"""The delay grows to three hours and stays there (starwiki 4149806919)."""

_TOP = 14  # 2^14 seconds are past the longest delay; a message may fail for years


@dataclass(frozen=True, slots=True)
class Svarede:
    """The receiver answered; `retry_after` is how long it asked to be left alone."""

    status: int
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Brast:
    """No answer could be read: refused, reset, timed out, garbage; the reason as text."""

    grund: str


Forsoegssvar = Svarede | Brast


@dataclass(frozen=True, slots=True)
class Leveret:
    """The receiver took it (2xx)."""


@dataclass(frozen=True, slots=True)
class Udskudt:
    """It is tried again after that time; until then the citizen's later messages wait behind it."""

    ventetid: timedelta
    grund: str


@dataclass(frozen=True, slots=True)
class Opgivet:
    """It is set aside as a dead letter: visible, and sent again only when somebody asks."""

    grund: str


def afgoer(svar: Forsoegssvar, forsoeg: int, tilstand: Wsbtilstand) -> Leveret | Udskudt | Opgivet:
    """Decide what becomes of a message after its attempt number `forsoeg`, from 1.

    As designed, only 5xx is tried again; as observed, everything but 2xx is (starwiki 4271013923). A redirect is never
    followed. What Retry-After asks for is respected up to the longest delay; how STAR reads it is not public (assumed).
    """
    match svar:
        case Svarede(status=status, retry_after=oensket):
            if 200 <= status < 300:
                return Leveret()
            grund, igen = f"status {status}", 500 <= status < 600
        case Brast(grund=grund):
            oensket, igen = None, False
        case _:
            assert_never(svar)
    if tilstand is Wsbtilstand.DESIGNET and not igen:
        return Opgivet(grund)
    ventetid = max(ventetid_efter(forsoeg), oensket or timedelta())
    return Udskudt(min(ventetid, LAENGSTE_VENTETID), grund)


def ventetid_efter(forsoeg: int) -> timedelta:
    """Return the delay after that many failed attempts: min(10800, 2^n - 1) seconds (starwiki 4149806919)."""
    return min(timedelta(seconds=2 ** min(forsoeg, _TOP) - 1), LAENGSTE_VENTETID)
