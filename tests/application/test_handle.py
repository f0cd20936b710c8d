"""The glue of a registration: one transaction for the change and its messages, whatever breaks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from support.stores import empty_store

from byggeklodser import I_DAG, I_MORGEN, NU, borger, identitet, kontrakt, registrer
from vos_contracts.base.ids import ny_uuid
from vos_contracts.model.registration import Art, Opret
from vos_reference.adapters.sqlite.transaktion import SqliteTransaktion
from vos_reference.application.drift import Drift
from vos_reference.application.koe import Inventar, opret_sekvens
from vos_reference.application.ports import Konvolut, Store
from vos_reference.application.registration import GentagetKald
from vos_reference.clock import StageClock, SystemClock
from vos_reference.domain.decision import Afvist, Kalder, Udfoert
from vos_reference.domain.person import Person

KOMMANDO = Opret(Art.KONTAKTGRUPPE, 13, I_DAG)


def drift(store: Store, udgave: str = "2024-4") -> Drift:
    k = kontrakt()
    return Drift(store, StageClock(SystemClock(), NU), ny_uuid, k, k.udgaver[udgave], None, lambda post: None)


@pytest.fixture
def d() -> Drift:
    en = drift(empty_store())
    with en.store.transaktion() as t:
        t.opret_person(borger())
    return en


def antal_beskeder(d: Drift) -> int:
    svar = opret_sekvens(d, identitet(), "")
    assert isinstance(svar, Inventar)
    return sum(antal for _, antal in svar.antal)


def test_kaldets_id_huskes_og_glemmes_efter_syv_dage(d: Drift) -> None:
    kalder = Kalder(identitet())
    assert isinstance(registrer(d, borger().cpr, KOMMANDO, kalder, "k"), Udfoert)
    assert registrer(d, borger().cpr, KOMMANDO, kalder, "k") == GentagetKald()
    d.ur.saet(NU.replace(day=25))
    assert registrer(d, borger().cpr, KOMMANDO, kalder, "k") == GentagetKald()
    d.ur.saet(NU.replace(day=25, second=1))
    assert isinstance(registrer(d, borger().cpr, KOMMANDO, kalder, "k"), Afvist)


def test_en_afvisning_gemmer_intet_og_fortaeller_intet(d: Drift) -> None:
    svar = registrer(d, borger().cpr, Opret(Art.KONTAKTGRUPPE, 13, I_MORGEN), Kalder(identitet()), "k")
    assert isinstance(svar, Afvist)
    with d.store.laesning() as t:
        assert t.find_person(borger().cpr) == borger()
    assert antal_beskeder(d) == 0


def test_i_en_udgave_uden_wsrm_laegges_ingen_beskeder(d: Drift) -> None:
    d.udgave = kontrakt().udgaver["2025-2"]
    assert isinstance(registrer(d, borger().cpr, KOMMANDO, Kalder(identitet()), "k"), Udfoert)
    assert antal_beskeder(d) == 0


def test_fejler_koen_er_registreringen_heller_ikke_sket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    d = drift(empty_store(tmp_path / "g.db"))
    with d.store.transaktion() as t:
        t.opret_person(borger())

    def i_stykker(self: SqliteTransaktion, konvolutter: Sequence[Konvolut]) -> None:
        raise RuntimeError("disken brænder")

    with monkeypatch.context() as m, pytest.raises(RuntimeError):
        m.setattr(SqliteTransaktion, "laeg_i_koe", i_stykker)
        registrer(d, borger().cpr, KOMMANDO, Kalder(identitet()), "k")
    with d.store.laesning() as t:
        fundet = t.find_person(borger().cpr)
    assert isinstance(fundet, Person)
    assert fundet.historik == ()
    assert isinstance(registrer(d, borger().cpr, KOMMANDO, Kalder(identitet()), "k"), Udfoert)
    d.store.luk()
