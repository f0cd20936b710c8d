"""Delivery with a receiver that answers as told: order, retry on the stage clock, dead letters, many receivers at once."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from support.stores import empty_store

from byggeklodser import AKASSE, I_DAG, JOBCENTER, NU, borger, identitet, kontrakt, registrer
from vos_contracts.base.ids import ny_uuid
from vos_contracts.control.journal import Posttype
from vos_contracts.control.stage import Urtilstand
from vos_contracts.control.webhooks import OrganisationDto, SubscribersystemDto
from vos_contracts.koder.wsb import Wsbtilstand
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Art, Opdater, Opret
from vos_contracts.wire.abonnement import Abonnementsoenske, Synkroniseret
from vos_contracts.wire.wsb import Wsb
from vos_reference.application.wsbabonnement import opret_system, synkroniser
from vos_reference.bootstrap import Applikation, byg
from vos_reference.config import Konfiguration
from vos_reference.domain.decision import Kalder, Udfoert
from vos_reference.domain.person import Person
from vos_reference.domain.retry import Brast, Forsoegssvar, Svarede

SYSTEM = "0193e6a0-0000-7000-8000-000000000001"
KG, PC = 100008, 100009
Svarer = Callable[[str, int], Forsoegssvar]


@dataclass
class Afsender:
    """Notes what is posted, in order, and answers as told by address and the number of that address' attempts."""

    svarer: Svarer = lambda url, nummer: Svarede(200)
    afsendt: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    hold: dict[str, asyncio.Event] = field(default_factory=dict)

    async def post(self, url: str, krop: bytes) -> Forsoegssvar:
        self.afsendt[url].append(msgspec.json.decode(krop)["metadata"])
        nummer = len(self.afsendt[url])
        if url in self.hold:
            await self.hold[url].wait()
        return self.svarer(url, nummer)

    async def luk(self) -> None:
        pass

    def ider(self, url: str) -> list[str]:
        return [en["beskedId"] for en in self.afsendt[url]]


class Scene:
    """The reference in this process with one subscriber system, and citizens."""

    def __init__(self, afsender: Afsender) -> None:
        self.afsender = afsender
        konfiguration = Konfiguration(db=None, clock=NU)  # type: ignore[arg-type]  # no file
        self.applikation: Applikation = byg(konfiguration, kontrakt(), empty_store(), afsender)
        self.drift = self.applikation.drift
        self.personer = [replace(borger(), id=f"p{nr}", cpr=f"020384000{nr}") for nr in range(3)]
        with self.drift.store.transaktion() as t:
            for person in self.personer:
                t.opret_person(person)

    def abonner(self, *entiteter: int, organisation: Organisation = JOBCENTER, system: str = SYSTEM) -> Synkroniseret:
        dto = SubscribersystemDto(
            system_identifier=system,
            base_url=f"http://127.0.0.1/{system[-1]}",
            organisationer=(
                OrganisationDto(organisation_type=JOBCENTER.type, organisation_kode=JOBCENTER.kode),
                OrganisationDto(organisation_type=AKASSE.type, organisation_kode=AKASSE.kode),
            ),
        )
        assert opret_system(self.drift, dto) is None
        oensker = [Abonnementsoenske(organisation, en, "/wsb", NU.date()) for en in entiteter]
        resultat = synkroniser(self.drift, identitet(), system, oensker)
        assert isinstance(resultat, Synkroniseret)
        return resultat

    def registrer(self, person: Person, kommando: Opret | Opdater) -> str:
        svar = registrer(self.drift, person.cpr, kommando, Kalder(identitet()), ny_uuid())
        assert isinstance(svar, Udfoert)
        return svar.person.historik[-1].id

    def gruppe(self, person: Person, gruppe: int) -> str:
        return self.registrer(person, Opret(Art.KONTAKTGRUPPE, gruppe, I_DAG))

    async def frem(self, sekunder: float) -> None:
        til: Callable[[datetime], datetime] = lambda nu: nu + timedelta(seconds=sekunder)  # noqa: E731 - an argument
        clockwork = self.applikation.clockwork
        await clockwork.carry_out(clockwork._due.stil(til, Urtilstand.FROSSET))

    async def ro(self) -> None:
        await self.applikation.delivery.indtil_ro()


URL = "http://127.0.0.1/1/wsb"


def spil(arbejde: Callable[[Scene], Coroutine[Any, Any, None]], afsender: Afsender | None = None) -> Scene:
    """Play in an event loop with a deadline."""

    async def koer() -> Scene:
        scene = Scene(afsender or Afsender())
        async with asyncio.timeout(20):
            await arbejde(scene)
        return scene

    return asyncio.run(koer())


