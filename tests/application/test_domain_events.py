"""Events to the business domains: raised in the transaction of the change, with what the domains need to know."""

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
from vos_reference.application.registration import conditions, save
from vos_reference.application.runtime import Runtime
from vos_reference.clock import StageClock, SystemClock
from vos_reference.domain.batch_jobs import Job
from vos_reference.domain.decide import decide_job
from vos_reference.domain.decision import Accepted, Caller, Refused

COMMAND = Create(Kind.KONTAKTGRUPPE, 2, TODAY, event=TODAY - timedelta(days=1))


def runtime(store: Store) -> Runtime:
    k = contract()
    return Runtime(store, StageClock(SystemClock(), NOW), new_uuid, k, k.releases["2024-4"], None, lambda entry: None)


def heard(d: Runtime, domain: str = "JobSearch") -> tuple[QueuedEvent, ...]:
    return monitoring.events(d, domain, 0, 1000).events


def with_citizen(d: Runtime) -> Runtime:
    with d.store.transaction() as t:
        t.create_person(citizen())
    return d


def test_haendelsen_siger_hvad_der_skete_med_hvad_om_hvem_og_af_hvem() -> None:
    d = with_citizen(runtime(empty_store()))
    response = register(d, citizen().cpr, COMMAND, Caller(identity()), "k")
    assert isinstance(response, Accepted)
    group, category_ = (item.event for item in heard(d))
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


def test_en_haendelse_har_samme_id_i_alle_domaener() -> None:
    d = with_citizen(runtime(empty_store()))
    register(d, citizen().cpr, COMMAND, Caller(identity()), "k")
    ids = {domain: [item.event.event_id for item in heard(d, domain)] for domain in d.contract.domains}
    assert ids["JobSearch"] == ids["Kontaktforloeb"]
    assert ids["Virksomhedsindsats"] == ids["JobSearch"][:1]


def test_en_afvisning_rejser_intet() -> None:
    d = with_citizen(runtime(empty_store()))
    response = register(d, citizen().cpr, Create(Kind.KONTAKTGRUPPE, 13, TOMORROW), Caller(identity()), "k")
    assert isinstance(response, Refused)
    assert heard(d) == ()


def test_et_natligt_job_rejser_haendelser_gennem_den_samme_doer() -> None:
    d = runtime(empty_store())
    person = citizen(row(12), category(6), age=30)
    context = conditions(d, NOW, Caller(identity()))
    accepted = decide_job(person, Job.THIRTY_YEAR, context)
    assert accepted is not None
    with d.store.transaction() as t:
        t.create_person(person)
        save(d, t, person, accepted, context)
    assert [(item.event.type, item.event.change_type) for item in heard(d, "Virksomhedsindsats")] == [
        (12, ChangeType.CHANGED), (2, ChangeType.CREATED),
    ]  # fmt: skip


def test_det_der_saettes_op_fortaelles_af_opsaetteren() -> None:
    """Monitoring of a fresh stage finds no divergence: the domains were loaded as the stage was."""
    d = runtime(empty_store())
    dto = stage.PersonDto(cpr="0203840023", kontaktgrupper=(stage.RegistrationDto(type=13),))
    response = set_up(d, stage.PeopleDto(people=(dto,)), allow_real_cpr=False)
    assert isinstance(response, SetUp)
    (item,) = heard(d)
    assert (item.event.type, item.event.id, item.event.authority) == (13, response.registrations[0][0], OPERATOR_SETUP)


def test_aendringen_og_haendelserne_staar_og_falder_sammen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    d = with_citizen(runtime(empty_store(tmp_path / "g.db")))
    put = SqliteTransaction.enqueue_events

    def put_and_fault(t: SqliteTransaction, envelopes: Sequence[EventEnvelope]) -> None:
        put(t, envelopes)
        raise ZeroDivisionError

    monkeypatch.setattr(SqliteTransaction, "enqueue_events", put_and_fault)
    with pytest.raises(ZeroDivisionError):
        register(d, citizen().cpr, COMMAND, Caller(identity()), "k")
    monkeypatch.undo()
    assert heard(d) == ()
    with d.store.reading() as t:
        assert t.find_person(citizen().cpr) == citizen()
    d.store.close()
