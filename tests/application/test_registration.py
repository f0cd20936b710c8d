"""A registration and its messages are one transaction, whatever fails."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from support.builders import NOW, TODAY, TOMORROW, citizen, contract, identity, register
from support.stores import empty_store
from vos_contracts.base.ids import new_uuid
from vos_contracts.model.registration import Create, Kind
from vos_reference.adapters.sqlite.transaction import SqliteTransaction
from vos_reference.application.ports import Envelope, Store
from vos_reference.application.registration import RepeatedCall
from vos_reference.application.runtime import Runtime
from vos_reference.application.wsrm_queue import Inventory, create_sequence
from vos_reference.clock import StageClock, SystemClock
from vos_reference.domain.decision import Accepted, Caller, Refused
from vos_reference.domain.person import Person

COMMAND = Create(Kind.KONTAKTGRUPPE, 13, TODAY)


def make_runtime(store: Store, release: str = "2024-4") -> Runtime:
    k = contract()
    return Runtime(store, StageClock(SystemClock(), NOW), new_uuid, k, k.releases[release], None, lambda entry: None)


@pytest.fixture
def runtime() -> Runtime:
    item = make_runtime(empty_store())
    with item.store.transaction() as t:
        t.create_person(citizen())
    return item


def count_messages(runtime: Runtime) -> int:
    response = create_sequence(runtime, identity(), "")
    assert isinstance(response, Inventory)
    return sum(count for _, count in response.count)


def test_a_request_id_is_forgotten_after_seven_days(runtime: Runtime) -> None:
    caller = Caller(identity())
    assert isinstance(register(runtime, citizen().cpr, COMMAND, caller, "k"), Accepted)
    assert register(runtime, citizen().cpr, COMMAND, caller, "k") == RepeatedCall()
    runtime.clock.assign(NOW.replace(day=25))
    assert register(runtime, citizen().cpr, COMMAND, caller, "k") == RepeatedCall()
    runtime.clock.assign(NOW.replace(day=25, second=1))
    assert isinstance(register(runtime, citizen().cpr, COMMAND, caller, "k"), Refused)


def test_a_refusal_stores_nothing_and_sends_nothing(runtime: Runtime) -> None:
    response = register(runtime, citizen().cpr, Create(Kind.KONTAKTGRUPPE, 13, TOMORROW), Caller(identity()), "k")
    assert isinstance(response, Refused)
    with runtime.store.reading() as t:
        assert t.find_person(citizen().cpr) == citizen()
    assert count_messages(runtime) == 0


def test_a_release_without_wsrm_queues_no_messages(runtime: Runtime) -> None:
    runtime.release = contract().releases["2025-2"]
    assert isinstance(register(runtime, citizen().cpr, COMMAND, Caller(identity()), "k"), Accepted)
    assert count_messages(runtime) == 0


def test_if_the_queue_fails_the_registration_has_not_happened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = make_runtime(empty_store(tmp_path / "g.db"))
    with runtime.store.transaction() as t:
        t.create_person(citizen())

    def breaks(self: SqliteTransaction, envelopes: Sequence[Envelope]) -> None:
        raise RuntimeError("disken brænder")

    with monkeypatch.context() as m, pytest.raises(RuntimeError):
        m.setattr(SqliteTransaction, "enqueue", breaks)
        register(runtime, citizen().cpr, COMMAND, Caller(identity()), "k")
    with runtime.store.reading() as t:
        found = t.find_person(citizen().cpr)
    assert isinstance(found, Person)
    assert found.history == ()
    assert isinstance(register(runtime, citizen().cpr, COMMAND, Caller(identity()), "k"), Accepted)
    runtime.store.close()
