"""The runner: delta and full come to the same, progress and report add up, and an interrupted run goes on where it was."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from folkemaengde import DAG, FOERSTE_NAT, bosaet, folk
from support.stores import empty_store

from byggeklodser import NU, kontrakt
from vos_contracts.base.ids import ny_uuid
from vos_contracts.control.journal import Post, Posttype
from vos_contracts.control.stage import Koerselsart, Urtilstand
from vos_reference.adapters.sqlite.transaktion import SqliteTransaktion
from vos_reference.application import batch
from vos_reference.application.drift import Drift
from vos_reference.application.natkoersel import Natkoersel
from vos_reference.application.ports import Jobtal, Koersel, Konvolut, Status, Store, StoreUtilgaengelig
from vos_reference.application.ur import Urvaerk
from vos_reference.clock import StageClock, SystemClock
from vos_reference.domain.batchjob import Job
from vos_reference.domain.person import Person

NAETTER = [FOERSTE_NAT + timedelta(days=nummer) for nummer in range(4)]


def drift(store: Store, poster: list[Post] | None = None) -> Drift:
    k = kontrakt()
    journal: Any = (lambda post: None) if poster is None else poster.append
    return Drift(store, StageClock(SystemClock(), NU), ny_uuid, k, k.udgaver["2024-4"], None, journal)


def koer(d: Drift, art: Koerselsart, nat: int = 0) -> Koersel:
    return faerdig(batch.koer(d, batch.aaben(d) or batch.begynd(d, art, NAETTER[nat])))


def faerdig(forloeb: Any) -> Any:
    while True:
        try:
            next(forloeb)
        except StopIteration as slut:
            return slut.value


def one_chunk(d: Drift, run: Koersel) -> None:
    next(step for step in batch.koer(d, run) if isinstance(step, Koersel))


def uden_nye_ider(person: Person) -> Person:
    """The citizen with the ids that were minted on the way made the same for all."""
    gamle = {en.id for en in next(en for en in folk(int(person.id[1:]) + 1) if en.id == person.id).historik}
    return replace(person, historik=tuple(en if en.id in gamle else replace(en, id="ny") for en in person.historik))


def tilstand(store: Store) -> tuple[list[Person], list[int]]:
    with store.laesning() as t:
        alle = [uden_nye_ider(en) for en in t.personer_efter("", 10_000)]
        return alle, [t.antal_forfaldne(job, DAG + timedelta(days=90)) for job in Job]


def beskeder(fil: Path) -> Counter[tuple[str, str, int, str, str]]:
    with sqlite3.connect(fil) as db:
        raekker = db.execute(
            "SELECT beskedtype, organisation_kode, json_extract(krop, '$.type'), json_extract(krop, '$.cpr'),"
            " json_extract(krop, '$.registrant.bruger.navn') FROM besked"
        ).fetchall()
    db.close()
    return Counter(raekker)


def test_delta_og_fuldt_giver_det_samme_nat_for_nat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "KLUMP", 7)
    kom_til = []
    for art in Koerselsart:
        store = empty_store(tmp_path / f"{art}.db")
        bosaet(store, 100)
        koersler = [koer(drift(store), art, nat) for nat in range(4)]
        kom_til.append((tilstand(store), beskeder(tmp_path / f"{art}.db"), [en.aendrede for en in koersler]))
        store.luk()
    assert kom_til[0] == kom_til[1]
    assert kom_til[0][2] == [28, 21, 21, 0]


def test_to_gange_er_en_gang(tmp_path: Path) -> None:
    store = empty_store(tmp_path / "g.db")
    bosaet(store, 50)
    d = drift(store)
    koer(d, Koerselsart.FULD)
    foer = tilstand(store), beskeder(tmp_path / "g.db")
    for art in Koerselsart:
        assert koer(d, art).aendrede == 0
        assert (tilstand(store), beskeder(tmp_path / "g.db")) == foer
    store.luk()


def test_rapporten_taeller_pr_job_og_siger_hvor_laenge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "KLUMP", 7)
    tider = iter(range(1000))
    monkeypatch.setattr(batch.stopwatch, "seconds", lambda: float(next(tider)))
    store, poster = empty_store(), list[Post]()
    bosaet(store, 100)
    delta = koer(drift(store, poster), Koerselsart.DELTA)
    assert (delta.status, delta.dag, delta.art, delta.natlig) == (
        Status.FAERDIG,
        NAETTER[0].date(),
        Koerselsart.DELTA,
        False,
    )
    assert delta.tal == {
        Job.AFMELDING: Jobtal(4, 4), Job.RASKMELDING: Jobtal(4, 4), Job.SYGEDAGPENGE_OPHOER: Jobtal(4, 4),
        Job.FLEKSJOB: Jobtal(8, 8), Job.TREDIVE_AAR: Jobtal(8, 8),
    }  # fmt: skip
    assert (delta.i_alt, delta.sete, delta.aendrede, delta.sekunder) == (28, 28, 28, 9.0)
    fuld = koer(drift(store, poster), Koerselsart.FULD)
    assert fuld.tal == {job: Jobtal(100, 0) for job in Job}
    assert (fuld.i_alt, fuld.sete, fuld.sekunder) == (100, 100, 15.0)
    assert [(en.data["art"], en.data["aendrede"]) for en in poster if en.art is Posttype.KOERSEL] == [
        ("delta", 28), ("fuld", 0),
    ]  # fmt: skip


def test_delta_ser_kun_paa_de_forfaldne(monkeypatch: pytest.MonkeyPatch) -> None:
    store = empty_store()
    bosaet(store, 200)
    set_paa: list[str] = []
    oprindelig = batch.beslut_job
    monkeypatch.setattr(batch, "beslut_job", lambda person, *a: set_paa.append(person.id) or oprindelig(person, *a))
    koer(drift(store), Koerselsart.DELTA)
    assert len(set_paa) == len(set(set_paa)) == 7 * 7
    set_paa.clear()
    koer(drift(store), Koerselsart.DELTA)
    assert set_paa == []


def test_et_forfald_der_ikke_laengere_er_et_noteres_om_og_kommer_ikke_igen() -> None:
    store = empty_store()
    d = drift(store)
    (_, _, _, person) = folk(4)
    person = replace(person, fleksjob=())
    with store.transaktion() as t:
        t.opret_person(person, ((Job.FLEKSJOB, DAG),))
    assert koer(d, Koerselsart.DELTA).tal == {Job.FLEKSJOB: Jobtal(1, 0)}
    assert koer(d, Koerselsart.DELTA).tal == {}


@pytest.mark.parametrize("art", Koerselsart)
def test_en_koersel_der_afbrydes_gaar_videre_hvor_den_var(
    art: Koerselsart, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store fails in the middle of every other chunk, after half of its messages: nothing of that chunk has happened."""
    monkeypatch.setattr(batch, "KLUMP", 7)
    hel, brudt = empty_store(tmp_path / "hel.db"), empty_store(tmp_path / "brudt.db")
    for store in (hel, brudt):
        bosaet(store, 100)
    uforstyrret = koer(drift(hel), art)
    laeg, kald = SqliteTransaktion.laeg_i_koe, iter(range(10_000))

    def falder_ud(self: SqliteTransaktion, konvolutter: Sequence[Konvolut]) -> None:
        if next(kald) % 5 == 4:
            raise sqlite3.OperationalError("disk I/O error")
        laeg(self, konvolutter)

    afbrydelser = 0
    while True:
        try:
            with monkeypatch.context() as m:
                m.setattr(SqliteTransaktion, "laeg_i_koe", falder_ud)
                koersel = koer(drift(brudt), art)
            break
        except StoreUtilgaengelig:
            afbrydelser += 1
            assert afbrydelser < 200
            aaben = batch.aaben(drift(brudt))
            assert aaben is not None
            if afbrydelser % 2 == 0:  # let it get somewhere
                one_chunk(drift(brudt), aaben)
    assert afbrydelser > 2
    assert (koersel.tal, koersel.sete) == (uforstyrret.tal, uforstyrret.sete)
    assert tilstand(brudt) == tilstand(hel)
    assert beskeder(tmp_path / "brudt.db") == beskeder(tmp_path / "hel.db")
    for store in (hel, brudt):
        store.luk()