def test_beskeden_er_tynd_og_siger_hvad_der_skal_laeses() -> None:
    async def arbejde(scene: Scene) -> None:
        scene.abonner(KG, PC)
        id_ = scene.gruppe(scene.personer[0], 2)
        await scene.ro()
        foerste, anden = scene.afsender.afsendt[URL]
        besked = Wsb(kontrakt()).laes(msgspec.json.encode({"metadata": foerste, "body": None}))
        assert (besked.entitet_id, besked.entitet_navn, besked.aendringstype) == (KG, "Kontaktgruppe", 1)
        assert (besked.cpr, besked.modtager, besked.registreret) == (scene.personer[0].cpr, JOBCENTER, NU)
        with scene.drift.store.laesning() as t:
            assert t.registrering_findes(besked.id)
        assert besked.id != id_, "the category follows the group"
        assert (anden["entitetId"], anden["eksternIdentifier"]) == (PC, id_)

    spil(arbejde)


def test_en_fejlende_besked_holder_kun_sin_borger_tilbage_og_proeves_efter_planen() -> None:
    fejler = 4
    plan: list[tuple[float, str]] = []

    def svarer(url: str, nummer: int) -> Forsoegssvar:
        metadata = afsender.afsendt[url][-1]
        plan.append(((scene_.drift.ur.now() - NU).total_seconds(), metadata["identifikation"]))
        syg = metadata["identifikation"] == scene_.personer[0].cpr
        return Svarede(500 if syg and sum(cpr == metadata["identifikation"] for _, cpr in plan) <= fejler else 200)

    afsender = Afsender(svarer)
    scene_: Scene

    async def arbejde(scene: Scene) -> None:
        nonlocal scene_
        scene_ = scene
        scene.abonner(KG)
        syg, rask, _ = (en.cpr for en in scene.personer)
        for gruppe in (13, 4):
            scene.gruppe(scene.personer[0], gruppe)
        scene.gruppe(scene.personer[1], 13)
        await scene.ro()
        await scene.frem(3600)
        assert plan[:2] == [(0, syg), (0, rask)]
        assert plan[2:] == [(1, syg), (4, syg), (11, syg), (26, syg), (26, syg), (26, syg)]
        ider = afsender.ider(URL)
        assert len({*ider}) == 4, "two groups, the first closed by the second, and the other citizen's"
        sygs = [en["beskedId"] for en in afsender.afsendt[URL] if en["identifikation"] == syg]
        assert len({*sygs[:5]}) == 1, "a repeat bears the same id"

    spil(arbejde, afsender)


def test_som_designet_opgives_4xx_og_kan_spilles_igen() -> None:
    afsender = Afsender(lambda url, nummer: Svarede(404) if nummer == 1 else Svarede(200))

    async def arbejde(scene: Scene) -> None:
        scene.drift.wsb_tilstand = Wsbtilstand.DESIGNET
        scene.abonner(KG)
        scene.gruppe(scene.personer[0], 13)
        scene.gruppe(scene.personer[0], 4)
        await scene.ro()
        with scene.drift.store.laesning() as t:
            (doed,) = t.doede(9)
        assert (doed.konvolut.id, doed.grund, doed.forsoeg) == (afsender.ider(URL)[0], "status 404", 1)
        assert len(afsender.ider(URL)) == 3, "the later ones flow"
        with scene.drift.store.transaktion() as t:
            assert t.genspil([doed.konvolut.id]) == 1
        await scene.ro()
        assert afsender.ider(URL)[3] == doed.konvolut.id
        with scene.drift.store.laesning() as t:
            assert list(t.doede(9)) == []
            assert t.naeste_forsoeg() is None

    spil(arbejde, afsender)


@pytest.mark.parametrize("svar", [Svarede(404), Svarede(302), Brast("nulstillet")])
def test_som_observeret_proeves_alt_igen(svar: Forsoegssvar) -> None:
    afsender = Afsender(lambda url, nummer: svar if nummer < 3 else Svarede(200))

    async def arbejde(scene: Scene) -> None:
        scene.abonner(KG)
        scene.gruppe(scene.personer[0], 13)
        await scene.ro()
        await scene.frem(10)
        assert len(afsender.ider(URL)) == 3
        with scene.drift.store.laesning() as t:
            assert t.naeste_forsoeg() is None

    spil(arbejde, afsender)


def test_en_langsom_modtager_sinker_ingen_anden() -> None:
    andet = SYSTEM[:-1] + "2"
    langsom, hurtig = URL, "http://127.0.0.1/2/wsb"

    async def arbejde(scene: Scene) -> None:
        scene.afsender.hold[langsom] = asyncio.Event()
        scene.abonner(KG)
        scene.abonner(KG, system=andet)
        virker = asyncio.create_task(scene.applikation.delivery.run())
        for person in scene.personer:
            scene.gruppe(person, 13)
            scene.gruppe(person, 4)
        async with asyncio.timeout(10):
            while len(scene.afsender.ider(hurtig)) < 9:
                await asyncio.sleep(0)
        assert len(scene.afsender.ider(langsom)) == 3, "one of each citizen waits for its answer"
        scene.afsender.hold[langsom].set()
        await scene.ro()
        assert len(scene.afsender.ider(langsom)) == 9
        virker.cancel()

    spil(arbejde)


