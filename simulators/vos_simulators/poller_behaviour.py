"""Assess the pollers of WSRM queues from the stage's journal: how often they poll, and their protocol errors.

Pure. Not here: rendering (`generalproeve poller`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import median

from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.control.stage import JournalDto
from vos_contracts.wire.messages.wsrm import CLOSE, CREATE, END

LIFETIME = timedelta(minutes=60)
"""Lifetime of an open sequence; the queue then closes it (DECISIONS.md)."""


class BadHabit(StrEnum):
    """A protocol error of a poller; the value is its Danish description in reports."""

    DID_NOT_TERMINATE = "glemte TerminateSequence"
    SKIPPED_A_LINE = "afsluttede uden at hente en linje i inventaret"
    FETCHED_TWICE = "hentede den samme linje to gange"
    FETCHED_UNLISTED = "hentede en beskedtype, som inventaret ikke nævnte"
    BEGAN_AGAIN = "kaldte CreateSequence igen, før den åbne sekvens var slut"


CONSEQUENCES: Mapping[BadHabit, str] = {
    BadHabit.DID_NOT_TERMINATE: "beskederne bliver udleveret igen",
    BadHabit.SKIPPED_A_LINE: "de beskeder er væk",
    BadHabit.FETCHED_TWICE: "ingen, men det koster tid",
    BadHabit.FETCHED_UNLISTED: "ingen, svaret er tomt",
    BadHabit.BEGAN_AGAIN: "ingen, den åbne sekvens kommer igen",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One protocol error: its sequence, time, and message type if it concerns one."""

    bad_habit: BadHabit
    sequence: str
    instant: datetime
    message_type: str = ""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One owner's polling: sequences opened and ended, messages committed, median time between polls, and protocol errors."""

    owner: str
    sequences: int
    ended: int
    messages: int
    gap: timedelta | None
    finding: tuple[Finding, ...]


@dataclass(slots=True)
class _WsrmSequence:
    id: str
    queue: str
    opened: datetime
    inventory: frozenset[str]
    fetched: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Owner:
    came: list[datetime] = field(default_factory=list)
    sequences: int = 0
    open: dict[str, _WsrmSequence] = field(default_factory=dict)
    ended: int = 0
    messages: int = 0
    finding: list[Finding] = field(default_factory=list)


def behaviour(entries: Iterable[JournalEntry], now: datetime) -> list[Behaviour]:
    """Assess every owner that has opened a sequence since the latest reset; `now` is the time of the stage clock."""
    owners: dict[str, _Owner] = {}
    for entry in entries:
        if entry.kind is EntryType.SEQUENCE:
            data = entry.data
            _note(owners.setdefault(f"{data['owner']} system {data['system']}", _Owner()), entry)
        elif entry.kind is EntryType.RESET:
            owners.clear()
    for owner in owners.values():
        for sequence in owner.open.values():
            if sequence.inventory and now - sequence.opened > LIFETIME:
                owner.finding.append(Finding(BadHabit.DID_NOT_TERMINATE, sequence.id, sequence.opened))
    return [_combined(name, owners[name]) for name in sorted(owners)]


def lost_entries(journal: JournalDto) -> int:
    """Return the number of dropped journal entries that `behaviour` misses; 0 if the journal still holds a reset."""
    return 0 if any(entry.kind is EntryType.RESET for entry in journal.entries) else journal.lost


def _note(owner: _Owner, entry: JournalEntry) -> None:
    operation, id_ = str(entry.data["operation"]), str(entry.data["sequence"])
    sequence = owner.open.get(id_)
    if operation == CREATE:
        owner.came.append(entry.instant)
        inventory = frozenset(str(entry.data["inventory"]).split())
        if sequence is not None:
            if inventory and sequence.inventory:
                owner.finding.append(Finding(BadHabit.BEGAN_AGAIN, id_, entry.instant))
            sequence.inventory |= inventory
            return
        queue = str(entry.data["sub_queue"])
        # a new sequence on a queue with an open one: the open one has exceeded its lifetime
        for previous in [left for left in owner.open.values() if left.queue == queue]:
            if previous.inventory:  # an empty sequence loses nothing
                owner.finding.append(Finding(BadHabit.DID_NOT_TERMINATE, previous.id, previous.opened))
            del owner.open[previous.id]
        owner.open[id_] = _WsrmSequence(id_, queue, entry.instant, inventory)
        owner.sequences += 1
    elif sequence is None:
        return  # opened before the first journal entry
    elif operation in (END, CLOSE):
        del owner.open[id_]
        if operation == END:
            owner.ended += 1
            owner.messages += int(entry.data["count"])
            for message_type in sorted(sequence.inventory - sequence.fetched.keys()):
                owner.finding.append(Finding(BadHabit.SKIPPED_A_LINE, id_, entry.instant, message_type))
    else:
        sequence.fetched[operation] += 1
        if operation not in sequence.inventory:
            owner.finding.append(Finding(BadHabit.FETCHED_UNLISTED, id_, entry.instant, operation))
        elif sequence.fetched[operation] > 1:
            owner.finding.append(Finding(BadHabit.FETCHED_TWICE, id_, entry.instant, operation))


def _combined(name: str, owner: _Owner) -> Behaviour:
    gaps = [(b - a).total_seconds() for a, b in pairwise(sorted(owner.came))]
    return Behaviour(
        owner=name,
        sequences=owner.sequences,
        ended=owner.ended,
        messages=owner.messages,
        gap=timedelta(seconds=median(gaps)) if gaps else None,
        finding=tuple(owner.finding),
    )
