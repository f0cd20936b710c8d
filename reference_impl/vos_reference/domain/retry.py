"""The retry policy of webhook messages: what becomes of a message after an attempt (starwiki 4149806919, 4271013923).

Not here: the envelope (`vos_contracts.wire.messages.webhook`), or when anybody tries (`application.delivery`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from vos_contracts.tables.webhooks import WsbMode

LONGEST_WAIT_TIME = timedelta(seconds=10_800)
"""The delay grows to three hours and stays there (starwiki 4149806919)."""

_TOP = 14  # 2^14 seconds are past the longest delay; a message may fail for years


@dataclass(frozen=True, slots=True)
class Answered:
    """The receiver answered; `retry_after` is how long it asked to be left alone."""

    status: int
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Burst:
    """No answer could be read: refused, reset, timed out, garbage; the reason as text."""

    reason: str


AttemptResponse = Answered | Burst


@dataclass(frozen=True, slots=True)
class Delivered:
    """The receiver took it (2xx)."""


@dataclass(frozen=True, slots=True)
class Postponed:
    """It is tried again after that time; until then the citizen's later messages wait behind it."""

    wait_time: timedelta
    reason: str


@dataclass(frozen=True, slots=True)
class GivenUp:
    """It is set aside as a dead letter: visible, and sent again only when somebody asks."""

    reason: str


def decide(response: AttemptResponse, attempt: int, state: WsbMode) -> Delivered | Postponed | GivenUp:
    """Decide what becomes of a message after its attempt number `attempt`, from 1.

    As designed, only 5xx is tried again; as observed, everything but 2xx is (starwiki 4271013923). A redirect is never
    followed. What Retry-After asks for is respected up to the longest delay; how STAR reads it is not public (assumed).
    """
    match response:
        case Answered(status=status, retry_after=wanted):
            if 200 <= status < 300:
                return Delivered()
            reason, again = f"status {status}", 500 <= status < 600
        case Burst(reason=reason):
            wanted, again = None, False
        case _:
            assert_never(response)
    if state is WsbMode.DESIGNED and not again:
        return GivenUp(reason)
    wait_time = max(wait_time_after(attempt), wanted or timedelta())
    return Postponed(min(wait_time, LONGEST_WAIT_TIME), reason)


def wait_time_after(attempt: int) -> timedelta:
    """Return the delay after that many failed attempts: min(10800, 2^n - 1) seconds (starwiki 4149806919)."""
    return min(timedelta(seconds=2 ** min(attempt, _TOP) - 1), LONGEST_WAIT_TIME)
