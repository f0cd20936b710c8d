"""The store as the application needs it: citizens, registrations and request ids in transactions.

Not here: any implementation (`vos_reference.adapters`).
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
from vos_reference.domain.batch_jobs import DueDate
from vos_reference.domain.person import Person


class CprLookup(Enum):
    """Why a CPR number gave no citizen: never seen (1010), or seen but without a citizen (4404)."""

    UNKNOWN = "unknown"
    WITHOUT_CITIZEN = "uden borger"


class StoreUnavailable(Unavailable):
    """The store cannot be reached now; nothing was changed and the call may be tried again."""


class StoreRecorded(ValueError):
    """Something with that identity is already in the store; nothing was changed."""


class Transaction(EventTransaction, MessageTransaction, RunTransaction, WebhookTransaction, Protocol):
    """All that happens between begin and commit; on an exception nothing of it has happened.

    - A reader in a transaction sees its own writes, and no other transaction's unfinished ones.
    - Registrations are appended and never altered; they come back in the order in which they were appended.
    """

    def for_self(self) -> AbstractContextManager[None]:
        """Begin a part: on an exception nothing of it has happened; after StoreUnavailable nothing of the whole may stand."""
        ...

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call this when it has all been committed, before anybody else writes; not at all if it is not."""
        ...

    def remember_call(self, call_id: str, now: datetime, since: datetime) -> bool:
        """Remember a request id; False, and nothing changed, if it was remembered at or after `since`."""
        ...

    def find_person(self, cpr: str) -> Person | CprLookup:
        """Find a citizen with everything a rule may ask for."""
        ...

    def registration_exists(self, registration_id: str) -> bool:
        """Say whether any citizen has a registration with that id, deleted or not."""
        ...

    def save(self, before: Person, after: Person, due_date: DueDate) -> None:
        """Store what a decision changed: `after` differs from the stored `before`, its history only by rows at the end.

        With another CPR number the pointer moves: the old number is known and has no citizen.

        `due_date` replaces what falls due for the citizen. Raise StoreRecorded if `after` has a CPR number of somebody else's.
        """
        ...

    def create_person(self, person: Person, due_date: DueDate = ()) -> None:
        """Store a new citizen whole; raise StoreRecorded if the id or the CPR number is taken."""
        ...

    def people_after(self, person_id: str, count: int) -> Sequence[Person]:
        """List the next citizens whose id comes after that one, in the order of ids; "" begins."""
        ...

    def latest_instant(self) -> datetime | None:
        """Return the latest instant of the clock, a run or the newest row of the history; None in an empty store."""
        ...

    def clock_reached(self, instant: datetime) -> None:
        """Remember where the clock was moved to, in place of where it stood before."""
        ...

    def know_cpr(self, cpr: str) -> None:
        """Know a CPR number that has no citizen; raise StoreRecorded if it has one."""
        ...

    def count_people(self) -> int:
        """Count citizens."""
        ...

    def reset(self) -> None:
        """Forget everything: citizens, registrations, request ids, queues."""
        ...


class Store(Protocol):
    """The store: transactions, and knowing whether it can be reached."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Begin a transaction that commits at the end of the block; raise StoreUnavailable if it cannot."""
        ...

    def write_beside(self, after: list[Callable[[], None]]) -> AbstractContextManager[Transaction]:
        """Begin as `transaction` does, in any thread, one at a time; reads in the store's own thread go on meanwhile.

        What is to follow the commit is put into `after`, for the caller to call in the store's own thread.
        """
        ...

    def reading(self) -> AbstractContextManager[Transaction]:
        """Begin a read of one consistent state; writing in it is a bug."""
        ...

    def maintain(self) -> None:
        """Do upkeep that can wait, in any thread, also when closed; raise StoreUnavailable if it cannot be done now."""
        ...

    def close(self) -> None:
        """Close the store; calling it twice is harmless."""
        ...
