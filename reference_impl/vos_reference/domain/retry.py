"""The retry policy of webhook messages: deliver, retry or give up (starwiki 4149806919, 4271013923).

Not here: the message format (`vos_contracts.wire.messages.webhook`), and when attempts are made (`application.delivery`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from vos_contracts.tables.webhooks import WsbMode

LONGEST_DELAY = timedelta(seconds=10_800)
"""The upper limit of the delay: three hours (starwiki 4149806919)."""

_MAX_EXPONENT = 14  # 2^14 s exceed the longest delay; without the limit, timedelta overflows after some 50 attempts


@dataclass(frozen=True, slots=True)
class Answered:
    """The receiver answered with an HTTP status; `retry_after` is the value of its Retry-After header.

    `unreadable` says in Danish what else of the answer could not be read; the status decides all the same.
    """

    status: int
    retry_after: timedelta | None = None
    unreadable: str = ""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The attempt gave no readable answer: connection refused or reset, timeout, invalid HTTP."""

    reason: str


AttemptResponse = Answered | NoAnswer


@dataclass(frozen=True, slots=True)
class Delivered:
    """The receiver accepted the message (2xx)."""


@dataclass(frozen=True, slots=True)
class Postponed:
    """The message is retried after `wait_time`; the citizen's later messages to the receiver wait behind it."""

    wait_time: timedelta
    reason: str


@dataclass(frozen=True, slots=True)
class GivenUp:
    """The message becomes a dead letter: kept, and sent again only on request."""

    reason: str


def decide(response: AttemptResponse, attempt: int, state: WsbMode) -> Delivered | Postponed | GivenUp:
    """Decide what happens to a message after attempt number `attempt`, counted from 1.

    As designed, only 5xx is retried; as observed at STAR, everything but 2xx is (starwiki 4271013923). A redirect is not
    followed. Retry-After lengthens the delay up to the upper limit; STAR's handling of it is not public (assumed).
    """
    match response:
        case Answered(status=status, retry_after=wanted):
            if 200 <= status < 300:
                return Delivered()
            reason, again = f"status {status}", 500 <= status < 600
        case NoAnswer(reason=reason):
            wanted, again = None, False
        case _:
            assert_never(response)
    if state is WsbMode.DESIGNED and not again:
        return GivenUp(reason)
    wait_time = max(delay_after(attempt), wanted or timedelta())
    return Postponed(min(wait_time, LONGEST_DELAY), reason)


def delay_after(attempt: int) -> timedelta:
    """Return the delay after `attempt` failed attempts: min(10800, 2^attempt - 1) seconds (starwiki 4149806919)."""
    return min(timedelta(seconds=2 ** min(attempt, _MAX_EXPONENT) - 1), LONGEST_DELAY)
