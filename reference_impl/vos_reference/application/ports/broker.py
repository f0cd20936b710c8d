"""The broker that carries events to the business domains: a port, whose docstrings are the contract of every adapter.

Each domain has a queue of its own on the broker, there before the first event. Not here: which events there are and how far
they have come (`application.relay`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class EventLetter:
    """One event on its way to one domain: its number in the outbox, the event's id, its routing key and its stored body."""

    domain: str
    nr: int
    id: str
    topic: str
    body: bytes


class BrokerWake(Exception):
    """The broker did not take the batch, though it may have some of it; the text says why and holds no password."""


class Broker(Protocol):
    """A broker that can be published to, by one publisher at a time."""

    @property
    def name(self) -> str:
        """Name the broker, the same from run to run: positions in the outbox are kept under it."""
        ...

    async def publish(self, letters: Sequence[EventLetter]) -> None:
        """Put each event in its domain's queue and nobody else's, in the order given; return when the broker has confirmed all.

        A confirmed event is redelivered until its domain has acknowledged it. An empty batch asks whether the broker is
        there. After an error the next call begins anew, and the caller sends the whole batch again: at least once, under the
        same id. A domain is given no event before it was given all earlier ones, also when the broker refuses one in the midst
        of a batch. Waits for the broker no longer at a time than the adapter's own limit. Errors: BrokerWake.
        """
        ...

    async def close(self) -> None:
        """Let go of the broker; what was confirmed stays there."""
        ...
