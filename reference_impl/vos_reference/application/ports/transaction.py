"""The port for the store: transactions over citizens, registrations and request ids.

Not here: implementations (`vos_reference.adapters`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from enum import Enum
from typing import Protocol

from vos_contracts.wire.base import Unavailable
from vos_reference.application.ports.events import EventTransaction
from vos_reference.application.ports.messages import MessageTransaction
from vos_reference.application.ports.runs import RunTransaction
from vos_reference.application.ports.webhooks import WebhookTransaction
from vos_reference.domain.batch_jobs import DueDates
from vos_reference.domain.person import Person


class CprLookup(Enum):
    """The reason why a CPR number has no citizen: an unknown number (1010), or a known one without a citizen (4404)."""

    UNKNOWN = "unknown"
    WITHOUT_CITIZEN = "without_citizen"


class StoreUnavailable(Unavailable):
    """The store cannot be reached now; nothing was changed, and the call can be retried."""


class AlreadyStored(ValueError):
    """The id or CPR number is already in the store; nothing was changed."""


class Transaction(EventTransaction, MessageTransaction, RunTransaction, WebhookTransaction, Protocol):
    """One transaction; an exception rolls it back.

    - A read in a transaction sees its own writes, and no uncommitted writes of another transaction.
    - The history is append-only, and is read in the order in which its rows were appended.
    """

    def savepoint(self) -> AbstractContextManager[None]:
        """Open a savepoint: an exception rolls back the block; after StoreUnavailable the whole transaction must roll back."""
        ...

    def after_commit(self, call: Callable[[], None]) -> None:
        """Register a call to make after the commit, before any other transaction writes; it is dropped on a rollback."""
        ...

    def remember_call(self, call_id: str, now: datetime, since: datetime) -> bool:
        """Store a request id with the instant `now`; return False, and change nothing, if it was stored at or after `since`."""
        ...

    def forget_call(self, call_id: str) -> None:
        """Delete a request id, so that a call that was refused can be repeated with it."""
        ...

    def find_person(self, cpr: str) -> Person | CprLookup:
        """Return the complete citizen with the CPR number, or the reason why there is none."""
        ...

    def registration_exists(self, registration_id: str) -> bool:
        """Return whether any citizen has a registration with the id, deleted or not."""
        ...

    def save(self, before: Person, after: Person, due_date: DueDates) -> None:
        """Store a changed citizen: `before` is the stored one, and the history of `after` only has more rows at the end.

        `due_date` replaces the citizen's due jobs. With another CPR number the pointer moves: the old number stays known,
        without a citizen.

        Raises:
            AlreadyStored: another citizen has the CPR number of `after`.
        """
        ...

    def create_person(self, person: Person, due_date: DueDates = ()) -> None:
        """Store a new citizen with its history and due jobs.

        Raises:
            AlreadyStored: the id or the CPR number is taken.
        """
        ...

    def people_after(self, person_id: str, count: int) -> Sequence[Person]:
        """List at most `count` citizens with an id after `person_id`, by id; "" starts at the first."""
        ...

    def latest_instant(self) -> datetime | None:
        """Return the latest instant in the store: of the clock, a run or a row of the history; None in an empty store."""
        ...

    def clock_reached(self, instant: datetime) -> None:
        """Store the instant that the clock was moved to, in place of the former one."""
        ...

    def add_known_cpr(self, cpr: str) -> None:
        """Store a known CPR number without a citizen.

        Raises:
            AlreadyStored: a citizen has the number.
        """
        ...

    def count_people(self) -> int:
        """Count the citizens."""
        ...

    def reset(self) -> None:
        """Delete all contents: citizens, registrations, request ids, queues, subscriptions and runs."""
        ...


class Store(Protocol):
    """The store; every method may raise StoreUnavailable."""

    def is_locked(self) -> bool:
        """Return whether another program holds the write lock, so that a write transaction would fail now."""
        ...

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Begin a write transaction that commits at the end of the `with` block."""
        ...

    def threaded_transaction(self, after: list[Callable[[], None]]) -> AbstractContextManager[Transaction]:
        """Begin a write transaction in any thread, one at a time; reads in the store's own thread continue meanwhile.

        The calls registered with `after_commit` are appended to `after`; the caller makes them in the store's own thread.
        """
        ...

    def reading(self) -> AbstractContextManager[Transaction]:
        """Begin a read transaction on one consistent snapshot; writing in it is a bug."""
        ...

    def maintain(self) -> None:
        """Do deferrable maintenance, in any thread; harmless on a closed store."""
        ...

    def close(self) -> None:
        """Close the store; calling it twice is harmless."""
        ...
