"""The store's webhook messages (WSB): subscriber systems, subscriptions, and the waiting messages.

The messages to one receiver about one citizen form a line: only its oldest waiting message can be due, so that the order is
kept however often an attempt fails.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from vos_contracts.model.identity import Organisation


@dataclass(frozen=True, slots=True)
class SubscriberSystem:
    """A system that may subscribe, with its base address and the authorities it may subscribe for."""

    id: str
    base_url: str
    organisations: tuple[Organisation, ...]


@dataclass(frozen=True, slots=True, order=True)
class WebhookRecipient:
    """A receiver: a subscriber system on behalf of one authority."""

    system: str
    organisation: Organisation


@dataclass(frozen=True, slots=True)
class Subscription:
    """A receiver's subscription to one entity; `webhook` is the path below the base address, both days are included."""

    recipient: WebhookRecipient
    entity_id: int
    webhook: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class WsbEnvelope:
    """One message to one receiver; `citizen_id` and the receiver identify its line, `body` is posted as it is."""

    id: str
    recipient: WebhookRecipient
    entity_id: int
    citizen_id: str
    body: bytes
    queued: datetime


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A message that is due; `attempt` is the number of failed attempts."""

    nr: int
    envelope: WsbEnvelope
    url: str
    attempt: int


@dataclass(frozen=True, slots=True)
class RecipientState:
    """A receiver's number of waiting messages and dead letters, and when the next message is due."""

    recipient: WebhookRecipient
    waiting: int
    dead: int
    next_item: datetime | None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was given up after `attempt` attempts."""

    envelope: WsbEnvelope
    attempt: int
    reason: str


def address(base_url: str, webhook: str) -> str:
    """Join the system's base address and the subscription's relative path."""
    return f"{base_url.rstrip('/')}/{webhook.lstrip('/')}"


class WebhookTransaction(Protocol):
    """The part of a transaction for webhooks; message numbers increase and are never reused, not even after `reset`."""

    def save_subscriber_system(self, system: SubscriberSystem) -> None:
        """Store a system, new or changed."""
        ...

    def find_subscriber_system(self, system_id: str) -> SubscriberSystem | None:
        """Return the system with the id, or None."""
        ...

    def subscriptions(self, system_id: str) -> Sequence[Subscription]:
        """List a system's subscriptions, by authority and entity."""
        ...

    def delete_subscription(self, subscription: Subscription) -> None:
        """Delete a subscription and its undelivered messages; the next messages in their lines are due at their `queued`."""
        ...

    def save_subscription(self, subscription: Subscription) -> None:
        """Store a subscription; it replaces one of the same receiver to the same entity, whose messages are kept."""
        ...

    def subscriptions_in_force(self, organisation: Organisation, entity_id: int, day: date) -> Sequence[Subscription]:
        """List the subscriptions of the authority to the entity that are in force on the day, by system."""
        ...

    def enqueue_wsb(self, envelopes: Sequence[WsbEnvelope]) -> None:
        """Append messages to their lines; the first message of a line is due at once."""
        ...

    def due_recipients(self, now: datetime) -> Sequence[WebhookRecipient]:
        """List the receivers with a message due at `now` or before."""
        ...

    def due_dispatches(self, recipient: WebhookRecipient, now: datetime, count: int) -> Sequence[Dispatch]:
        """List at most `count` messages due for a receiver, the longest due first, at most one from each line."""
        ...

    def delivered(self, nr: int, now: datetime) -> None:
        """Delete a delivered message; the next in its line is due now. No effect if the message is gone."""
        ...

    def postpone(self, nr: int, next_item: datetime, reason: str) -> None:
        """Count a failed attempt and make the message due at `next_item`; its line waits behind it."""
        ...

    def give_up(self, nr: int, now: datetime, reason: str) -> None:
        """Count a failed attempt and make the message a dead letter; the next in its line is due now."""
        ...

    def replay(self, message_ids: Collection[str] | None) -> int:
        """Append these dead letters, all if None, to their lines as if never attempted; return their number."""
        ...

    def dead(self, count: int) -> Sequence[DeadLetter]:
        """List at most `count` dead letters, oldest first."""
        ...

    def recipient_states(self) -> Sequence[RecipientState]:
        """List the state of every receiver with a subscription or a message, in order."""
        ...

    def next_attempt(self) -> datetime | None:
        """Return the instant, past or future, at which a message is due next; None if none waits."""
        ...
