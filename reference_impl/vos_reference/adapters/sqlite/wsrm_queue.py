"""The SQL of the WSRM queue: messages, sequences, sub-queues and subscriptions."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from vos_contracts.model.identity import Organisation
from vos_reference.adapters.sqlite.codec import from_text, to_text
from vos_reference.application.ports import Envelope, Owner, WsrmSequence

_OWNER = "organisation_type = ? AND organisation_code = ? AND system = ?"
_SUB_QUEUE = (
    "SELECT name FROM sub_queue"
    " WHERE organisation_type = ?3 AND organisation_code = ?4 AND system = ?5 AND message_type = ?2"
)


class QueueSql:
    """The part of a transaction that the WSRM queue uses."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def subscribe(self, owner: Owner) -> None:
        """See `Transaction.subscribe`."""
        self._db.execute("INSERT OR IGNORE INTO subscription VALUES (?, ?, ?)", _key(owner))

    def subscribe_message(self, owner: Owner, message_type: str) -> None:
        """See `Transaction.subscribe_message`."""
        self._db.execute("INSERT OR IGNORE INTO message_subscription VALUES (?, ?, ?, ?)", (*_key(owner), message_type))

    def route_to_sub_queue(self, owner: Owner, message_type: str, sub_queue: str) -> None:
        """See `Transaction.route_to_sub_queue`."""
        self._db.execute(
            "INSERT OR REPLACE INTO sub_queue VALUES (?, ?, ?, ?, ?)", (*_key(owner), message_type, sub_queue)
        )

    def sub_queue_exists(self, owner: Owner, sub_queue: str) -> bool:
        """See `Transaction.sub_queue_exists`."""
        return any(
            self._db.execute(
                f"SELECT 1 FROM {table} WHERE {_OWNER} AND {name} = ? LIMIT 1", (*_key(owner), sub_queue)
            ).fetchone()
            is not None
            for table, name in (("sub_queue", "name"), ("message", "sub_queue"))
        )

    def subscribers(self, organisation: Organisation, message_type: str) -> Sequence[Owner]:
        """See `Transaction.subscribers`."""
        rows = self._db.execute(
            "SELECT system FROM message_subscription"
            " WHERE organisation_type = ? AND organisation_code = ? AND message_type = ? ORDER BY system",
            (organisation.type, organisation.code, message_type),
        )
        return [Owner(organisation, system) for (system,) in rows]

    def queue_owners(self, organisation: Organisation) -> Sequence[Owner]:
        """See `Transaction.queue_owners`."""
        rows = self._db.execute(
            "SELECT system FROM subscription WHERE organisation_type = ? AND organisation_code = ? ORDER BY system",
            (organisation.type, organisation.code),
        )
        return [Owner(organisation, system) for (system,) in rows]

    def take_over_queue(self, since: Owner, until: Owner) -> None:
        """See `Transaction.take_over_queue`."""
        for (sequence_id,) in self._db.execute(f"SELECT id FROM sequence WHERE {_OWNER}", _key(since)).fetchall():
            self.release(sequence_id)
        for table in ("message", "sub_queue"):
            self._db.execute(
                f"UPDATE {table} SET organisation_type = ?, organisation_code = ?, system = ? WHERE {_OWNER}",
                (*_key(until), *_key(since)),
            )

    def enqueue(self, envelopes: Sequence[Envelope]) -> None:
        """See `Transaction.enqueue`."""
        self._db.executemany(
            "INSERT INTO message (id, message_type, organisation_type, organisation_code, system, sub_queue, body, queued)"
            f" VALUES (?1, ?2, ?3, ?4, ?5, coalesce(({_SUB_QUEUE}), ''), ?6, ?7)",
            [
                (
                    envelope.id,
                    envelope.message_type,
                    *_key(envelope.owner),
                    envelope.body.decode(),
                    to_text(envelope.queued),
                )
                for envelope in envelopes
            ],
        )

    def has_waiting(self, owner: Owner, sub_queue: str) -> bool:
        """See `Transaction.has_waiting`."""
        row = self._db.execute(
            "SELECT 1 FROM message WHERE organisation_type = ? AND organisation_code = ? AND system = ? AND sub_queue = ?"
            " AND sequence_id IS NULL LIMIT 1",
            (*_key(owner), sub_queue),
        ).fetchone()
        return row is not None

    def open_sequence(self, owner: Owner, sub_queue: str) -> WsrmSequence | None:
        """See `Transaction.open_sequence`."""
        row = self._db.execute(
            "SELECT id, opened FROM sequence"
            " WHERE organisation_type = ? AND organisation_code = ? AND system = ? AND sub_queue = ?",
            (*_key(owner), sub_queue),
        ).fetchone()
        return WsrmSequence(row[0], owner, sub_queue, from_text(row[1])) if row else None

    def find_sequence(self, sequence_id: str) -> WsrmSequence | None:
        """See `Transaction.find_sequence`."""
        row = self._db.execute(
            "SELECT organisation_type, organisation_code, system, sub_queue, opened FROM sequence WHERE id = ?",
            (sequence_id,),
        ).fetchone()
        if row is None:
            return None
        otype, code, system, sub_queue, opened = row
        return WsrmSequence(sequence_id, Owner(Organisation(otype, code), system), sub_queue, from_text(opened))

    def create_sequence(self, sequence: WsrmSequence, at_most: int) -> None:
        """See `Transaction.create_sequence`."""
        self._db.execute(
            "INSERT INTO sequence VALUES (?, ?, ?, ?, ?, ?)",
            (sequence.id, *_key(sequence.owner), sequence.sub_queue, to_text(sequence.opened)),
        )
        self._db.execute(
            "UPDATE message SET sequence_id = ? WHERE number IN (SELECT number FROM message"
            " WHERE organisation_type = ? AND organisation_code = ? AND system = ? AND sub_queue = ?"
            " AND sequence_id IS NULL ORDER BY number LIMIT ?)",
            (sequence.id, *_key(sequence.owner), sequence.sub_queue, at_most),
        )

    def inventory(self, sequence_id: str) -> Sequence[tuple[str, int]]:
        """See `Transaction.inventory`."""
        return self._db.execute(
            "SELECT message_type, count(*) FROM message WHERE sequence_id = ? GROUP BY message_type ORDER BY min(number)",
            (sequence_id,),
        ).fetchall()

    def messages(self, sequence_id: str, message_type: str) -> Sequence[Envelope]:
        """See `Transaction.messages`."""
        rows = self._db.execute(
            "SELECT id, organisation_type, organisation_code, system, body, queued FROM message"
            " WHERE sequence_id = ? AND message_type = ? ORDER BY number",
            (sequence_id, message_type),
        )
        return [
            Envelope(
                id_,
                message_type,
                Owner(Organisation(otype, code), system),
                body.encode(),
                from_text(queued),
            )
            for id_, otype, code, system, body, queued in rows
        ]

    def release(self, sequence_id: str) -> None:
        """See `Transaction.release`."""
        self._db.execute("UPDATE message SET sequence_id = NULL WHERE sequence_id = ?", (sequence_id,))
        self._db.execute("DELETE FROM sequence WHERE id = ?", (sequence_id,))

    def delete_sequence(self, sequence_id: str) -> int:
        """See `Transaction.delete_sequence`."""
        count = self._db.execute("DELETE FROM message WHERE sequence_id = ?", (sequence_id,)).rowcount
        self._db.execute("DELETE FROM sequence WHERE id = ?", (sequence_id,))
        return count

    def oldest_sequence(self) -> datetime | None:
        """See `Transaction.oldest_sequence`."""
        opened: str | None = self._db.execute("SELECT min(opened) FROM sequence").fetchone()[0]
        return from_text(opened)

    def release_opened_before(self, instant: datetime) -> int:
        """See `Transaction.release_opened_before`."""
        expired = self._db.execute("SELECT id FROM sequence WHERE opened < ?", (to_text(instant),)).fetchall()
        for (sequence_id,) in expired:
            self.release(sequence_id)
        return len(expired)


def _key(owner: Owner) -> tuple[int, str, int]:
    return owner.organisation.type, owner.organisation.code, owner.system
