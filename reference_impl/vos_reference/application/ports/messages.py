"""What the WSRM queues need of the store: queues, sub-queues, subscriptions, messages, and transfers (sequences)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from vos_contracts.model.identity import Organisation


@dataclass(frozen=True, slots=True, order=True)
class Owner:
    """Who owns a queue: one organisation per calling system (DECISIONS section 5)."""

    organisation: Organisation
    system: int


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message for one queue: its id, its type (the method that fetches it) and its stored body."""

    id: str
    message_type: str
    owner: Owner
    body: bytes
    queued: datetime


@dataclass(frozen=True, slots=True)
class WsrmSequence:
    """An open transfer of one owner's queue."""

    id: str
    owner: Owner
    sub_queue: str
    opened: datetime


class MessageTransaction(Protocol):
    """The WSRM queues' part of one transaction; messages come back in the order in which they were queued."""

    def subscribe(self, owner: Owner) -> None:
        """Give one system of an organisation its own queue; idempotent."""
        ...

    def subscribe_message(self, owner: Owner, message_type: str) -> None:
        """Let one system of an organisation subscribe to a message that is sent to subscribers only; idempotent."""
        ...

    def put_i_sub_queue(self, owner: Owner, message_type: str, sub_queue: str) -> None:
        """Put the owner's messages of that type into that sub-queue from now on; what waits stays where it is."""
        ...

    def exists_sub_queue(self, owner: Owner, sub_queue: str) -> bool:
        """Say whether messages are put into the owner's sub-queue of that name, or wait in it."""
        ...

    def subscribers(self, organisation: Organisation, message_type: str) -> Sequence[Owner]:
        """List the organisation's systems that subscribe to that message, by system."""
        ...

    def take_over_queue(self, since: Owner, until: Owner) -> None:
        """Move what waits in one queue to another, in its order, and its sub-queues; open sequences of the first end."""
        ...

    def queue_owners(self, organisation: Organisation) -> Sequence[Owner]:
        """List the organisation's subscribed queues, by system; empty if none has subscribed."""
        ...

    def enqueue(self, envelopes: Sequence[Envelope]) -> None:
        """Append messages to their owners' queues, or to the sub-queue that their type is put into."""
        ...

    def something_waiting(self, owner: Owner, sub_queue: str) -> bool:
        """Say whether messages wait there that no open sequence holds."""
        ...

    def open_sequence(self, owner: Owner, sub_queue: str) -> WsrmSequence | None:
        """Return the owner's open sequence of that sub-queue, if any."""
        ...

    def find_sequence(self, sequence_id: str) -> WsrmSequence | None:
        """Return an open sequence by id."""
        ...

    def create_sequence(self, sequence: WsrmSequence, at_most: int) -> None:
        """Open a sequence over the oldest waiting messages of its queue, at most that many."""
        ...

    def inventory(self, sequence_id: str) -> Sequence[tuple[str, int]]:
        """Count a sequence's messages by type, in order of their first message."""
        ...

    def messages(self, sequence_id: str, message_type: str) -> Sequence[Envelope]:
        """List a sequence's messages of one type, oldest first."""
        ...

    def release(self, sequence_id: str) -> None:
        """End a sequence and give its messages back to their place in the queue."""
        ...

    def delete_sequence(self, sequence_id: str) -> int:
        """End a sequence and delete its messages; return how many."""
        ...

    def oldest_sequence(self) -> datetime | None:
        """Return when the oldest open sequence was opened, None if none is open."""
        ...

    def release_opened_before(self, instant: datetime) -> int:
        """Give back every sequence opened before that instant; return how many."""
        ...
