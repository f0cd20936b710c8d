"""A stage with a real RabbitMQ, and a stranger who listens: exactly the events, in order, whatever is stopped or killed."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from fremmed import Fremmed
from processer import Proces, scene_i_proces
from rabbitmq import Rabbit, startet

from byggeklodser import AKASSE, I_DAG, NU, identitet, kontrakt
from vos_contracts.base.ids import ny_uuid
from vos_contracts.model.registration import Art, Opret
from vos_contracts.wire.haendelser import Domaenehaendelse, afkod_haendelse, koe
from vos_simulators.control import Styring
from vos_simulators.party import Aktoer, Kanal
from vos_simulators.people import Borger, Folk, paa_scenen
from vos_simulators.stage_reader import Driftslaeser
from vos_simulators.transport import HttpTransport

DOMAENER = kontrakt().domains
FRIST_S = 60
HOEJST_S = 20
"""Shorter than the relay rests when nobody wakes it."""
Ankomne = dict[str, list[str]]


@pytest.fixture
def rabbit(tmp_path: Path) -> Iterator[Rabbit]:
    """A server for one test, which stops it."""
    mappe = tmp_path / "rabbit"
    mappe.mkdir()
    with startet(mappe) as en:
        yield en


def scene(rabbit: Rabbit, mappe: Path) -> Sequence[str]:
    return ("--db", str(mappe / "scene.db"), "--people", "0", "--clock", NU.isoformat(), "--broker", rabbit.url)


def paa(proces: Proces, antal: int) -> list[Borger]:
    """Put citizens on the stage who fill 30 within a year, and so have something in a nightly run."""
    folk = Folk(seed=11)
    borgere = [folk.ny(29, NU.date()) for _ in range(antal)]
    with HttpTransport(proces.styring) as linje:
        Styring(linje).opsaet(*(paa_scenen(en, akasse=AKASSE) for en in borgere))
    return borgere


def registrer(proces: Proces, borgere: Sequence[Borger], *grupper: int) -> None:
    with HttpTransport(proces.tjenester) as transport:
        kss = Aktoer(identitet(), kontrakt(), transport, ny_uuid)
        for gruppe in grupper:
            for borger in borgere:
                svar = kss.registrer(borger.cpr, Opret(Art.KONTAKTGRUPPE, gruppe, I_DAG), Kanal.PVS)
                assert isinstance(svar, str), svar


def naetter(proces: Proces, frem: str) -> None:
    with HttpTransport(proces.styring, tidsfrist=None) as linje:
        Styring(linje).flyt_ur(frem=frem)


def rejst(proces: Proces) -> dict[str, list[Domaenehaendelse]]:
    """Read what the stage says that it has raised."""
    with HttpTransport(proces.styring) as linje:
        laeser = Driftslaeser(linje)
        return {en: [lagt.haendelse for lagt in laeser.haendelser(en, 0)] for en in DOMAENER}


def hent(rabbit: Rabbit, skal: dict[str, list[Domaenehaendelse]]) -> Ankomne:
    """Listen as every domain until each has heard its last event and then nothing for a while; check bodies and keys."""

    async def domaenet(domaene: str) -> list[str]:
        kendte = {en.haendelse_id: en for en in skal[domaene]}
        ider: list[str] = []
        async with Fremmed(rabbit.url, domaene) as fremmed:
            while not ider or ider[-1] != skal[domaene][-1].haendelse_id:
                besked = await fremmed.naeste(HOEJST_S)
                await besked.ack()
                haendelse = afkod_haendelse(besked.body)
                assert haendelse == kendte[besked.message_id or ""]
                ord_ = (domaene, haendelse.entitet.value, haendelse.aendringstype.name.lower())
                assert besked.routing_key == ".".join(ord_)
                ider.append(haendelse.haendelse_id)
            ider += [besked.message_id or "" for besked in await fremmed.alle()]
        return ider

    async def alle() -> Ankomne:
        return dict(zip(DOMAENER, await asyncio.gather(*(domaenet(en) for en in DOMAENER)), strict=True))

    return asyncio.run(alle())


def ider(skal: dict[str, list[Domaenehaendelse]]) -> Ankomne:
    return {domaene: [en.haendelse_id for en in haendelser] for domaene, haendelser in skal.items()}


def hver_en_gang(ankomne: Ankomne) -> Ankomne:
    """Drop repeats, each id where it came first."""
    return {domaene: list(dict.fromkeys(egne)) for domaene, egne in ankomne.items()}


def journalens(proces: Proces) -> list[str]:
    with HttpTransport(proces.styring) as linje:
        return [str(post.data["tilstand"]) for post in Styring(linje).journal().poster if post.art.value == "maegler"]


def vent(proces: Proces, tilstande: list[str]) -> None:
    """Wait until the journal says so of the broker."""
    venter = asyncio.new_event_loop()
    try:
        for _ in range(FRIST_S * 5):
            if journalens(proces) == tilstande:
                return
            venter.run_until_complete(asyncio.sleep(0.2))
    finally:
        venter.close()
    raise AssertionError(f"the broker is {journalens(proces)}, not {tilstande}")


def test_hvert_domaene_faar_praecis_sine_haendelser_ogsaa_af_en_natlig_koersel(rabbit: Rabbit, tmp_path: Path) -> None:
    with scene_i_proces(*scene(rabbit, tmp_path), mappe=tmp_path) as proces:
        assert proces.klar["broker"] == f"amqp://guest:***@127.0.0.1:{rabbit.port}/"
        borgere = paa(proces, 20)
        registrer(proces, borgere, 12, 13)
        registrer(proces, borgere[:10], 12)
        foer = rejst(proces)
        naetter(proces, "P1Y")
        efter = rejst(proces)
        ankomne = hent(rabbit, efter)
        assert journalens(proces) == []
        assert proces.afbryd() == 0
    assert ankomne == ider(efter)
    assert {en.entitet for en in efter["JobSearch"]} == set(Art), "derived categories are told of too"
    assert {en.entitet for en in efter["Virksomhedsindsats"]} == {Art.KONTAKTGRUPPE}
    assert len(efter["JobSearch"]) > len(foer["JobSearch"]), "the nightly jobs changed something"
    assert all(koe(en, kontrakt().navne)[0].endswith(en) for en in DOMAENER)


def test_rabbit_stoppes_undervejs_og_intet_er_tabt(rabbit: Rabbit, tmp_path: Path) -> None:
    with scene_i_proces(*scene(rabbit, tmp_path), mappe=tmp_path) as proces:
        borgere = paa(proces, 20)
        registrer(proces, borgere, 13)
        rabbit.stop()
        registrer(proces, borgere, 12)
        vent(proces, ["væk"])
        naetter(proces, "P1Y")
        rabbit.start()
        vent(proces, ["væk", "tilbage"])
        skal = rejst(proces)
        ankomne = hent(rabbit, skal)
    assert hver_en_gang(ankomne) == ider(skal)


def test_scenen_draebes_og_de_samme_haendelser_er_der_mindst_en_gang(rabbit: Rabbit, tmp_path: Path) -> None:
    gange = 3
    for gang in range(gange):
        with scene_i_proces(*scene(rabbit, tmp_path), mappe=tmp_path) as proces:
            if gang == 0:
                borgere = paa(proces, 20)
            registrer(proces, borgere, (13, 12, 13)[gang])
            proces.draeb()
    with scene_i_proces(*scene(rabbit, tmp_path), mappe=tmp_path) as proces:
        registrer(proces, borgere[:1], 12)
        skal = rejst(proces)
        ankomne = hent(rabbit, skal)
    assert hver_en_gang(ankomne) == ider(skal)
    assert len(skal["JobSearch"]) > gange * len(borgere)


def test_draebt_foer_positionen_er_flyttet_kommer_de_igen_med_samme_id(rabbit: Rabbit, tmp_path: Path) -> None:
    """What a kill between the confirmation and the note leaves behind: the broker has them, the store does not know."""
    with scene_i_proces(*scene(rabbit, tmp_path), mappe=tmp_path) as proces:
        registrer(proces, paa(proces, 3), 13)
        skal = rejst(proces)
        assert hent(rabbit, skal) == ider(skal)
        proces.draeb()
    with sqlite3.connect(tmp_path / "scene.db") as db:
        assert {en for (en,) in db.execute("SELECT domaene FROM maeglerposition")} == set(DOMAENER)
        db.execute("UPDATE maeglerposition SET nr = 0")
    db.close()
    with scene_i_proces(*scene(rabbit, tmp_path), mappe=tmp_path):
        assert hent(rabbit, skal) == ider(skal)


def test_efter_en_toemning_kommer_kun_det_nye(rabbit: Rabbit, tmp_path: Path) -> None:
    with scene_i_proces(*scene(rabbit, tmp_path), mappe=tmp_path) as proces:
        registrer(proces, paa(proces, 3), 13)
        skal = rejst(proces)
        assert hent(rabbit, skal) == ider(skal)
        with HttpTransport(proces.styring) as linje:
            Styring(linje).nulstil()
        registrer(proces, paa(proces, 2), 13)
        nye = rejst(proces)
        assert hent(rabbit, nye) == ider(nye)
        assert not set(ider(nye)["JobSearch"]) & set(ider(skal)["JobSearch"])


def test_plakaten_viser_ikke_adgangskoden(tmp_path: Path) -> None:
    url = "amqp://mig:hemmelig@127.0.0.1:1/"
    with scene_i_proces("--broker", url, mappe=tmp_path) as proces:
        vent(proces, ["væk"])
        assert "hemmelig" not in json.dumps(proces.klar)
        assert proces.afbryd() == 0
        assert proces.popen.stderr is not None
        udskrift = proces.popen.stderr.read()
    assert "the broker 127.0.0.1:1/ is away" in udskrift
    assert "hemmelig" not in udskrift
    assert "Traceback" not in udskrift
