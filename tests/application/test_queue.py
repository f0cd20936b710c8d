"""Expiry of WSRM sequences, which needs the stage clock."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from support.builders import JOBCENTER, NOW, contract, identity
from support.stores import empty_store
from vos_contracts.control.journal import JournalEntry
from vos_reference.application import wsrm_queue
from vos_reference.application.ports import Envelope, Owner
from vos_reference.application.runtime import Runtime
from vos_reference.clock import StageClock, SystemClock
from vos_reference.domain.decision import Refused


class Ids:
    def __init__(self) -> None:
        self._numbers = count(1)

    def __call__(self) -> str:
        return f"id-{next(self._numbers)}"


def make_runtime(entries: list[JournalEntry]) -> Runtime:
    the_contract = contract()
    return Runtime(
        empty_store(),
        StageClock(SystemClock(), NOW),
        Ids(),
        the_contract,
        the_contract.releases["2024-4"],
        None,
        entries.append,
    )


def test_a_sequence_expires_after_sixty_minutes() -> None:
    entries: list[JournalEntry] = []
    runtime = make_runtime(entries)
    owner = Owner(JOBCENTER, 0)
    with runtime.store.transaction() as t:
        t.enqueue([Envelope("k", "GetContactGroupVersion5", owner, b"{}", NOW)])
    first = wsrm_queue.create_sequence(runtime, identity(), "")
    assert isinstance(first, wsrm_queue.Inventory)
    runtime.clock.assign(NOW + timedelta(minutes=60))
    again = wsrm_queue.create_sequence(runtime, identity(), "")
    assert isinstance(again, wsrm_queue.Inventory)
    assert again.sequence.id == first.sequence.id
    runtime.clock.assign(NOW + timedelta(minutes=60, seconds=1))
    expired = wsrm_queue.fetch(runtime, identity(), first.sequence.id, "GetContactGroupVersion5")
    assert isinstance(expired, Refused)
    assert [error.code for error in expired.errors] == [4589]
    new = wsrm_queue.create_sequence(runtime, identity(), "")
    assert isinstance(new, wsrm_queue.Inventory)
    assert new.sequence.id != first.sequence.id
    assert new.count == (("GetContactGroupVersion5", 1),)
    assert [entry.data["operation"] for entry in entries] == ["CreateSequence", "CreateSequence", "CreateSequence"]
