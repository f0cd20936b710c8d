"""What operations needs of the store: the outbox of events and what a broker has of it, and rows in the order they came to be.

A part of `ports.Transaction`; each docstring is the contract that every adapter's tests inherit. Numbers grow and are never
used twice, also not after `reset`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from vos_reference.domain.person import Person, Registration


@dataclass(frozen=True, slots=True)
class EventEnvelope:
    """One event to one business domain: its stored body, and when it was raised."""

    domain: str
    body: bytes
    queued: datetime


class EventTransaction(Protocol):
    """The outbox's and the numbered rows' part of one transaction."""

    def enqueue_events(self, envelopes: Sequence[EventEnvelope]) -> None:
        """Append events to the outbox."""
        ...

    def events_after(self, domain: str, nr: int, count: int) -> Sequence[tuple[int, bytes]]:
        """List the domain's next events after that number, oldest first, with their numbers."""
        ...

    def last_event(self) -> int:
        """Return the number of the newest event to any domain; 0 if there is none."""
        ...

    def broker_position(self, broker: str, domain: str) -> int:
        """Return the number of the last event to the domain that this broker has confirmed; 0 if there is none."""
        ...

    def move_broker_position(self, broker: str, domain: str, nr: int) -> None:
        """Note that the broker has confirmed the domain's events as far as that number; never back, and 0 after `reset`."""
        ...

    def rows_after(self, nr: int, count: int) -> Sequence[tuple[int, str, Registration]]:
        """List the next rows of all citizens' history after that number: number, citizen's id, row."""
        ...

    def citizens_after(self, nr: int, count: int) -> Sequence[tuple[int, Person]]:
        """List citizens whose newest change of number, birth, death or memberships came after that number, in its order.

        Each comes once, as of now, with these and nothing else.
        """
        ...

    def generation(self) -> str:
        """Name the contents: the same until `reset`, and never that of another store."""
        ...
