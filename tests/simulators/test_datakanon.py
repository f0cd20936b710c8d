from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from byggeklodser import NU, kontrakt
from vos_contracts.koder.aktoerer import Klientsystem
from vos_contracts.model.registration import Art
from vos_contracts.wire.rest import Afslag
from vos_simulators import datakanon, parties
from vos_simulators.bulk_registration import Optaelling, masseopret
from vos_simulators.control import Styring
from vos_simulators.inboxes.domains import domaener
from vos_simulators.monitor import overvaag
from vos_simulators.party import Aktoer, Kanal
from vos_simulators.stage_reader import Driftslaeser
from vos_simulators.transport import HttpTransport

DAG = NU.date()


def folk(seed: int, antal: int = 2000) -> list[datakanon.Testborger]:
    return list(islice(datakanon.testborgere(seed, DAG, kontrakt()), antal))


def test_samme_froe_samme_borgere() -> None:
    assert folk(5, 50) == folk(5, 50)
    assert {en.borger.cpr for en in folk(5, 50)}.isdisjoint(en.borger.cpr for en in folk(6, 50))


def test_grupperne_er_fordelt_efter_tabellen_og_alle_er_der() -> None:
    antal = Counter(en.kontaktgruppe for en in folk(5))
    andele = {en.kontaktgruppe: en.andel for en in datakanon.fordeling()}
    assert set(antal) == set(andele)
    for gruppe, andel in andele.items():
        assert abs(antal[gruppe] / 2000 - andel / sum(andele.values())) < 0.03


def test_alderen_og_kategorien_passer_til_gruppen() -> None:
    spaend = {en.kontaktgruppe: (en.alder_fra, en.alder_til) for en in datakanon.fordeling()}
    for en in folk(5):
        foedt, regler = en.borger.foedt, kontrakt().grupperegler[en.kontaktgruppe]
        alder = DAG.year - foedt.year - ((DAG.month, DAG.day) < (foedt.month, foedt.day))
        assert spaend[en.kontaktgruppe][0] <= alder <= spaend[en.kontaktgruppe][1]
        assert regler.under_alder is None or alder < regler.under_alder
        assert en.personkategori is None or en.personkategori in regler.kategorier - regler.kategori_kraever_tilmeldt


@pytest.mark.parametrize("kanal", list(Kanal))
def test_to_hundrede_gaar_gennem_de_offentlige_services(
    styring: Styring, transport: HttpTransport, scene: object, kanal: Kanal
) -> None:
    fremgang: list[int] = []
    optaelling = masseopret(
        styring, transport, kontrakt(), antal=200, seed=3, kanal=kanal,
        fremgang=lambda naaet: fremgang.append(naaet.personer),
    )  # fmt: skip
    assert (optaelling.personer, optaelling.afslag, fremgang) == (200, Counter(), [200])
    assert optaelling.registreringer["CreateKontaktgruppe"] == 200
    assert optaelling.registreringer["CreatePersonkategori"] == sum(
        en.personkategori is not None for en in folk(3, 200)
    )
    assert styring.status().personer == 200


def test_de_optagne_gaas_forbi(styring: Styring, transport: HttpTransport) -> None:
    foerste = {en.borger.cpr for en in folk(3, 5)}
    masseopret(styring, transport, kontrakt(), antal=5, seed=3)
    masseopret(styring, transport, kontrakt(), antal=5, seed=3, optagne=foerste)
    assert styring.status().personer == 10
    aktoer = Aktoer(parties.ROLES["Datakanon"].identity(NU), kontrakt(), transport, lambda: "x")
    assert isinstance(aktoer.laes(folk(3, 10)[-1].borger.cpr, Art.KONTAKTGRUPPE), tuple)


def test_afslag_taelles_efter_kode(styring: Styring, transport: HttpTransport) -> None:
    """Seeded once more with the same people, the same group open is 4644; counted, not raised."""
    optaelling = Optaelling()
    masseopret(styring, transport, kontrakt(), antal=3, seed=3)
    aktoer = Aktoer(
        parties.ROLES["Datakanon"].identity(NU), kontrakt(), transport, iter(f"x{n}" for n in range(99)).__next__
    )
    uden_kategori = [en for en in folk(3, 3) if en.personkategori is None]
    for en in uden_kategori:
        svar = datakanon.registrer(aktoer, en, NU, Kanal.PVS)
        assert isinstance(svar["CreateKontaktgruppe"], Afslag)
        optaelling.noter(svar)
    assert optaelling.afslag == Counter({4644: len(uden_kategori)})
    assert optaelling.personer == len(uden_kategori) > 0
    assert optaelling.registreringer == Counter()


def test_datakanon_er_stars_system(styring: Styring, transport: HttpTransport, scene: object) -> None:
    assert parties.ROLES["Datakanon"].identity(NU).system == Klientsystem.DATAKANON == 3003
    assert "3003" in {kode for (kode,) in kontrakt().tabeller["klientsystem"]}


def test_en_fyldt_scene_afviger_ikke(styring: Styring, transport: HttpTransport, styringslinje: HttpTransport) -> None:
    masseopret(styring, transport, kontrakt(), antal=40, seed=4)
    laeser = Driftslaeser(styringslinje, side=7)
    rapport = overvaag(laeser, domaener(kontrakt().event_recipients, laeser), {})
    assert (rapport.borgere, rapport.antal) == (40, 0)
