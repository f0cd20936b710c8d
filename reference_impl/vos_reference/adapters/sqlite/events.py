"""The SQL behind relay and extracts: outbox of domain events, rows by number, changed citizens, generation of the contents."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from vos_contracts.model.identity import Organisation
from vos_reference.adapters.sqlite import citizens
from vos_reference.adapters.sqlite.codec import day_from_text, to_text
from vos_reference.application.ports import EventEnvelope
from vos_reference.domain.person import Membership, Person, Registration

_ROWS = (
    "SELECT person_id, id, kind, type, event, start_time, end_time, is_deleted, registered, registrant, number"
    " FROM registration WHERE number > ? ORDER BY number LIMIT ?"
)


class EventSql:
    """The part of a transaction that relay and extracts use."""

    _db: sqlite3.Connection

    def enqueue_events(self, envelopes: Sequence[EventEnvelope]) -> None:
        """See `EventTransaction.enqueue_events`."""
        self._db.executemany(
            "INSERT INTO domain_event (domain, body, queued) VALUES (?, ?, ?)",
            [(envelope.domain, envelope.body.decode(), to_text(envelope.queued)) for envelope in envelopes],
        )

    def events_after(self, domain: str, nr: int, count: int) -> Sequence[tuple[int, bytes]]:
        """See `EventTransaction.events_after`."""
        rows = self._db.execute(
            "SELECT number, body FROM domain_event WHERE domain = ? AND number > ? ORDER BY number LIMIT ?",
            (domain, nr, count),
        )
        return [(number, body.encode()) for number, body in rows]

    def last_event(self) -> int:
        """See `EventTransaction.last_event`."""
        return int(self._db.execute("SELECT coalesce(max(number), 0) FROM domain_event").fetchone()[0])

    def broker_position(self, broker: str, domain: str) -> int:
        """See `EventTransaction.broker_position`."""
        found = self._db.execute(
            "SELECT number FROM broker_position WHERE broker = ? AND domain = ?", (broker, domain)
        ).fetchone()
        return int(found[0]) if found else 0

    def move_broker_position(self, broker: str, domain: str, nr: int) -> None:
        """See `EventTransaction.move_broker_position`."""
        self._db.execute(
            "INSERT INTO broker_position VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET number = max(number, excluded.number)",
            (broker, domain, nr),
        )

    def rows_after(self, nr: int, count: int) -> Sequence[tuple[int, str, Registration]]:
        """See `EventTransaction.rows_after`."""
        return [
            (number, columns[0], citizens.registration((*columns,)))
            for *columns, number in self._db.execute(_ROWS, (nr, count))
        ]

    def citizens_after(self, nr: int, count: int) -> Sequence[tuple[int, Person]]:
        """See `EventTransaction.citizens_after`."""
        rows = self._db.execute(
            "SELECT number, id, cpr, born, dead FROM citizen_change JOIN person ON person.id = person_id"
            " WHERE number > ? ORDER BY number LIMIT ?",
            (nr, count),
        ).fetchall()
        return [
            (
                number,
                Person(
                    id=id_,
                    cpr=cpr,
                    born=day_from_text(born),
                    dead=day_from_text(dead),
                    memberships=self._memberships(id_),
                ),
            )
            for number, id_, cpr, born, dead in rows
        ]

    def generation(self) -> str:
        """See `EventTransaction.generation`."""
        return str(self._db.execute("SELECT id FROM generation").fetchone()[0])

    def _memberships(self, person_id: str) -> tuple[Membership, ...]:
        rows = self._db.execute(
            "SELECT type, code, since, until FROM relation WHERE person_id = ? AND kind = 'membership' ORDER BY number",
            (person_id,),
        )
        return tuple(
            Membership(Organisation(type_, code), day_from_text(since), day_from_text(until))
            for type_, code, since, until in rows
        )

    def _citizen_is_changed(self, person_id: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO citizen_change (person_id) VALUES (?)", (person_id,))

    def _new_generation(self) -> None:
        self._db.execute("UPDATE generation SET id = lower(hex(randomblob(8)))")
