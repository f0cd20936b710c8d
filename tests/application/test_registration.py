"""The glue of a registration: one transaction for the change and its messages, whatever breaks."""

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
from vos_reference.application.queue import Inventory, create_sequence
from vos_reference.application.registration import RepeatedCall
from vos_reference.application.runtime import Runtime
from vos_reference.clock import StageClock, SystemClock
from vos_reference.domain.decision import Accepted, Caller, Refused
from vos_reference.domain.person import Person

COMMAND = Create(Kind.KONTAKTGRUPPE, 13, TODAY)


def runtime(store: Store, release: str = "2024-4") -> Runtime:
    k = contract()
    return Runtime(store, StageClock(SystemClock(), NOW), new_uuid, k, k.releases[release], None, lambda entry: None)


@pytest.fixture
def d() -> Runtime:
    item = runtime(empty_store())
    with item.store.transaction() as t:
        t.create_person(citizen())
    return item


def count_messages(d: Runtime) -> int:
    response = create_sequence(d, identity(), "")
    assert isinstance(response, Inventory)
    return sum(count for _, count in response.count)


def test_kaldets_id_huskes_og_glemmes_efter_syv_dage(d: Runtime) -> None:
    caller = Caller(identity())
    assert isinstance(register(d, citizen().cpr, COMMAND, caller, "k"), Accepted)
    assert register(d, citizen().cpr, COMMAND, caller, "k") == RepeatedCall()
    d.clock.assign(NOW.replace(day=25))
    assert register(d, citizen().cpr, COMMAND, caller, "k") == RepeatedCall()
    d.clock.assign(NOW.replace(day=25, second=1))
    assert isinstance(register(d, citizen().cpr, COMMAND, caller, "k"), Refused)


def test_en_afvisning_gemmer_intet_og_fortaeller_intet(d: Runtime) -> None:
    response = register(d, citizen().cpr, Create(Kind.KONTAKTGRUPPE, 13, TOMORROW), Caller(identity()), "k")
    assert isinstance(response, Refused)
    with d.store.reading() as t:
        assert t.find_person(citizen().cpr) == citizen()
    assert count_messages(d) == 0


def test_i_en_udgave_uden_wsrm_laegges_ingen_beskeder(d: Runtime) -> None:
    d.release = contract().releases["2025-2"]
    assert isinstance(register(d, citizen().cpr, COMMAND, Caller(identity()), "k"), Accepted)
    assert count_messages(d) == 0


def test_fejler_koen_er_registreringen_heller_ikke_sket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    d = runtime(empty_store(tmp_path / "g.db"))
    with d.store.transaction() as t:
        t.create_person(citizen())

    def i_pieces(self: SqliteTransaction, envelopes: Sequence[Envelope]) -> None:
        raise RuntimeError("disken brænder")

    with monkeypatch.context() as m, pytest.raises(RuntimeError):
        m.setattr(SqliteTransaction, "enqueue", i_pieces)
        register(d, citizen().cpr, COMMAND, Caller(identity()), "k")
    with d.store.reading() as t:
        found = t.find_person(citizen().cpr)
    assert isinstance(found, Person)
    assert found.history == ()
    assert isinstance(register(d, citizen().cpr, COMMAND, Caller(identity()), "k"), Accepted)
    d.store.close()
