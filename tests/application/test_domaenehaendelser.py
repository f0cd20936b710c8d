"""Events to the business domains: raised in the transaction of the change, with what the domains need to know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from support.stores import empty_store

from byggeklodser import I_DAG, I_MORGEN, JOBCENTER, NU, borger, identitet, kategori, kontrakt, raekke, registrer
from vos_contracts.base.ids import ny_uuid
from vos_contracts.control import stage
from vos_contracts.control.operations import OPSAETTER, LagtHaendelse
from vos_contracts.model.registration import Aendringstype, Art, Opret
from vos_contracts.wire.haendelser import Domaenehaendelse
from vos_reference.adapters.sqlite.transaktion import SqliteTransaktion
from vos_reference.application import overvaagning
from vos_reference.application.drift import Drift
from vos_reference.application.opsaetning import Opsat, opsaet
from vos_reference.application.ports import Haendelseskonvolut, Store
from vos_reference.application.registration import conditions, save
from vos_reference.clock import StageClock, SystemClock
from vos_reference.domain.batchjob import Job
from vos_reference.domain.beslut import beslut_job
from vos_reference.domain.decision import Afvist, Kalder, Udfoert

KOMMANDO = Opret(Art.KONTAKTGRUPPE, 2, I_DAG, haendelse=I_DAG - timedelta(days=1))


def drift(store: Store) -> Drift:
    k = kontrakt()
    return Drift(store, StageClock(SystemClock(), NU), ny_uuid, k, k.udgaver["2024-4"], None, lambda post: None)


def hoert(d: Drift, domaene: str = "JobSearch") -> tuple[LagtHaendelse, ...]:
    return overvaagning.haendelser(d, domaene, 0, 1000).haendelser


def med_borger(d: Drift) -> Drift:
    with d.store.transaktion() as t:
        t.opret_person(borger())
    return d


def test_haendelsen_siger_hvad_der_skete_med_hvad_om_hvem_og_af_hvem() -> None:
    d = med_borger(drift(empty_store()))
    svar = registrer(d, borger().cpr, KOMMANDO, Kalder(identitet()), "k")
    assert isinstance(svar, Udfoert)
    gruppe, kategori_ = (en.haendelse for en in hoert(d))
    assert gruppe == Domaenehaendelse(
        haendelse_id=gruppe.haendelse_id,
        entitet=Art.KONTAKTGRUPPE,
        aendringstype=Aendringstype.OPRETTET,
        borger_id="p",
        cpr=borger().cpr,
        id=svar.id,
        type=2,
        haendelse=KOMMANDO.haendelse,
        start=I_DAG,
        slut=None,
        myndighed=JOBCENTER,
        indtraffet=NU,
    )
    assert (kategori_.entitet, kategori_.type, kategori_.myndighed) == (Art.PERSONKATEGORI, 8, JOBCENTER)
    assert gruppe.haendelse_id != kategori_.haendelse_id


def test_en_haendelse_har_samme_id_i_alle_domaener() -> None:
    d = med_borger(drift(empty_store()))
    registrer(d, borger().cpr, KOMMANDO, Kalder(identitet()), "k")
    ider = {domaene: [en.haendelse.haendelse_id for en in hoert(d, domaene)] for domaene in d.kontrakt.domains}
    assert ider["JobSearch"] == ider["Kontaktforloeb"]
    assert ider["Virksomhedsindsats"] == ider["JobSearch"][:1]


def test_en_afvisning_rejser_intet() -> None:
    d = med_borger(drift(empty_store()))
    svar = registrer(d, borger().cpr, Opret(Art.KONTAKTGRUPPE, 13, I_MORGEN), Kalder(identitet()), "k")
    assert isinstance(svar, Afvist)
    assert hoert(d) == ()


def test_et_natligt_job_rejser_haendelser_gennem_den_samme_doer() -> None:
    d = drift(empty_store())
    person = borger(raekke(12), kategori(6), alder=30)
    betingelser = conditions(d, NU, Kalder(identitet()))
    udfoert = beslut_job(person, Job.TREDIVE_AAR, betingelser)
    assert udfoert is not None
    with d.store.transaktion() as t:
        t.opret_person(person)
        save(d, t, person, udfoert, betingelser)
    assert [(en.haendelse.type, en.haendelse.aendringstype) for en in hoert(d, "Virksomhedsindsats")] == [
        (12, Aendringstype.AENDRET), (2, Aendringstype.OPRETTET),
    ]  # fmt: skip


def test_det_der_saettes_op_fortaelles_af_opsaetteren() -> None:
    """Monitoring of a fresh stage finds no divergence: the domains were loaded as the stage was."""
    d = drift(empty_store())
    dto = stage.PersonDto(cpr="0203840023", kontaktgrupper=(stage.RegistreringDto(type=13),))
    svar = opsaet(d, stage.PersonerDto(personer=(dto,)), tillad_rigtige_cpr=False)
    assert isinstance(svar, Opsat)
    (en,) = hoert(d)
    assert (en.haendelse.type, en.haendelse.id, en.haendelse.myndighed) == (13, svar.registreringer[0][0], OPSAETTER)


def test_aendringen_og_haendelserne_staar_og_falder_sammen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    d = med_borger(drift(empty_store(tmp_path / "g.db")))
    laeg = SqliteTransaktion.laeg_haendelser

    def laeg_og_brist(t: SqliteTransaktion, konvolutter: Sequence[Haendelseskonvolut]) -> None:
        laeg(t, konvolutter)
        raise ZeroDivisionError

    monkeypatch.setattr(SqliteTransaktion, "laeg_haendelser", laeg_og_brist)
    with pytest.raises(ZeroDivisionError):
        registrer(d, borger().cpr, KOMMANDO, Kalder(identitet()), "k")
    monkeypatch.undo()
    assert hoert(d) == ()
    with d.store.laesning() as t:
        assert t.find_person(borger().cpr) == borger()
    d.store.luk()
