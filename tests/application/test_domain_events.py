"""Events for the business domains: raised in the transaction of the change, with the data that the domains need."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from support.builders import JOBCENTER, NOW, TODAY, TOMORROW, category, citizen, contract, identity, register, row
from support.stores import empty_store
from vos_contracts.base.ids import new_uuid
from vos_contracts.control import stage
from vos_contracts.control.operations import OPERATOR_SETUP, QueuedEvent
from vos_contracts.model.registration import ChangeType, Create, Kind
from vos_contracts.wire.messages.events import DomainEvent
from vos_reference.adapters.sqlite.transaction import SqliteTransaction
from vos_reference.application import monitoring
from vos_reference.application.citizens import SetUp, set_up
from vos_reference.application.ports import EventEnvelope, Store
from vos_reference.application.registration import decision_context, save
from vos_reference.application.runtime import Runtime
from vos_reference.clock import StageClock, SystemClock
from vos_reference.domain.batch_jobs import Job
from vos_reference.domain.decide import decide_job
from vos_reference.domain.decision import Accepted, Caller, Refused

COMMAND = Create(Kind.KONTAKTGRUPPE, 2, TODAY, event=TODAY - timedelta(days=1))


def make_runtime(store: Store) -> Runtime:
    k = contract()
    return Runtime(store, StageClock(SystemClock(), NOW), new_uuid, k, k.releases["2024-4"], None, lambda entry: None)


def heard(runtime: Runtime, domain: str = "JobSearch") -> tuple[QueuedEvent, ...]:
    return monitoring.events(runtime, domain, 0, 1000).events


def with_citizen(runtime: Runtime) -> Runtime:
    with runtime.store.transaction() as t:
        t.create_person(citizen())
    return runtime


def test_the_event_carries_the_change_the_citizen_and_the_authority() -> None:
    runtime = with_citizen(make_runtime(empty_store()))
    response = register(runtime, citizen().cpr, COMMAND, Caller(identity()), "k")
    assert isinstance(response, Accepted)
    group, category_ = (event.event for event in heard(runtime))
    assert group == DomainEvent(
        event_id=group.event_id,
        entity=Kind.KONTAKTGRUPPE,
        change_type=ChangeType.CREATED,
        citizen_id="p",
        cpr=citizen().cpr,
        id=response.id,
        type=2,
        event=COMMAND.event,
        start=TODAY,
        end=None,
        authority=JOBCENTER,
        occurred=NOW,
    )
    assert (category_.entity, category_.type, category_.authority) == (Kind.PERSONKATEGORI, 8, JOBCENTER)
    assert group.event_id != category_.event_id


def test_an_event_has_the_same_id_in_every_domain() -> None:
    runtime = with_citizen(make_runtime(empty_store()))
    register(runtime, citizen().cpr, COMMAND, Caller(identity()), "k")
    ids = {domain: [event.event.event_id for event in heard(runtime, domain)] for domain in runtime.contract.domains}
    assert ids["JobSearch"] == ids["Kontaktforloeb"]
    assert ids["Virksomhedsindsats"] == ids["JobSearch"][:1]


def test_a_refusal_raises_no_event() -> None:
    runtime = with_citizen(make_runtime(empty_store()))
    response = register(runtime, citizen().cpr, Create(Kind.KONTAKTGRUPPE, 13, TOMORROW), Caller(identity()), "k")
    assert isinstance(response, Refused)
    assert heard(runtime) == ()


def test_a_nightly_job_raises_events_like_a_caller() -> None:
    runtime = make_runtime(empty_store())
    person = citizen(row(12), category(6), age=30)
    context = decision_context(runtime, NOW, Caller(identity()))
    accepted = decide_job(person, Job.THIRTY_YEAR, context)
    assert accepted is not None
    with runtime.store.transaction() as t:
        t.create_person(person)
        save(runtime, t, person, accepted, context)
    assert [(event.event.type, event.event.change_type) for event in heard(runtime, "Virksomhedsindsats")] == [
        (12, ChangeType.CHANGED), (2, ChangeType.CREATED),
    ]  # fmt: skip


def test_seeded_registrations_raise_events_by_the_setup_identity() -> None:
    """Seeding the stage raises the events of an initial load, so that monitoring of a fresh stage finds no divergence."""
    runtime = make_runtime(empty_store())
    dto = stage.PersonDto(cpr="0203840023", kontaktgrupper=(stage.RegistrationDto(type=13),))
    response = set_up(runtime, stage.PeopleDto(people=(dto,)), allow_real_cpr=False)
    assert isinstance(response, SetUp)
    (item,) = heard(runtime)
    assert (item.event.type, item.event.id, item.event.authority) == (13, response.registrations[0][0], OPERATOR_SETUP)


def test_the_change_and_its_events_are_one_transaction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = with_citizen(make_runtime(empty_store(tmp_path / "g.db")))
    put = SqliteTransaction.enqueue_events

    def put_and_fail(t: SqliteTransaction, envelopes: Sequence[EventEnvelope]) -> None:
        put(t, envelopes)
        raise ZeroDivisionError

    monkeypatch.setattr(SqliteTransaction, "enqueue_events", put_and_fail)
    with pytest.raises(ZeroDivisionError):
        register(runtime, citizen().cpr, COMMAND, Caller(identity()), "k")
    monkeypatch.undo()
    assert heard(runtime) == ()
    with runtime.store.reading() as t:
        assert t.find_person(citizen().cpr) == citizen()
    runtime.store.close()