def test_ikke_flere_ad_gangen_til_en_modtager_end_der_er_plads_til() -> None:
    async def arbejde(scene: Scene) -> None:
        scene.afsender.hold[URL] = asyncio.Event()
        scene.applikation.delivery._concurrent = 2
        scene.abonner(KG)
        for person in scene.personer:
            scene.gruppe(person, 13)
        venter = asyncio.create_task(scene.ro())
        while len(scene.afsender.ider(URL)) < 2:
            await asyncio.sleep(0)
        for _ in range(10):
            await asyncio.sleep(0)
        assert len(scene.afsender.ider(URL)) == 2
        scene.afsender.hold[URL].set()
        await venter
        assert len(scene.afsender.ider(URL)) == 3

    spil(arbejde)


def test_et_fjernet_abonnement_tager_det_usendte_med_sig() -> None:
    afsender = Afsender(lambda url, nummer: Svarede(500))

    async def arbejde(scene: Scene) -> None:
        assert scene.abonner(KG, PC) == Synkroniseret(2, 0, 0)
        scene.gruppe(scene.personer[0], 2)
        await scene.ro()
        assert scene.abonner(KG, PC) == Synkroniseret(0, 0, 2)
        assert scene.abonner(PC) == Synkroniseret(0, 1, 1)
        afsender.svarer = lambda url, nummer: Svarede(200)
        await scene.frem(60)
        assert [en["entitetId"] for en in afsender.afsendt[URL]] == [KG, PC]

    spil(arbejde, afsender)


def test_det_der_ventede_bag_et_fjernet_abonnement_sendes_straks() -> None:
    afsender = Afsender(lambda url, nummer: Svarede(500))

    async def arbejde(scene: Scene) -> None:
        scene.abonner(KG, PC)
        scene.gruppe(scene.personer[0], 2)
        await scene.ro()
        vaekket: list[bool] = []
        scene.drift.noget_at_sende = lambda: vaekket.append(True)
        scene.abonner(KG, PC)
        assert not vaekket
        scene.abonner(PC)
        assert vaekket, "the clock stands still, so that nobody else says that something is due"

    spil(arbejde, afsender)


def test_et_system_der_mister_en_myndighed_mister_dens_abonnementer_og_det_usendte() -> None:
    afsender = Afsender(lambda url, nummer: Svarede(500))

    async def arbejde(scene: Scene) -> None:
        scene.abonner(KG)
        scene.gruppe(scene.personer[0], 13)
        await scene.ro()
        kun_akassen = SubscribersystemDto(
            system_identifier=SYSTEM,
            base_url="http://127.0.0.1/1",
            organisationer=(OrganisationDto(organisation_type=AKASSE.type, organisation_kode=AKASSE.kode),),
        )
        assert opret_system(scene.drift, kun_akassen) is None
        scene.gruppe(scene.personer[1], 13)
        await scene.frem(60)
        assert len(afsender.ider(URL)) == 1
        with scene.drift.store.laesning() as t:
            assert list(t.abonnementer(SYSTEM)) == []

    spil(arbejde, afsender)


def test_uden_abonnement_sendes_intet_og_akassen_faar_kun_sine_fire() -> None:
    akassens = SYSTEM[:-1] + "2"

    async def arbejde(scene: Scene) -> None:
        scene.gruppe(scene.personer[0], 13)
        scene.abonner(KG, organisation=AKASSE, system=akassens)
        for gruppe in (4, 13, 2):
            scene.gruppe(scene.personer[1], gruppe)
        await scene.ro()
        assert [*scene.afsender.afsendt] == ["http://127.0.0.1/2/wsb"]
        assert len(scene.afsender.ider("http://127.0.0.1/2/wsb")) == 1

    spil(arbejde)


def test_ethvert_forsoeg_staar_i_journalen() -> None:
    afsender = Afsender(lambda url, nummer: Svarede(500 if nummer == 1 else 200))

    async def arbejde(scene: Scene) -> None:
        scene.abonner(KG)
        scene.gruppe(scene.personer[0], 13)
        await scene.ro()
        await scene.frem(5)
        poster = scene.applikation.journal.efter(0).poster
        assert [en.data["resultat"] for en in poster if en.art is Posttype.WSB_FORSOEG] == [
            "status 500; igen 2024-11-18T09:00:01+01:00",
            "leveret",
        ]
        assert [en.tidspunkt for en in poster if en.art is Posttype.WSB_FORSOEG] == [NU, NU + timedelta(seconds=1)]
        assert sum(en.art is Posttype.WSB_LAGT for en in poster) == 1

    spil(arbejde, afsender)
