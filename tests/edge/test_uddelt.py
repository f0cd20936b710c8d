"""A reference that is dealt out: what the other processes say is there whenever the journal is read, and wakes who sends."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from byggeklodser import I_DAG, NU, identitet, kontrakt
from vos_contracts.idkilde import ny_uuid
from vos_contracts.journalpost import Post, Posttype
from vos_contracts.operationer import Art, Opret
from vos_contracts.styring import PersonerDto
from vos_contracts.wire.asgi import Message
from vos_contracts.wire.base import Kald
from vos_contracts.wire.transport_asgi import AsgiTransport
from vos_reference.adapters.bud import Budbringer
from vos_reference.application.handle import registrer
from vos_reference.application.opsaetning import opsaet
from vos_reference.bootstrap import Applikation, byg, byg_medhjaelper
from vos_reference.config import Konfiguration
from vos_reference.domain.beslutning import Kalder, Udfoert
from vos_reference.edge.journal import Kaldsjournal
from vos_simulators.people import Folk, paa_scenen

NULSTILLET = Post(art=Posttype.NULSTILLET, tidspunkt=NU)
LAGT = Post(art=Posttype.BESKED_LAGT, tidspunkt=NU, cpr="0101010000", data={"id": "1"})


class Vaekker:
    """Counts how often it was woken."""

    def __init__(self) -> None:
        self.gange = 0

    def vaek(self) -> None:
        self.gange += 1


@pytest.fixture
def uddelt(tmp_path: Path) -> Iterator[tuple[Applikation, Budbringer, Any, Any]]:
    wsb, haendelser = Vaekker(), Vaekker()
    bygget = byg(Konfiguration(db=tmp_path / "a.db", ur=NU, skrivekoe=tmp_path / "koe"), kontrakt())
    applikation = replace(bygget, leveringsloeb=wsb, formidlingsloeb=haendelser)  # type: ignore[arg-type] # only woken
    hoerer, taler = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with hoerer, taler:
        applikation.del_ud(2, tmp_path / "side", hoerer)
        yield applikation, Budbringer(taler, 1), wsb, haendelser
    applikation.luk()


def test_den_der_laeser_journalen_hoerer_foerst_hvad_der_er_sagt(
    uddelt: tuple[Applikation, Budbringer, Any, Any],
) -> None:
    applikation, bringer, wsb, haendelser = uddelt
    assert applikation.drift.processer == 2

    bringer(LAGT)
    bringer.wsb()
    bringer.send()
    assert applikation.journal.efter(0).poster == (LAGT,)
    assert (wsb.gange, haendelser.gange) == (1, 0)
    bringer.haendelser()
    bringer.send()
    assert applikation.journal.efter(1).poster == ()
    assert (wsb.gange, haendelser.gange) == (1, 1)


def test_det_der_er_sagt_foer_staar_foer_det_vi_selv_noterer(uddelt: tuple[Applikation, Budbringer, Any, Any]) -> None:
    applikation, bringer, _, _ = uddelt
    bringer(LAGT)
    bringer.send()
    applikation.journal(NULSTILLET)
    assert applikation.journal.efter(0).poster == (LAGT, NULSTILLET)


def test_hvad_en_skrivning_foerte_til_er_sagt_foer_nogen_anden_skriver(tmp_path: Path) -> None:
    konfiguration = Konfiguration(db=tmp_path / "a.db", ur=NU, skrivekoe=tmp_path / "koe")
    applikation = byg(konfiguration, kontrakt())
    hoerer, taler = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with hoerer, taler:
        applikation.del_ud(1, tmp_path / "side", hoerer)
        borger = Folk(seed=3).ny(40, NU.date())
        opsaet(applikation.drift, PersonerDto(personer=(paa_scenen(borger),)), tillad_rigtige_cpr=False)
        hjaelper = byg_medhjaelper(konfiguration, kontrakt(), tmp_path / "side", taler)
        kommando = Opret(Art.KONTAKTGRUPPE, 2, I_DAG)
        assert isinstance(registrer(hjaelper.drift, borger.cpr, kommando, Kalder(identitet()), ny_uuid()), Udfoert)
        poster = applikation.journal.efter(0).poster
        assert {en.art for en in poster if en.cpr == borger.cpr} == {Posttype.BESKED_LAGT}
        hjaelper.luk()
    applikation.luk()


def test_efter_en_nulstilling_skriver_ingen_paa_det_gamle_ur(tmp_path: Path) -> None:
    applikation = byg(Konfiguration(db=tmp_path / "a.db", ur=NU, skrivekoe=tmp_path / "koe"), kontrakt())
    assert applikation.koe is not None
    applikation.drift.ur.saet(NU + timedelta(days=100))
    naar_koen_slippes: list[datetime] = []
    applikation.koe.foer_slip = lambda: naar_koen_slippes.append(applikation.drift.ur.now())
    svar = asyncio.run(AsgiTransport(applikation.styring).send(Kald("POST", "/styring/nulstil")))
    assert svar.status == 204
    assert set(naar_koen_slippes) == {NU}
    applikation.luk()


@pytest.mark.parametrize("stykker", [1, 2])
def test_et_kald_er_noteret_foer_det_sidste_af_svaret_gaar_og_een_gang(stykker: int) -> None:
    noteret: list[object] = []
    ved_afsendelse: list[tuple[str, int]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for nr in range(stykker):
            await send({"type": "http.response.body", "body": b"x", "more_body": nr + 1 < stykker})

    async def modtag() -> Message:
        return {"type": "http.request", "body": b"ind", "more_body": False}

    async def afsend(besked: Message) -> None:
        ved_afsendelse.append((besked["type"].rpartition(".")[2], len(noteret)))

    class Ur:
        def now(self) -> Any:
            return NU

    scope: Any = {"type": "http", "method": "GET", "path": "/", "headers": []}
    asyncio.run(Kaldsjournal(app, noteret.append, Ur())(scope, modtag, afsend))
    assert ved_afsendelse == [("start", 0), *[("body", 0)] * (stykker - 1), ("body", 1)]
    (kald,) = noteret
    assert kald[4] == 200  # type: ignore[index] # the status
    assert kald[6:] == (b"ind", b"x" * stykker)  # type: ignore[index] # what came in, and what went out


def test_et_kald_uden_svar_er_ogsaa_noteret() -> None:
    noteret: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()

    async def modtag() -> Message:
        return {"type": "http.disconnect"}

    async def afsend(besked: Message) -> None: ...

    class Ur:
        def now(self) -> Any:
            return NU

    scope: Any = {"type": "http", "method": "GET", "path": "/", "headers": []}
    asyncio.run(Kaldsjournal(app, noteret.append, Ur())(scope, modtag, afsend))
    assert [en[4] for en in noteret] == [0]