def test_en_afbrudt_koersel_faar_sit_eget_tidspunkt_og_kommer_foer_den_naeste_nat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batch, "KLUMP", 7)
    store, poster = empty_store(), list[Post]()
    bosaet(store, 100)
    d = drift(store, poster)
    naetter = Natkoersel(d)
    naetter.begynd()
    one_chunk(d, batch.begynd(d, Koerselsart.FULD, NAETTER[0], natlig=True))
    d.ur.saet(NAETTER[2] + timedelta(hours=5))
    faerdig(Urvaerk(d.ur, (naetter,)).indhent())
    assert [(en.tidspunkt, en.data["art"]) for en in poster if en.art is Posttype.KOERSEL] == [
        (NAETTER[0], "fuld"), (NAETTER[1], "delta"), (NAETTER[2], "delta"),
    ]  # fmt: skip


def test_forsoemte_naetter_er_det_samme_som_hver_nat_for_sig() -> None:
    hver_nat, forsoemt = empty_store(), empty_store()
    for store in (hver_nat, forsoemt):
        bosaet(store, 100)
    d = drift(hver_nat)
    naetter = Natkoersel(d)
    naetter.begynd()
    for nat in NAETTER:
        faerdig(Urvaerk(d.ur, (naetter,)).stil(lambda nu, nat=nat: nat + timedelta(hours=7), Urtilstand.FROSSET))
    d = drift(forsoemt)
    naetter = Natkoersel(d)
    naetter.begynd()
    d.ur.saet(NAETTER[-1] + timedelta(hours=7))
    faerdig(Urvaerk(d.ur, (naetter,)).indhent())
    assert tilstand(forsoemt) == tilstand(hver_nat)


def test_i_en_udgave_uden_wsrm_skifter_grupperne_og_ingen_faar_besked(tmp_path: Path) -> None:
    store = empty_store(tmp_path / "g.db")
    bosaet(store, 50)
    d = drift(store)
    d.udgave = kontrakt().udgaver["2025-2"]
    assert koer(d, Koerselsart.DELTA).aendrede == 14
    assert beskeder(tmp_path / "g.db") == Counter()
    store.luk()
