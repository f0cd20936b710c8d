"""One SQLite transaction: citizens, due dates, request ids.

The other parts: the rows of a citizen in `citizens`, the WSRM queue in `queue`, webservice messages in `webhooks`, outbox and
extracts in `events`, runs of the nightly jobs in `runs`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from operator import attrgetter
from types import TracebackType

from vos_reference.adapters.sqlite import citizens, runs
from vos_reference.adapters.sqlite.codec import day_to_text, to_text
from vos_reference.adapters.sqlite.events import EventSql
from vos_reference.adapters.sqlite.webhooks import WsbSql
from vos_reference.adapters.sqlite.wsrm_queue import QueueSql
from vos_reference.application.ports import AlreadyStored, BatchRun, CprLookup, StoreUnavailable
from vos_reference.domain.batch_jobs import DueDates, Job
from vos_reference.domain.person import Person

_relations = attrgetter(
    "memberships",
    "guests",
    "tilmelding",
    "former_tilmeldinger",
    "fravaer",
    "fleksjob",
    "aktivitetstillaeg",
    "helbredsbegraensninger",
)
_TABLES = (
    "wsb",
    "wsb_subscription",
    "wsb_system",
    "domain_event",
    "broker_position",
    "citizen_change",
    "message",
    "sequence",
    "subscription",
    "message_subscription",
    "sub_queue",
    "run",
    "clock",
    "call",
    "registration",
    "due_date",
    "illness",
    "relation",
    "cpr",
    "person",
)


class SqliteTransaction(QueueSql, EventSql, WsbSql):
    """Reads and writes of one open transaction; `after` has the callbacks to run after its commit."""

    def __init__(self, db: sqlite3.Connection) -> None:
        super().__init__(db)
        self.after: list[Callable[[], None]] = []

    def after_commit(self, call: Callable[[], None]) -> None:
        """See `Transaction.after_commit`."""
        self.after.append(call)

    def savepoint(self) -> AbstractContextManager[None]:
        """See `Transaction.savepoint`."""
        return _Savepoint(self._db, self.after)

    def remember_call(self, call_id: str, now: datetime, since: datetime) -> bool:
        """See `Transaction.remember_call`."""
        return (
            self._db.execute(
                "INSERT INTO call VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET received = excluded.received"
                " WHERE call.received < ?",
                (call_id, to_text(now), to_text(since)),
            ).rowcount
            > 0
        )

    def forget_call(self, call_id: str) -> None:
        """See `Transaction.forget_call`."""
        self._db.execute("DELETE FROM call WHERE id = ?", (call_id,))

    def find_person(self, cpr: str) -> Person | CprLookup:
        """See `Transaction.find_person`."""
        found = citizens.from_cpr(self._db, cpr)
        if isinstance(found, Person):
            return found
        return CprLookup.UNKNOWN if found is None else CprLookup.WITHOUT_CITIZEN

    def people_after(self, person_id: str, count: int) -> Sequence[Person]:
        """See `Transaction.people_after`."""
        return list(citizens.after(self._db, person_id, count))

    def due(self, job: Job, day: date, count: int) -> Sequence[Person]:
        """See `Transaction.due`."""
        numbers = self._db.execute(
            "SELECT person.cpr FROM due_date JOIN person ON person.id = due_date.person_id"
            " WHERE job = ? AND day <= ? ORDER BY day, person_id LIMIT ?",
            (job.value, day_to_text(day), count),
        ).fetchall()
        found = (citizens.from_cpr(self._db, cpr) for (cpr,) in numbers)
        return [person for person in found if isinstance(person, Person)]

    def count_due(self, job: Job, day: date) -> int:
        """See `Transaction.count_due`."""
        return int(
            self._db.execute(
                "SELECT count(*) FROM due_date WHERE job = ? AND day <= ?", (job.value, day_to_text(day))
            ).fetchone()[0]
        )

    def save_run(self, run: BatchRun) -> None:
        """See `Transaction.save_run`."""
        runs.save(self._db, run)

    def latest_run(self) -> BatchRun | None:
        """See `Transaction.latest_run`."""
        return runs.latest(self._db)

    def latest_night(self) -> date | None:
        """See `Transaction.latest_night`."""
        return runs.latest_night(self._db)

    def latest_instant(self) -> datetime | None:
        """See `Transaction.latest_instant`."""
        return runs.latest_instant(self._db)

    def clock_reached(self, instant: datetime) -> None:
        """See `Transaction.clock_reached`."""
        self._db.execute("INSERT OR REPLACE INTO clock VALUES (1, ?)", (to_text(instant),))

    def registration_exists(self, registration_id: str) -> bool:
        """See `Transaction.registration_exists`."""
        return self._db.execute("SELECT 1 FROM registration WHERE id = ?", (registration_id,)).fetchone() is not None

    def save(self, before: Person, after: Person, due_date: DueDates) -> None:
        """See `Transaction.save`."""
        if after.cpr != before.cpr:
            self._move_pointer(before, after)
        if before.master_data != after.master_data:
            self._citizen_is_changed(after.id)
        if _relations(before) != _relations(after):
            citizens.write_relations(self._db, after)
        if before.illness != after.illness:
            citizens.write_illness(self._db, after)
        citizens.add(self._db, after.id, after.history[len(before.history) :])
        self._write_due_date(after.id, due_date)

    def create_person(self, person: Person, due_date: DueDates = ()) -> None:
        """See `Transaction.create_person`."""
        try:
            self._db.execute(
                "INSERT INTO person VALUES (?, ?, ?, ?)",
                (person.id, person.cpr, day_to_text(person.born), day_to_text(person.dead)),
            )
            self._db.execute("INSERT INTO cpr VALUES (?, ?)", (person.cpr, person.id))
        except sqlite3.IntegrityError as exc:
            raise AlreadyStored("personen findes allerede") from exc
        self._citizen_is_changed(person.id)
        citizens.write_relations(self._db, person)
        if person.illness is not None:
            citizens.write_illness(self._db, person)
        citizens.add(self._db, person.id, person.history)
        self._write_due_date(person.id, due_date)

    def add_known_cpr(self, cpr: str) -> None:
        """See `Transaction.add_known_cpr`."""
        self._db.execute("INSERT OR IGNORE INTO cpr VALUES (?, NULL)", (cpr,))
        (person_id,) = self._db.execute("SELECT person_id FROM cpr WHERE cpr = ?", (cpr,)).fetchone()
        if person_id is not None:
            raise AlreadyStored("cpr-nummeret har en borger")

    def count_people(self) -> int:
        """See `Transaction.count_people`."""
        return int(self._db.execute("SELECT count(*) FROM person").fetchone()[0])

    def reset(self) -> None:
        """See `Transaction.reset`."""
        for table in _TABLES:
            self._db.execute(f"DELETE FROM {table}")
        self._new_generation()

    def _move_pointer(self, before: Person, after: Person) -> None:
        self.add_known_cpr(after.cpr)
        self._db.execute("UPDATE cpr SET person_id = NULL WHERE cpr = ?", (before.cpr,))
        self._db.execute("UPDATE cpr SET person_id = ? WHERE cpr = ?", (after.id, after.cpr))
        self._db.execute(
            "UPDATE person SET cpr = ?, born = ? WHERE id = ?", (after.cpr, day_to_text(after.born), after.id)
        )

    def _write_due_date(self, person_id: str, due_date: DueDates) -> None:
        rows = [(person_id, job.value, day_to_text(day)) for job, day in due_date]
        if self._db.execute("SELECT * FROM due_date WHERE person_id = ?", (person_id,)).fetchall() == sorted(rows):
            return  # most changes leave the due dates unchanged
        self._db.execute("DELETE FROM due_date WHERE person_id = ?", (person_id,))
        self._db.executemany("INSERT INTO due_date VALUES (?, ?, ?)", rows)


class _Savepoint:
    """A savepoint.

    An `OperationalError` (for example a full disk) may have rolled back the whole transaction, so it is reported as
    `StoreUnavailable` and the savepoint is not used again.
    """

    __slots__ = ("_after", "_before", "_db")

    def __init__(self, db: sqlite3.Connection, after: list[Callable[[], None]]) -> None:
        self._db = db
        self._after = after
        self._before = len(after)

    def __enter__(self) -> None:
        self._db.execute("SAVEPOINT inner")

    def __exit__(
        self, type_: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, sqlite3.OperationalError) or not self._db.in_transaction:
            raise StoreUnavailable(str(error)) from error
        if error is not None:
            self._db.execute("ROLLBACK TO inner")
            del self._after[self._before :]
        self._db.execute("RELEASE inner")
