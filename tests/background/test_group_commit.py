"""Registrations that come at once share a commit: each is answered after it, and one that fails takes no other with it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from byggeklodser import I_DAG, I_MORGEN, NU, borger, identitet, kontrakt
from vos_contracts.base.ids import ny_uuid
from vos_contracts.control.journal import Post
from vos_contracts.model.registration import Art, Opret
from vos_reference.adapters.sqlite import SqliteStore
from vos_reference.adapters.sqlite.transaktion import SqliteTransaktion
from vos_reference.application.drift import Drift
from vos_reference.application.ports import Konvolut, StoreUtilgaengelig, Transaktion
from vos_reference.application.registration import GentagetKald, Registreringskald, Resultat
from vos_reference.background.group_commit import LIMIT, GroupCommit
from vos_reference.background.write_turns import WriteTurns
from vos_reference.clock import StageClock, SystemClock
from vos_reference.domain.decision import Afvist, Kalder, Udfoert

ANTAL = 2 * LIMIT + 3


class Taellende(SqliteStore):
    """Counts the transactions that are begun."""

    begyndt = 0

    def transaktion(self) -> AbstractContextManager[Transaktion]:
        self.begyndt += 1
        return super().transaktion()


class Opsat:
    """Citizens on a stage of its own, and the registrations that were seen in the file from outside at each answer."""

    def __init__(self, fil: Path) -> None:
        self.journal: list[Post] = []
        self.store = Taellende(fil)
        k = kontrakt()
        self.drift = Drift(
            self.store, StageClock(SystemClock(), NU), ny_uuid, k, k.udgaver["2024-4"], None, self.journal.append
        )
        with self.store.transaktion() as t:
            for nummer in range(ANTAL):
                t.opret_person(replace(borger(), id=f"p{nummer}", cpr=cpr(nummer)))
        self.store.begyndt = 0
        self.turns = WriteTurns()
        self.samler = GroupCommit(self.drift, self.turns)
        self.udefra = sqlite3.connect(fil)

    def koer(self, *kald: Registreringskald) -> Sequence[Resultat | BaseException]:
        async def et(en: Registreringskald) -> Resultat:
            svar = await self.samler.register(en)
            if isinstance(svar, Udfoert):
                assert self.i_filen(svar.id), "answered before the commit"
            return svar

        async def alle() -> Sequence[Resultat | BaseException]:
            return await asyncio.gather(*map(et, kald), return_exceptions=True)

        return asyncio.run(alle())

    def i_filen(self, id_: str) -> bool:
        return self.udefra.execute("SELECT 1 FROM registrering WHERE id = ?", (id_,)).fetchone() is not None

    def antal(self) -> int:
        return int(self.udefra.execute("SELECT count(DISTINCT person_id) FROM registrering").fetchone()[0])


def cpr(nummer: int) -> str:
    return f"020384{nummer:04d}"


def kald(nummer: int, kald_id: str = "") -> Registreringskald:
    return Registreringskald(
        cpr(nummer), Opret(Art.KONTAKTGRUPPE, 13, I_DAG), Kalder(identitet()), kald_id or f"k{nummer}"
    )


@pytest.fixture
def opsat(tmp_path: Path) -> Iterator[Opsat]:
    en = Opsat(tmp_path / "g.db")
    yield en
    en.udefra.close()
    en.store.luk()


def test_de_der_kommer_sammen_gemmes_sammen_og_hoejst_saa_mange(opsat: Opsat) -> None:
    svar = opsat.koer(*map(kald, range(ANTAL)))
    assert all(isinstance(en, Udfoert) for en in svar)
    assert opsat.antal() == ANTAL
    assert opsat.store.begyndt == 3
    assert {en.cpr for en in opsat.journal} == {cpr(nummer) for nummer in range(ANTAL)}


def test_en_afvisning_og_en_gentagelse_er_deres_egne(opsat: Opsat) -> None:
    for_sent = replace(kald(1), kommando=Opret(Art.KONTAKTGRUPPE, 13, I_MORGEN))
    ene, afvist, gentaget, anden = opsat.koer(kald(0), for_sent, kald(2, "k0"), kald(3))
    assert isinstance(ene, Udfoert)
    assert isinstance(afvist, Afvist)
    assert isinstance(gentaget, GentagetKald)
    assert isinstance(anden, Udfoert)
    assert opsat.antal() == 2
    assert opsat.store.begyndt == 1


def test_en_der_gaar_i_stykker_tager_ingen_anden_med_sig(opsat: Opsat, monkeypatch: pytest.MonkeyPatch) -> None:
    laeg = SqliteTransaktion.laeg_i_koe

    def i_stykker(self: SqliteTransaktion, konvolutter: Sequence[Konvolut]) -> None:
        laeg(self, konvolutter)
        if any(cpr(1).encode() in en.krop for en in konvolutter):
            raise RuntimeError("disken brænder")

    with monkeypatch.context() as m:
        m.setattr(SqliteTransaktion, "laeg_i_koe", i_stykker)
        foerste, brast, sidste = opsat.koer(kald(0), kald(1), kald(2))
    assert isinstance(foerste, Udfoert)
    assert isinstance(brast, RuntimeError)
    assert isinstance(sidste, Udfoert)
    assert opsat.antal() == 2
    assert {en.cpr for en in opsat.journal} == {cpr(0), cpr(2)}
    (igen,) = opsat.koer(kald(1))  # its request id was not used
    assert isinstance(igen, Udfoert)


def test_kan_intet_gemmes_er_intet_sket_og_intet_fortalt(opsat: Opsat, monkeypatch: pytest.MonkeyPatch) -> None:
    def fuld(self: SqliteTransaktion, konvolutter: Sequence[Konvolut]) -> None:
        if any(cpr(2).encode() in en.krop for en in konvolutter):
            raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as m:
        m.setattr(SqliteTransaktion, "laeg_i_koe", fuld)
        svar = opsat.koer(*map(kald, range(3)))
    assert all(isinstance(en, StoreUtilgaengelig) for en in svar)
    assert opsat.antal() == 0
    assert opsat.journal == []
    assert all(isinstance(en, Udfoert) for en in opsat.koer(*map(kald, range(3))))


def test_den_der_er_gaaet_holder_ingen_op(opsat: Opsat) -> None:
    async def en_gaar() -> Resultat:
        gaaet = asyncio.ensure_future(opsat.samler.register(kald(0)))
        anden = asyncio.ensure_future(opsat.samler.register(kald(1)))
        await asyncio.sleep(0)
        gaaet.cancel()
        return await asyncio.wait_for(anden, 30)

    assert isinstance(asyncio.run(en_gaar()), Udfoert)
    assert opsat.antal() == 2
