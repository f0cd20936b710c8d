"""The port for the broker that carries events to the business domains.

Each domain has its own queue on the broker, created before the first event. Not here: the outbox and the broker's position
in it (`application.relay`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class OutboxEvent:
    """One event for one domain: `nr` is its number in the outbox, `id` the event's id, `topic` its routing key."""

    domain: str
    nr: int
    id: str
    topic: str
    body: bytes


class BrokerUnavailable(Exception):
    """The broker did not confirm the batch, but may have received part of it; the text contains no password."""


class Broker(Protocol):
    """A broker with one publisher at a time."""

    @property
    def name(self) -> str:
        """The broker's name, the key of its position in the outbox; the same after a restart."""
        ...

    async def publish(self, letters: Sequence[OutboxEvent]) -> None:
        """Put each event in the queue of its domain only, in the order given; return when the broker has confirmed all.

        - A confirmed event is redelivered until its domain has acknowledged it.
        - An empty batch checks that the broker is reachable.
        - After an error the caller sends the whole batch again, with the same event ids: at-least-once delivery.
        - A domain receives no event before all earlier ones, also where the broker refuses one within a batch.

        Raises:
            BrokerUnavailable: the broker did not confirm within the adapter's time limit, or refused.
        """
        ...

    async def close(self) -> None:
        """Close the connection; confirmed events stay on the broker."""
        ...
