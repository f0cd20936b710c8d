"""The WSRM queue, polled by its owner: CreateSequence, fetch, then CloseSequence or TerminateSequence (DECISIONS.md).

CreateSequence returns the owner's open sequence again; fetching can be repeated until the sequence ends; a sequence open
for an hour of stage time expires. This is STAR's polling, not the push of OASIS WS-ReliableMessaging.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.model.identity import Identity
from vos_contracts.tables.errors import ServiceError
from vos_reference.application.ports import Envelope, Owner, Transaction, WsrmSequence
from vos_reference.application.runtime import Runtime
from vos_reference.domain.danish_time import later
from vos_reference.domain.decision import Refused, refused

AT_MOST = 500
"""Messages per sequence (WSRM20)."""

LIFETIME = timedelta(minutes=60)
"""How long a sequence stays open, by the stage clock."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """An open sequence, and its messages counted by type."""

    sequence: WsrmSequence
    count: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Fetched:
    """The messages of one type in a sequence, oldest first."""

    envelopes: tuple[Envelope, ...]


class SequenceExpiry:
    """Expiry of open sequences, as a `clockwork.Source`."""

    name = "sequence_expiry"

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def next_item(self) -> datetime | None:
        """Return the first instant at which the oldest open sequence has expired."""
        with self._runtime.store.reading() as t:
            opened = t.oldest_sequence()
        return None if opened is None else later(opened, LIFETIME + timedelta(microseconds=1))

    def carry_out(self, instant: datetime) -> Iterator[None]:
        """End the sequences that have expired; their messages go back to the queue."""
        with self._runtime.store.transaction() as t:
            t.release_opened_before(later(instant, -LIFETIME))
        yield


@dataclass(frozen=True, slots=True)
class Closed:
    """A sequence that has ended."""

    sequence: WsrmSequence


def create_sequence(runtime: Runtime, identity: Identity, sub_queue: str) -> Inventory | Refused:
    """Open a sequence of at most 500 messages, or return the open one; 4589 for an unknown sub-queue, 4575 without a queue."""
    with runtime.store.transaction() as t:
        now = runtime.clock.now()
        t.release_opened_before(later(now, -LIFETIME))
        owner = _owner(t, identity)
        if isinstance(owner, Refused):
            return owner
        if sub_queue and not t.sub_queue_exists(owner, sub_queue):
            return refused(ServiceError(4589, f"underkøen {sub_queue} findes ikke hos kalderen"))
        sequence, count = _open_or_new(runtime, t, owner, sub_queue, now)
        counts = " ".join(message_type for message_type, _ in count)
        total = sum(count_ for _, count_ in count)
        t.after_commit(lambda: _note(runtime, now, "CreateSequence", sequence, total, counts))
    return Inventory(sequence, count)


def fetch(runtime: Runtime, identity: Identity, sequence_id: str, message_type: str) -> Fetched | Refused:
    """Fetch the messages of one type in the sequence; 4589 for an unknown or ended sequence."""
    with runtime.store.transaction() as t:
        now = runtime.clock.now()
        t.release_opened_before(later(now, -LIFETIME))
        sequence = _own(t, identity, sequence_id)
        if isinstance(sequence, Refused):
            return sequence
        messages = tuple(t.messages(sequence.id, message_type))
        t.after_commit(lambda: _note(runtime, now, message_type, sequence, len(messages)))
    return Fetched(messages)


def close_sequence(runtime: Runtime, identity: Identity, sequence_id: str) -> Closed | Refused:
    """End the sequence and return its messages to the queue (CloseSequence)."""
    return _end(runtime, identity, sequence_id, delete=False)


def end_sequence(runtime: Runtime, identity: Identity, sequence_id: str) -> Closed | Refused:
    """End the sequence and delete its messages (TerminateSequence)."""
    return _end(runtime, identity, sequence_id, delete=True)


def _end(runtime: Runtime, identity: Identity, sequence_id: str, *, delete: bool) -> Closed | Refused:
    with runtime.store.transaction() as t:
        now = runtime.clock.now()
        t.release_opened_before(later(now, -LIFETIME))
        sequence = _own(t, identity, sequence_id)
        if isinstance(sequence, Refused):
            return sequence
        count = 0
        if delete:
            count = t.delete_sequence(sequence.id)
        else:
            t.release(sequence.id)
        t.after_commit(lambda: _note(runtime, now, "TerminateSequence" if delete else "CloseSequence", sequence, count))
    return Closed(sequence)


def _open_or_new(
    runtime: Runtime, t: Transaction, owner: Owner, sub_queue: str, now: datetime
) -> tuple[WsrmSequence, tuple[tuple[str, int], ...]]:
    """Return the open sequence, or a new one.

    An empty open sequence is replaced when messages have arrived: another client may hold it as empty and terminate it, and
    must not delete messages that it has not seen.
    """
    sequence_open = t.open_sequence(owner, sub_queue)
    if sequence_open is not None:
        count = tuple(t.inventory(sequence_open.id))
        if count or not t.has_waiting(owner, sub_queue):
            return sequence_open, count
        t.delete_sequence(sequence_open.id)
    new = WsrmSequence(runtime.ids(), owner, sub_queue, now)
    t.create_sequence(new, AT_MOST)
    return new, tuple(t.inventory(new.id))


def _owner(t: Transaction, identity: Identity) -> Owner | Refused:
    """Return the caller's queue: one for each subscribed system, else one that all systems of the organisation share."""
    owners: Sequence[Owner] = t.queue_owners(identity.active)
    if not owners:
        return Owner(identity.active, 0)
    owner = Owner(identity.active, identity.system)
    if owner in owners:
        return owner
    return refused(ServiceError(4575, f"system {identity.system} har ingen WSRM-kø hos {identity.active}"))


def _own(t: Transaction, identity: Identity, sequence_id: str) -> WsrmSequence | Refused:
    owner = _owner(t, identity)
    if isinstance(owner, Refused):
        return owner
    sequence = t.find_sequence(sequence_id)
    if sequence is None or sequence.owner != owner:
        return refused(ServiceError(4589, "sekvensen findes ikke hos kalderen, eller den er afsluttet"))
    return sequence


def _note(
    runtime: Runtime, now: datetime, operation: str, sequence: WsrmSequence, count: int, inventory: str = ""
) -> None:
    runtime.journal(
        JournalEntry(
            kind=EntryType.SEQUENCE,
            instant=now,
            data={
                "operation": operation,
                "owner": str(sequence.owner.organisation),
                "system": sequence.owner.system,
                "sub_queue": sequence.sub_queue,
                "inventory": inventory,
                "sequence": sequence.id,
                "count": count,
            },
        )
    )
