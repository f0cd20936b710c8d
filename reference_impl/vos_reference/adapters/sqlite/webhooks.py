"""The SQL of webservice messages: subscriber systems, subscriptions, and the lines of waiting messages.

A line holds the messages to one recipient about one citizen. Only the oldest waiting message of a line has `next_attempt`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from vos_contracts.model.identity import Organisation
from vos_reference.adapters.sqlite.codec import day_from_text, day_to_text, from_text, to_text
from vos_reference.application.ports import (
    DeadLetter,
    Dispatch,
    RecipientState,
    SubscriberSystem,
    Subscription,
    WebhookRecipient,
    WsbEnvelope,
    address,
)

_encode = msgspec.json.Encoder().encode
_decode_organisations = msgspec.json.Decoder(tuple[Organisation, ...]).decode
_SUBSCRIPTION = (
    "SELECT system_id, organisation_type, organisation_code, entity_id, webhook, since, until FROM wsb_subscription"
)
_RECIPIENT = "system_id = ? AND organisation_type = ? AND organisation_code = ?"
_LINE = f"{_RECIPIENT} AND citizen_id = ? AND dead = 0"
_MESSAGE = (
    "wsb.id, wsb.system_id, wsb.organisation_type, wsb.organisation_code, wsb.entity_id, citizen_id, body, queued,"
    " attempt"
)
_DUE = (
    f"SELECT {_MESSAGE}, wsb.number, base_url, webhook FROM wsb JOIN wsb_system ON wsb_system.id = wsb.system_id"
    " JOIN wsb_subscription ab ON ab.system_id = wsb.system_id AND ab.organisation_type = wsb.organisation_type"
    " AND ab.organisation_code = wsb.organisation_code AND ab.entity_id = wsb.entity_id"
    " WHERE wsb.system_id = ? AND wsb.organisation_type = ? AND wsb.organisation_code = ? AND next_attempt <= ?"
    " ORDER BY next_attempt, wsb.number LIMIT ?"
)
_STATES = (
    "SELECT system_id, organisation_type, organisation_code, sum(waiting), sum(dead), min(next_attempt) FROM ("
    "SELECT system_id, organisation_type, organisation_code, dead = 0 AS waiting, dead = 1 AS dead, next_attempt FROM wsb"
    " UNION ALL SELECT system_id, organisation_type, organisation_code, 0, 0, NULL FROM wsb_subscription)"
    " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
)


class WsbSql:
    """The part of a transaction that webservice messages use."""

    _db: sqlite3.Connection

    def save_subscriber_system(self, system: SubscriberSystem) -> None:
        """See `WebhookTransaction.save_subscriber_system`."""
        self._db.execute(
            "INSERT INTO wsb_system VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET base_url = excluded.base_url,"
            " organisations = excluded.organisations",
            (system.id, system.base_url, _encode(system.organisations).decode()),
        )

    def find_subscriber_system(self, system_id: str) -> SubscriberSystem | None:
        """See `WebhookTransaction.find_subscriber_system`."""
        row = self._db.execute("SELECT * FROM wsb_system WHERE id = ?", (system_id,)).fetchone()
        return None if row is None else SubscriberSystem(row[0], row[1], _decode_organisations(row[2]))

    def subscriptions(self, system_id: str) -> Sequence[Subscription]:
        """See `WebhookTransaction.subscriptions`."""
        rows = self._db.execute(
            f"{_SUBSCRIPTION} WHERE system_id = ? ORDER BY organisation_type, organisation_code, entity_id",
            (system_id,),
        )
        return [_subscription(row) for row in rows]

    def delete_subscription(self, subscription: Subscription) -> None:
        """See `WebhookTransaction.delete_subscription`."""
        key = (*_key(subscription.recipient), subscription.entity_id)
        self._db.execute(f"DELETE FROM wsb_subscription WHERE {_RECIPIENT} AND entity_id = ?", key)
        self._db.execute(f"DELETE FROM wsb WHERE {_RECIPIENT} AND entity_id = ?", key)
        self._db.execute(  # where the oldest message of a line was deleted, the next one becomes due
            "UPDATE wsb SET next_attempt = queued WHERE number IN (SELECT min(number) FROM wsb"
            f" WHERE {_RECIPIENT} AND dead = 0 GROUP BY citizen_id) AND next_attempt IS NULL",
            _key(subscription.recipient),
        )

    def save_subscription(self, subscription: Subscription) -> None:
        """See `WebhookTransaction.save_subscription`."""
        self._db.execute(
            "INSERT OR REPLACE INTO wsb_subscription VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                *_key(subscription.recipient),
                subscription.entity_id,
                subscription.webhook,
                day_to_text(subscription.since),
                day_to_text(subscription.until),
            ),
        )

    def subscriptions_in_force(self, organisation: Organisation, entity_id: int, day: date) -> Sequence[Subscription]:
        """See `WebhookTransaction.subscriptions_in_force`."""
        rows = self._db.execute(
            f"{_SUBSCRIPTION} WHERE organisation_type = ? AND organisation_code = ? AND entity_id = ?"
            " AND since <= ? AND (until IS NULL OR until >= ?) ORDER BY system_id",
            (organisation.type, organisation.code, entity_id, day_to_text(day), day_to_text(day)),
        )
        return [_subscription(row) for row in rows]

    def enqueue_wsb(self, envelopes: Sequence[WsbEnvelope]) -> None:
        """See `WebhookTransaction.enqueue_wsb`."""
        for envelope in envelopes:
            line = (*_key(envelope.recipient), envelope.citizen_id)
            is_oldest = self._db.execute(f"SELECT 1 FROM wsb WHERE {_LINE} LIMIT 1", line).fetchone() is None
            queued = to_text(envelope.queued)
            self._db.execute(
                "INSERT INTO wsb (system_id, organisation_type, organisation_code, citizen_id, id, entity_id, body, queued,"
                " next_attempt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*line, envelope.id, envelope.entity_id, envelope.body.decode(), queued, queued if is_oldest else None),
            )

    def due_recipients(self, now: datetime) -> Sequence[WebhookRecipient]:
        """See `WebhookTransaction.due_recipients`."""
        recipients = self._db.execute(
            "SELECT DISTINCT system_id, organisation_type, organisation_code FROM wsb_subscription"
        )
        return [
            WebhookRecipient(key[0], Organisation(key[1], key[2]))
            for key in sorted(recipients)
            if self._db.execute(
                f"SELECT 1 FROM wsb WHERE {_RECIPIENT} AND next_attempt <= ? LIMIT 1", (*key, to_text(now))
            ).fetchone()
        ]

    def due_dispatches(self, recipient: WebhookRecipient, now: datetime, count: int) -> Sequence[Dispatch]:
        """See `WebhookTransaction.due_dispatches`."""
        rows = self._db.execute(_DUE, (*_key(recipient), to_text(now), count))
        return [
            Dispatch(nr, _envelope(message), address(base_url, webhook), message[8])
            for *message, nr, base_url, webhook in rows
        ]

    def delivered(self, nr: int, now: datetime) -> None:
        """See `WebhookTransaction.delivered`."""
        self._remove_from_line(nr, now, "DELETE FROM wsb WHERE number = ?", (nr,))

    def postpone(self, nr: int, until: datetime, reason: str) -> None:
        """See `WebhookTransaction.postpone`."""
        self._db.execute(
            "UPDATE wsb SET attempt = attempt + 1, next_attempt = ?, reason = ? WHERE number = ? AND dead = 0",
            (to_text(until), reason, nr),
        )

    def give_up(self, nr: int, now: datetime, reason: str) -> None:
        """See `WebhookTransaction.give_up`."""
        self._remove_from_line(
            nr,
            now,
            "UPDATE wsb SET attempt = attempt + 1, next_attempt = NULL, dead = 1, reason = ? WHERE number = ?",
            (reason, nr),
        )

    def replay(self, message_ids: Collection[str] | None) -> int:
        """See `WebhookTransaction.replay`."""
        dead = self._db.execute(f"SELECT wsb.number, {_MESSAGE} FROM wsb WHERE dead = 1 ORDER BY number").fetchall()
        chosen = [(nr, _envelope(message)) for nr, *message in dead if message_ids is None or message[0] in message_ids]
        for nr, envelope in chosen:
            self._db.execute("DELETE FROM wsb WHERE number = ?", (nr,))
            self.enqueue_wsb([envelope])
        return len(chosen)

    def dead(self, count: int) -> Sequence[DeadLetter]:
        """See `WebhookTransaction.dead`."""
        rows = self._db.execute(
            f"SELECT {_MESSAGE}, reason FROM wsb WHERE dead = 1 ORDER BY wsb.number LIMIT ?", (count,)
        )
        return [DeadLetter(_envelope(message), message[8], reason) for *message, reason in rows]

    def recipient_states(self) -> Sequence[RecipientState]:
        """See `WebhookTransaction.recipient_states`."""
        return [
            RecipientState(
                WebhookRecipient(system, Organisation(otype, code)),
                waiting,
                dead,
                from_text(next_attempt),
            )
            for system, otype, code, waiting, dead, next_attempt in self._db.execute(_STATES)
        ]

    def next_attempt(self) -> datetime | None:
        """See `WebhookTransaction.next_attempt`."""
        instant: str | None = self._db.execute(
            "SELECT min(next_attempt) FROM wsb WHERE next_attempt IS NOT NULL"
        ).fetchone()[0]
        return from_text(instant)

    def _remove_from_line(self, nr: int, now: datetime, action: str, values: tuple[object, ...]) -> None:
        """Remove a message from its line and make the next one of the line due now."""
        line = self._db.execute(
            "SELECT system_id, organisation_type, organisation_code, citizen_id FROM wsb WHERE number = ? AND dead = 0",
            (nr,),
        ).fetchone()
        if line is None:
            return
        self._db.execute(action, values)
        self._db.execute(
            f"UPDATE wsb SET next_attempt = ? WHERE number = (SELECT number FROM wsb WHERE {_LINE} ORDER BY number LIMIT 1)",
            (to_text(now), *line),
        )


def _key(recipient: WebhookRecipient) -> tuple[str, int, str]:
    return recipient.system, recipient.organisation.type, recipient.organisation.code


def _subscription(row: tuple[Any, ...]) -> Subscription:
    system, otype, code, entity_id, webhook, since, until = row
    recipient = WebhookRecipient(system, Organisation(otype, code))
    return Subscription(recipient, entity_id, webhook, day_from_text(since), day_from_text(until))


def _envelope(message: Sequence[Any]) -> WsbEnvelope:
    id_, system, otype, code, entity_id, citizen_id, body, queued, *_ = message
    return WsbEnvelope(
        id_,
        WebhookRecipient(system, Organisation(otype, code)),
        entity_id,
        citizen_id,
        body.encode(),
        from_text(queued),
    )
