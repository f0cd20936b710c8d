"""Named behaviours of simulated receivers: how a business domain applies events, and how a webhook answers messages.

A factory returns a new habit with its own counters.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from vos_contracts.wire.messages.webhook import WsbMessage

T = TypeVar("T")

EventHabit = Callable[[Sequence[T]], Sequence[T]]
"""Called with the events of one batch, in order; returns the events that are applied."""


def takes_everything() -> EventHabit[T]:
    """Apply every event, in order."""
    return lambda arrived: arrived


def loses_every_second() -> EventHabit[T]:
    """Lose every second event, counted over all batches."""
    seen = 0

    def take(arrived: Sequence[T]) -> Sequence[T]:
        nonlocal seen
        kept = [event for number, event in enumerate(arrived, seen) if number % 2 == 0]
        seen += len(arrived)
        return kept

    return take


def applies_out_of_order() -> EventHabit[T]:
    """Apply each batch in reverse order."""
    return lambda arrived: arrived[::-1]


def stops_listening() -> EventHabit[T]:
    """Apply no further event."""
    return lambda arrived: ()


def hears_everything_twice() -> EventHabit[T]:
    """Apply every event twice, as after a lost acknowledgement; at-least-once delivery requires idempotence."""
    return lambda arrived: [event for new in arrived for event in (new, new)]


EVENT_HABITS: Mapping[str, Callable[[], EventHabit[object]]] = {
    "loses_every_second": loses_every_second,
    "applies_out_of_order": applies_out_of_order,
    "stops_listening": stops_listening,
    "hears_everything_twice": hears_everything_twice,
}
"""The habits of a business domain, by name."""
EVENT_HABITS_IN_DANISH: Mapping[str, str] = {
    "holder op med at lytte": "stops_listening",
    "begynder at tabe hver anden hændelse": "loses_every_second",
    "begynder at tage hændelserne i forkert rækkefølge": "applies_out_of_order",
    "begynder at høre hver hændelse to gange": "hears_everything_twice",
}
"""Habit names by their Danish phrases in the scenarios; `takes_everything` has none."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """A webhook's reaction to one message: an HTTP answer after `delay` seconds; `taken` if the message counts as received."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    taken: bool = True
    delay: float = 0.0
    cut_short: threading.Event = field(default_factory=threading.Event)

    def wait(self) -> None:
        """Wait `delay` seconds, or until `cut_short` is set."""
        if self.delay:
            self.cut_short.wait(self.delay)


@dataclass(frozen=True, slots=True)
class Hangup(Reaction):
    """Close the connection without an answer; with a TCP reset if `reset`."""

    reset: bool = False


@dataclass(frozen=True, slots=True)
class Garbage(Reaction):
    """Answer with bytes that are not HTTP."""

    bytes: bytes = b"\x00\xff det er ikke HTTP \r\n\r\n"


WebhookHabit = Callable[[WsbMessage | None, int], Reaction]
"""Called with the message (None if unreadable) and the number of earlier calls."""

ALWAYS = 1_000_000


def takes_in() -> WebhookHabit:
    """Accept every message; answer an unreadable one with 400."""
    return lambda message, number: Reaction(200) if message is not None else Reaction(400, taken=False)


def _at_first(times: int, reaction: Reaction) -> WebhookHabit:
    """Give that reaction to the first `times` attempts of each message, then accept it."""
    seen: Counter[str] = Counter()

    def react(message: WsbMessage | None, number: int) -> Reaction:
        if message is None:
            return Reaction(400, taken=False)
        seen[message.message_id] += 1
        return reaction if seen[message.message_id] <= times else Reaction(200)

    return react


def answers(status: int, times: int = ALWAYS) -> WebhookHabit:
    """Answer the first `times` attempts of each message with that status, without accepting it."""
    return _at_first(times, Reaction(status, taken=False))


def resets(times: int = 1) -> WebhookHabit:
    """Accept the message, but reset the connection instead of answering, for the first `times` attempts."""
    return _at_first(times, Hangup(reset=True))


def answers_nothing(times: int = 1) -> WebhookHabit:
    """Accept the message, but close the connection without an answer, for the first `times` attempts."""
    return _at_first(times, Hangup())


def answers_garbage(times: int = 1) -> WebhookHabit:
    """Accept the message, but answer with bytes that are not HTTP, for the first `times` attempts."""
    return _at_first(times, Garbage())


def is_slow(delay: float, times: int = ALWAYS) -> WebhookHabit:
    """Accept the message and answer after `delay` seconds."""
    return _at_first(times, Reaction(200, delay=delay))


def redirects(location: str, times: int = ALWAYS) -> WebhookHabit:
    """Answer 307 with that location, without accepting the message."""
    return _at_first(times, Reaction(307, (("location", location),), taken=False))


def asks_to_wait(seconds: int, times: int = 1) -> WebhookHabit:
    """Answer the first `times` attempts with 503 and Retry-After, without accepting the message."""
    return _at_first(times, Reaction(503, (("retry-after", str(seconds)),), taken=False))


WEBHOOK_HABITS: Mapping[str, Callable[[], WebhookHabit]] = {
    "takes_in": takes_in,
    "answers_500_twice": lambda: answers(500, 2),
    "answers_500_four_times": lambda: answers(500, 4),
    "answers_404_twice": lambda: answers(404, 2),
    "answers_300_twice": lambda: answers(300, 2),
    "resets": resets,
    "answers_nothing": answers_nothing,
    "answers_garbage": answers_garbage,
    "asks_for_two_minutes": lambda: asks_to_wait(120),
    "redirects_twice": lambda: redirects("http://127.0.0.1:9/andetsteds", 2),
}
"""The habits of a webhook, by name."""
WEBHOOK_HABITS_IN_DANISH: Mapping[str, str] = {
    "tager imod": "takes_in",
    "svarer 500 to gange": "answers_500_twice",
    "svarer 500 fire gange": "answers_500_four_times",
    "svarer 404 to gange": "answers_404_twice",
    "svarer 300 to gange": "answers_300_twice",
    "nulstiller forbindelsen": "resets",
    "svarer intet": "answers_nothing",
    "svarer vrøvl": "answers_garbage",
    "beder om to minutter": "asks_for_two_minutes",
    "omdirigerer to gange": "redirects_twice",
}
"""Habit names by their Danish phrases in the scenarios."""
