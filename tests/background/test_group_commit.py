"""Concurrent registrations share a commit: each is answered after it, and a failing one does not affect the others."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from support.builders import NOW, TODAY, TOMORROW, citizen, contract, identity
from vos_contracts.base.ids import new_uuid
from vos_contracts.control.journal import JournalEntry
from vos_contracts.model.registration import Create, Kind
from vos_reference.adapters.sqlite import SqliteStore
from vos_reference.adapters.sqlite.transaction import SqliteTransaction
from vos_reference.application.ports import Envelope, StoreUnavailable, Transaction
from vos_reference.application.registration import RegistrationCall, RepeatedCall, Result
from vos_reference.application.runtime import Runtime
from vos_reference.background.group_commit import LIMIT, GroupCommit
from vos_reference.background.write_turns import WriteTurns
from vos_reference.clock import StageClock, SystemClock
from vos_reference.domain.decision import Accepted, Caller, Refused

COUNT = 2 * LIMIT + 3


class Counting(SqliteStore):
    """A store that counts its write transactions."""

    begun = 0

    def transaction(self) -> AbstractContextManager[Transaction]:
        self.begun += 1
        return super().transaction()


class SetUp:
    """A store with citizens, a group commit, and a second connection that sees committed rows only."""

    def __init__(self, file: Path) -> None:
        self.journal: list[JournalEntry] = []
        self.store = Counting(file)
        tables = contract()
        self.runtime = Runtime(
            self.store,
            StageClock(SystemClock(), NOW),
            new_uuid,
            tables,
            tables.releases["2024-4"],
            None,
            self.journal.append,
        )
        with self.store.transaction() as t:
            for number in range(COUNT):
                t.create_person(replace(citizen(), id=f"p{number}", cpr=cpr(number)))
        self.store.begun = 0
        self.turns = WriteTurns()
        self.collector = GroupCommit(self.runtime, self.turns)
        self.outside = sqlite3.connect(file)

    def execute(self, *call: RegistrationCall) -> Sequence[Result | BaseException]:
        async def register(registration_call: RegistrationCall) -> Result:
            response = await self.collector.register(registration_call)
            if isinstance(response, Accepted):
                assert self.is_stored(response.id), "answered before the commit"
            return response

        async def all_calls() -> Sequence[Result | BaseException]:
            return await asyncio.gather(*map(register, call), return_exceptions=True)

        return asyncio.run(all_calls())

    def is_stored(self, id_: str) -> bool:
        return self.outside.execute("SELECT 1 FROM registration WHERE id = ?", (id_,)).fetchone() is not None

    def count(self) -> int:
        return int(self.outside.execute("SELECT count(DISTINCT person_id) FROM registration").fetchone()[0])


def cpr(number: int) -> str:
    return f"020384{number:04d}"


def call(number: int, call_id: str = "") -> RegistrationCall:
    return RegistrationCall(
        cpr(number), Create(Kind.KONTAKTGRUPPE, 13, TODAY), Caller(identity()), call_id or f"k{number}"
    )


@pytest.fixture
def set_up(tmp_path: Path) -> Iterator[SetUp]:
    item = SetUp(tmp_path / "g.db")
    yield item
    item.outside.close()
    item.store.close()


def test_concurrent_registrations_share_a_commit_up_to_the_limit(set_up: SetUp) -> None:
    response = set_up.execute(*map(call, range(COUNT)))
    assert all(isinstance(item, Accepted) for item in response)
    assert set_up.count() == COUNT
    assert set_up.store.begun == 3
    assert {item.cpr for item in set_up.journal} == {cpr(number) for number in range(COUNT)}


def test_a_refusal_and_a_repetition_do_not_affect_the_group(set_up: SetUp) -> None:
    invalid = replace(call(1), command=Create(Kind.KONTAKTGRUPPE, 13, TOMORROW))
    first, refused, repeated, other = set_up.execute(call(0), invalid, call(2, "k0"), call(3))
    assert isinstance(first, Accepted)
    assert isinstance(refused, Refused)
    assert isinstance(repeated, RepeatedCall)
    assert isinstance(other, Accepted)
    assert set_up.count() == 2
    assert set_up.store.begun == 1


def test_a_failing_registration_does_not_affect_the_group(set_up: SetUp, monkeypatch: pytest.MonkeyPatch) -> None:
    put = SqliteTransaction.enqueue

    def fail(self: SqliteTransaction, envelopes: Sequence[Envelope]) -> None:
        put(self, envelopes)
        if any(cpr(1).encode() in envelope.body for envelope in envelopes):
            raise RuntimeError("the disk is on fire")

    with monkeypatch.context() as m:
        m.setattr(SqliteTransaction, "enqueue", fail)
        first, failed, last = set_up.execute(call(0), call(1), call(2))
    assert isinstance(first, Accepted)
    assert isinstance(failed, RuntimeError)
    assert isinstance(last, Accepted)
    assert set_up.count() == 2
    assert {item.cpr for item in set_up.journal} == {cpr(0), cpr(2)}
    (again,) = set_up.execute(call(1))  # its request id was not stored
    assert isinstance(again, Accepted)


def test_when_the_commit_fails_nothing_is_stored_and_nothing_is_journaled(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: SqliteTransaction, envelopes: Sequence[Envelope]) -> None:
        if any(cpr(2).encode() in envelope.body for envelope in envelopes):
            raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as m:
        m.setattr(SqliteTransaction, "enqueue", full)
        response = set_up.execute(*map(call, range(3)))
    assert all(isinstance(item, StoreUnavailable) for item in response)
    assert set_up.count() == 0
    assert set_up.journal == []
    assert all(isinstance(item, Accepted) for item in set_up.execute(*map(call, range(3))))


def test_a_caller_that_disconnected_holds_nobody_up(set_up: SetUp) -> None:
    async def disconnect_one() -> Result:
        gone = asyncio.ensure_future(set_up.collector.register(call(0)))
        other = asyncio.ensure_future(set_up.collector.register(call(1)))
        await asyncio.sleep(0)
        gone.cancel()
        return await asyncio.wait_for(other, 30)

    assert isinstance(asyncio.run(disconnect_one()), Accepted)
    assert set_up.count() == 2
