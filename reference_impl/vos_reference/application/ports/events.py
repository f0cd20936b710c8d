"""The store's outbox of events with each broker's position, and its numbered rows for extracts.

A part of `ports.Transaction`. Numbers increase and are never reused, not even after `reset`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from vos_reference.domain.person import Person, Registration


@dataclass(frozen=True, slots=True)
class EventEnvelope:
    """One event for one business domain; `queued` is the instant of the change."""

    domain: str
    body: bytes
    queued: datetime


class EventTransaction(Protocol):
    """The part of a transaction for the outbox and the numbered rows."""

    def enqueue_events(self, envelopes: Sequence[EventEnvelope]) -> None:
        """Append events to the outbox."""
        ...

    def events_after(self, domain: str, nr: int, count: int) -> Sequence[tuple[int, bytes]]:
        """List at most `count` events of the domain after the number `nr`, oldest first, as (number, body)."""
        ...

    def last_event(self) -> int:
        """Return the number of the newest event for any domain; 0 if there is none."""
        ...

    def broker_position(self, broker: str, domain: str) -> int:
        """Return the number of the domain's last event that this broker has confirmed; 0 if there is none."""
        ...

    def move_broker_position(self, broker: str, domain: str, nr: int) -> None:
        """Store that the broker has confirmed the domain's events up to `nr`; it never moves back, and is 0 after `reset`."""
        ...

    def rows_after(self, nr: int, count: int) -> Sequence[tuple[int, str, Registration]]:
        """List at most `count` rows of all citizens' history after the number `nr`, as (number, citizen's id, row)."""
        ...

    def citizens_after(self, nr: int, count: int) -> Sequence[tuple[int, Person]]:
        """List at most `count` citizens whose master data last changed after the number `nr`, in order, as (number, person).

        Each citizen occurs once, as of now, with its master data only: CPR number, birth, death and memberships.
        """
        ...

    def generation(self) -> str:
        """Return the id of the store's contents; it changes on `reset` and differs between stores."""
        ...
