"""The store's WSRM queues: queues, sub-queues, subscriptions, messages and sequences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from vos_contracts.model.identity import Organisation


@dataclass(frozen=True, slots=True, order=True)
class Owner:
    """The owner of a queue: one system of an organisation; system 0 for the queue that all its systems share (DECISIONS.md)."""

    organisation: Organisation
    system: int


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message in one queue; `message_type` is the name of the method that fetches it."""

    id: str
    message_type: str
    owner: Owner
    body: bytes
    queued: datetime


@dataclass(frozen=True, slots=True)
class WsrmSequence:
    """An open sequence: the messages of one owner's queue, or of one sub-queue, that the owner is fetching."""

    id: str
    owner: Owner
    sub_queue: str
    opened: datetime


class MessageTransaction(Protocol):
    """The part of a transaction for the WSRM queues; messages are listed in the order in which they were queued."""

    def subscribe(self, owner: Owner) -> None:
        """Create a queue for one system of an organisation; idempotent."""
        ...

    def subscribe_message(self, owner: Owner, message_type: str) -> None:
        """Subscribe one system of an organisation to a message type that is sent to subscribers only; idempotent."""
        ...

    def route_to_sub_queue(self, owner: Owner, message_type: str, sub_queue: str) -> None:
        """Route the owner's future messages of the type to the sub-queue; waiting messages are not moved."""
        ...

    def sub_queue_exists(self, owner: Owner, sub_queue: str) -> bool:
        """Return whether messages are routed to the owner's sub-queue of that name, or wait in it."""
        ...

    def subscribers(self, organisation: Organisation, message_type: str) -> Sequence[Owner]:
        """List the organisation's systems that subscribe to the message type, by system."""
        ...

    def take_over_queue(self, since: Owner, until: Owner) -> None:
        """Move the waiting messages of the queue `since`, in order, and its sub-queues to `until`; its open sequences end."""
        ...

    def queue_owners(self, organisation: Organisation) -> Sequence[Owner]:
        """List the queues of the organisation's single systems, by system; empty if there are none."""
        ...

    def enqueue(self, envelopes: Sequence[Envelope]) -> None:
        """Append messages to their owners' queues, or to the sub-queue that their type is routed to."""
        ...

    def has_waiting(self, owner: Owner, sub_queue: str) -> bool:
        """Return whether messages outside any open sequence wait in the sub-queue; "" is the queue itself."""
        ...

    def open_sequence(self, owner: Owner, sub_queue: str) -> WsrmSequence | None:
        """Return the owner's open sequence of the sub-queue, or None."""
        ...

    def find_sequence(self, sequence_id: str) -> WsrmSequence | None:
        """Return the open sequence with the id, or None."""
        ...

    def create_sequence(self, sequence: WsrmSequence, at_most: int) -> None:
        """Open a sequence with the oldest waiting messages of its queue, at most `at_most`."""
        ...

    def inventory(self, sequence_id: str) -> Sequence[tuple[str, int]]:
        """Count the messages of a sequence by type, in the order of each type's first message."""
        ...

    def messages(self, sequence_id: str, message_type: str) -> Sequence[Envelope]:
        """List the messages of one type in a sequence, oldest first."""
        ...

    def release(self, sequence_id: str) -> None:
        """End a sequence; its messages return to their places in the queue."""
        ...

    def delete_sequence(self, sequence_id: str) -> int:
        """End a sequence and delete its messages; return their number."""
        ...

    def oldest_sequence(self) -> datetime | None:
        """Return the instant at which the oldest open sequence was opened; None if none is open."""
        ...

    def release_opened_before(self, instant: datetime) -> int:
        """Release every sequence opened before the instant; return their number."""
        ...
