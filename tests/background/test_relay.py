"""The relay with a broker that answers as told: in order, noted once confirmed, again after a failure, still while emptied."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.stores import empty_store

from byggeklodser import NU, kontrakt
from vos_contracts.control.journal import Posttype
from vos_contracts.control.stage import PersonDto, PersonerDto, RegistreringDto
from vos_contracts.wire.asgi import AsgiTransport
from vos_contracts.wire.base import Kald, Svar
from vos_reference.adapters.maegler_intern import InternMaegler
from vos_reference.application.opsaetning import opsaet
from vos_reference.application.ports import Haendelsesbrev, MaeglerVaek
from vos_reference.background import relay
from vos_reference.bootstrap import Applikation, byg
from vos_reference.config import Konfiguration
from vos_simulators.people import Folk

DOMAENER = kontrakt().domains


class Maegler:
    """Notes what is published, and is away or hangs as told."""

    navn = "proeve"

    def __init__(self) -> None:
        self.vaek = False
        self.hold: asyncio.Event | None = None
        self.fik: list[Haendelsesbrev] = []
        self.spurgt = 0
        self.position: Callable[[], int] = lambda: 0
        self.positioner: list[int] = []

    async def publicer(self, breve: Sequence[Haendelsesbrev]) -> None:
        self.spurgt += 1
        self.positioner.append(self.position())
        if self.hold is not None:
            await self.hold.wait()
        if self.vaek:
            raise MaeglerVaek("proeve")
        self.fik += breve

    async def luk(self) -> None:
        pass


def scene(maegler: Maegler | None = None) -> Applikation:
    app = byg(Konfiguration(db=Path("-"), clock=NU), kontrakt(), store=empty_store(), maegler=maegler)
    if maegler is not None:
        maegler.position = lambda: position(app, maegler.navn)
    return app


def position(app: Applikation, navn: str) -> int:
    with app.drift.store.laesning() as t:
        return t.maeglerposition(navn, "JobSearch")


_folk = Folk(seed=3)


def rejs(app: Applikation, antal: int = 1) -> None:
    grupper = (RegistreringDto(type=2),)
    personer = tuple(PersonDto(cpr=_folk.ny(40, NU.date()).cpr, kontaktgrupper=grupper) for _ in range(antal))
    opsaet(app.drift, PersonerDto(personer=personer), tillad_rigtige_cpr=False)


def spil(app: Applikation, stykke: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def koer() -> None:
        virker = asyncio.ensure_future(app.virke())
        try:
            await asyncio.wait_for(stykke(), 30)
        finally:
            virker.cancel()
            await asyncio.wait([virker], timeout=10)
        assert virker.cancelled(), "it ends when it is told to, whatever it is in the midst of"

    asyncio.run(koer())


async def til(betingelse: Callable[[], bool]) -> None:
    while not betingelse():
        await asyncio.sleep(0.005)


def tilstande(app: Applikation) -> list[object]:
    return [en.data["tilstand"] for en in app.journal.efter(0).poster if en.art is Posttype.MAEGLER]


def test_i_orden_vaekket_af_en_commit_og_noteret_efter_bekraeftelsen() -> None:
    maegler = Maegler()
    app = scene(maegler)

    async def stykke() -> None:
        await til(lambda: maegler.spurgt == 1)
        assert maegler.fik == [], "asked at once, with nothing to say"
        rejs(app, 250)
        await til(lambda: len(maegler.fik) == 750)
        await til(lambda: position(app, "proeve") > 0)

    spil(app, stykke)
    for domaene in DOMAENER:
        numre = [en.nr for en in maegler.fik if en.domaene == domaene]
        assert numre == sorted(set(numre))
        assert len(numre) == 250
    assert maegler.positioner == sorted(maegler.positioner)
    assert maegler.positioner[:2] == [0, 0], "the first events are published before anything is noted"
    assert position(app, "proeve") == max(en.nr for en in maegler.fik if en.domaene == "JobSearch")


def test_mens_den_er_vaek_noteres_intet_og_bagefter_kommer_alt_en_gang(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "FIRST_RETRY_S", 0.02)
    maegler = Maegler()
    maegler.vaek = True
    app = scene(maegler)

    async def stykke() -> None:
        rejs(app, 3)
        await til(lambda: maegler.spurgt >= 4)
        assert position(app, "proeve") == 0
        assert tilstande(app) == ["væk"], "said once"
        maegler.vaek = False
        await til(lambda: tilstande(app) == ["væk", "tilbage"])

    spil(app, stykke)
    assert len(maegler.fik) == len({(en.domaene, en.id) for en in maegler.fik}) == 9


def test_ventetiden_vokser_og_nye_haendelser_afkorter_den_ikke(monkeypatch: pytest.MonkeyPatch) -> None:
    hvil: list[float] = []
    sov = asyncio.sleep

    async def soevn(sekunder: float) -> None:
        if sekunder >= relay.FIRST_RETRY_S:
            hvil.append(sekunder)
        await sov(0.001)

    monkeypatch.setattr(relay.asyncio, "sleep", soevn)
    maegler = Maegler()
    maegler.vaek = True
    app = scene(maegler)

    async def stykke() -> None:
        while len(hvil) < 7:
            rejs(app)
            await sov(0.001)

    spil(app, stykke)
    assert hvil[:7] == [0.5, 1, 2, 4, 8, 15, 15]


def test_intet_udgives_mens_scenen_toemmes() -> None:
    maegler = Maegler()
    app = scene(maegler)
    styring = AsgiTransport(app.styring)

    async def stykke() -> None:
        await til(lambda: maegler.spurgt == 1)
        maegler.hold = asyncio.Event()
        rejs(app, 2)
        await til(lambda: maegler.spurgt == 2)
        toemmer = asyncio.ensure_future(styring.send(Kald("POST", "/styring/nulstil")))
        for _ in range(20):
            await asyncio.sleep(0.001)
        assert not toemmer.done(), "it waits for what is on its way"
        maegler.hold.set()
        assert (await toemmer).status == 204
        assert position(app, "proeve") == 0, "nothing is noted of what is gone"
        antal = len(maegler.fik)
        rejs(app)
        await til(lambda: len(maegler.fik) == antal + 3)

    spil(app, stykke)


def flyt(app: Applikation, frem: str) -> Coroutine[Any, Any, Svar]:
    return AsgiTransport(app.styring).send(Kald("PUT", "/styring/ur", {}, f'{{"frem":"{frem}"}}'.encode()))


def test_naar_uret_er_flyttet_over_en_nat_er_haendelserne_udgivet() -> None:
    """More than a batch to each domain, of which one has the last event and is not as far behind as the others."""
    maegler = Maegler()
    app = scene(maegler)
    fylder = [_folk.foedt(date(NU.year - 30, NU.month, NU.day + 1)).cpr for _ in range(120)]
    grupper, kategorier = (RegistreringDto(type=12),), (RegistreringDto(type=8),)
    personer = tuple(PersonDto(cpr=en, kontaktgrupper=grupper, personkategorier=kategorier) for en in fylder)
    opsaet(app.drift, PersonerDto(personer=personer), tillad_rigtige_cpr=False)
    rejs(app)

    async def stykke() -> None:
        assert (await flyt(app, "PT0S")).status == 200
        fik = Counter(en.domaene for en in maegler.fik)
        assert fik == {"JobSearch": 241, "Kontaktforloeb": 241, "Virksomhedsindsats": 121}
        maegler.fik.clear()
        assert (await flyt(app, "P1D")).status == 200
        assert Counter(en.domaene for en in maegler.fik) == dict.fromkeys(DOMAENER, 240), "12 ends, and 2 begins"
        assert position(app, maegler.navn) == max(en.nr for en in maegler.fik if en.domaene == "JobSearch")

    spil(app, stykke)


def test_uret_venter_paa_maegleren_og_ikke_paa_en_der_er_vaek() -> None:
    maegler = Maegler()
    app = scene(maegler)

    async def stykke() -> None:
        await til(lambda: maegler.spurgt == 1)
        maegler.hold = asyncio.Event()
        rejs(app)
        flytter = asyncio.ensure_future(flyt(app, "PT1H"))
        await til(lambda: maegler.spurgt == 2)
        for _ in range(20):
            await asyncio.sleep(0)
        assert not flytter.done(), "it waits for what is on its way"
        maegler.hold.set()
        assert (await flytter).status == 200
        assert len(maegler.fik) == 3
        maegler.vaek = True
        rejs(app)
        assert (await flyt(app, "PT1H")).status == 200
        assert tilstande(app) == ["væk"]
        maegler.vaek = False
        assert (await flyt(app, "PT1H")).status == 200
        assert tilstande(app) == ["væk", "tilbage"]
        assert len(maegler.fik) == 6

    spil(app, stykke)


def test_uret_venter_ikke_paa_det_der_rejses_imens() -> None:
    """A stage that is busier than its broker would otherwise never have settled."""
    maegler = Maegler()
    app = scene(maegler)
    publicer = maegler.publicer

    async def travl(breve: Sequence[Haendelsesbrev]) -> None:
        await publicer(breve)
        if len(maegler.fik) < 300:
            rejs(app)

    maegler.publicer = travl  # type: ignore[method-assign]  # one more comes while one is sent

    async def stykke() -> None:
        rejs(app)
        assert (await flyt(app, "PT1H")).status == 200
        assert 0 < len(maegler.fik) < 300

    spil(app, stykke)


def test_uden_en_maegler_baerer_den_i_processen_og_en_lytter_faar_sit() -> None:
    app = scene()
    assert isinstance(app.maegler, InternMaegler)
    maegler = app.maegler

    async def stykke() -> None:
        lytter = maegler.abonner("Virksomhedsindsats")
        rejs(app, 5)
        breve = [await lytter.modtag() for _ in range(5)]
        assert {en.emne for en in breve} == {"Virksomhedsindsats.kontaktgruppe.oprettet"}

    spil(app, stykke)
