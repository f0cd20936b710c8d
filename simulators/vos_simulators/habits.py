"""Named habits of those who receive: how a business domain takes events in, and how a webhook answers messages.

Each habit keeps a count of its own. Not here: what goes wrong because of it - that is for the scenarios to see.
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
"""Called with the events that arrived, in order; returns what is taken in."""


def takes_everything() -> EventHabit[T]:
    """Take in everything, in order."""
    return lambda arrived: arrived


def loses_every_second() -> EventHabit[T]:
    """Lose the second, the fourth ... of all that arrives."""
    seen = 0

    def take(arrived: Sequence[T]) -> Sequence[T]:
        nonlocal seen
        kept = [event for number, event in enumerate(arrived, seen) if number % 2 == 0]
        seen += len(arrived)
        return kept

    return take


def applies_out_of_order() -> EventHabit[T]:
    """Take in what arrives together in the opposite order."""
    return lambda arrived: arrived[::-1]


def stops_listening() -> EventHabit[T]:
    """Take in nothing more."""
    return lambda arrived: ()


def hears_everything_twice() -> EventHabit[T]:
    """Take in everything twice, as after a delivery whose receipt was lost; a receiver must bear that."""
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
"""The names of those habits by what scenarios call them; taking everything in has no name there."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """How a webhook reacts to one message: an HTTP answer, after `delay` seconds; `taken` where the message was taken in."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    taken: bool = True
    delay: float = 0.0
    cut_short: threading.Event = field(default_factory=threading.Event)

    def wait(self) -> None:
        """Wait as a slow receiver does, or until `cut_short` is set."""
        if self.delay:
            self.cut_short.wait(self.delay)


@dataclass(frozen=True, slots=True)
class Hangup(Reaction):
    """Close the connection without an answer, by a TCP reset if `reset`."""

    reset: bool = False


@dataclass(frozen=True, slots=True)
class Garbage(Reaction):
    """Answer with bytes that are no HTTP."""

    bytes: bytes = b"\x00\xff det er ikke HTTP \r\n\r\n"


WebhookHabit = Callable[[WsbMessage | None, int], Reaction]
"""Called with the message, None for one that could not be read, and the number of calls before it."""

ALWAYS = 1_000_000


def takes_in() -> WebhookHabit:
    """Take in everything; what cannot be read is answered with 400."""
    return lambda message, number: Reaction(200) if message is not None else Reaction(400, taken=False)


def _at_first(times: int, reaction: Reaction) -> WebhookHabit:
    """React so to each message that many times, then take it in."""
    seen: Counter[str] = Counter()

    def react(message: WsbMessage | None, number: int) -> Reaction:
        if message is None:
            return Reaction(400, taken=False)
        seen[message.message_id] += 1
        return reaction if seen[message.message_id] <= times else Reaction(200)

    return react


def answers(status: int, times: int = ALWAYS) -> WebhookHabit:
    """Answer with that status, the first times or always, and take nothing in."""
    return _at_first(times, Reaction(status, taken=False))


def resets(times: int = 1) -> WebhookHabit:
    """Take the message in and reset the connection without an answer, the first times."""
    return _at_first(times, Hangup(reset=True))


def answers_nothing(times: int = 1) -> WebhookHabit:
    """Take the message in and close the connection without an answer, the first times."""
    return _at_first(times, Hangup())


def answers_garbage(times: int = 1) -> WebhookHabit:
    """Take the message in and answer with what is no HTTP, the first times."""
    return _at_first(times, Garbage())


def is_slow(delay: float, times: int = ALWAYS) -> WebhookHabit:
    """Take the message in and answer after `delay` seconds."""
    return _at_first(times, Reaction(200, delay=delay))


def redirects(location: str, times: int = ALWAYS) -> WebhookHabit:
    """Answer 307 with that location and take nothing in."""
    return _at_first(times, Reaction(307, (("location", location),), taken=False))


def asks_to_wait(seconds: int, times: int = 1) -> WebhookHabit:
    """Answer 503 with Retry-After and take nothing in, the first times."""
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
"""The names of those habits by what scenarios call them."""
