"""What webservice messages need of the store: subscriber systems, subscriptions, and the lines that messages wait in.

Each docstring is the contract that every adapter's tests inherit. A line is one receiver's
messages about one citizen: only its oldest waiting message can be due, so that order holds however often it fails.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from vos_contracts.model.identity import Organisation


@dataclass(frozen=True, slots=True)
class SubscriberSystem:
    """A system that may subscribe: its id, where it listens, and the authorities it may subscribe for."""

    id: str
    base_url: str
    organisations: tuple[Organisation, ...]


@dataclass(frozen=True, slots=True, order=True)
class WebhookRecipient:
    """Who receives: a subscriber system on behalf of one authority."""

    system: str
    organisation: Organisation


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription: whose, to which entity, at which relative path, from and to which day, both included."""

    recipient: WebhookRecipient
    entity_id: int
    webhook: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class WsbEnvelope:
    """One message to one receiver: its id, its entity, whose line it waits in, its body as it is posted."""

    id: str
    recipient: WebhookRecipient
    entity_id: int
    citizen_id: str
    body: bytes
    queued: datetime


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A message that is due: its number, its address, and how often it has failed."""

    nr: int
    envelope: WsbEnvelope
    url: str
    attempt: int


@dataclass(frozen=True, slots=True)
class RecipientState:
    """How many messages wait for a receiver, how many were given up, and when the next is due."""

    recipient: WebhookRecipient
    waiting: int
    dead: int
    next_item: datetime | None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was given up after that many attempts, and why."""

    envelope: WsbEnvelope
    attempt: int
    reason: str


def address(base_url: str, webhook: str) -> str:
    """Join the system's base address and the subscription's relative path."""
    return f"{base_url.rstrip('/')}/{webhook.lstrip('/')}"


class WebhookTransaction(Protocol):
    """The messages' part of one transaction. Numbers grow and are never used twice, also not after `reset`."""

    def save_subscriber_system(self, system: SubscriberSystem) -> None:
        """Store a system, new or as it now stands."""
        ...

    def find_subscriber_system(self, system_id: str) -> SubscriberSystem | None:
        """Find a system by its id."""
        ...

    def subscriptions(self, system_id: str) -> Sequence[Subscription]:
        """List a system's subscriptions, by authority and entity."""
        ...

    def delete_subscription(self, subscription: Subscription) -> None:
        """Remove a subscription and its messages that were not delivered; the lines behind them go on at `queued`."""
        ...

    def save_subscription(self, subscription: Subscription) -> None:
        """Store a subscription; one of the same receiver to the same entity is replaced and keeps its messages."""
        ...

    def in_force_subscriptions(self, organisation: Organisation, entity_id: int, day: date) -> Sequence[Subscription]:
        """List the subscriptions of that authority to that entity that are in force that day, by system."""
        ...

    def enqueue_wsb(self, envelopes: Sequence[WsbEnvelope]) -> None:
        """Append messages to their lines; one that is alone in its line is due at once."""
        ...

    def due_recipients(self, now: datetime) -> Sequence[WebhookRecipient]:
        """List the receivers that have a message due by now."""
        ...

    def due_dispatches(self, recipient: WebhookRecipient, now: datetime, count: int) -> Sequence[Dispatch]:
        """List a receiver's messages that are due by now, the longest due first, at most one of each line."""
        ...

    def delivered(self, nr: int, now: datetime) -> None:
        """Forget a delivered message; the next in its line is due now. Nothing happens if it is gone already."""
        ...

    def postpone(self, nr: int, next_item: datetime, reason: str) -> None:
        """Count a failed attempt and try again then; the line waits behind it."""
        ...

    def give_up(self, nr: int, now: datetime, reason: str) -> None:
        """Count a failed attempt and set the message aside; the next in its line is due now."""
        ...

    def replay(self, message_ids: Collection[str] | None) -> int:
        """Put these dead letters, all if None, at the end of their lines as if never tried; return how many."""
        ...

    def dead(self, count: int) -> Sequence[DeadLetter]:
        """List dead letters, oldest first."""
        ...

    def recipient_states(self) -> Sequence[RecipientState]:
        """Say how every receiver stands that has a subscription or a message, in order."""
        ...

    def next_attempt(self) -> datetime | None:
        """Return when the next message is due, also when that has passed; None if none waits."""
        ...
