"""The status service and the code lists at the edge: who reads what, what an a-kasse does not see, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import httpx
import pytest

from byggeklodser import AKASSE, I_DAG, I_GAAR, JOBCENTER, KOMMUNE, NU, STAR, identitet
from generalproeve.scene import Scene, indlejret
from generalproeve.settings.stage import StageSettings
from vos_contracts.base.ids import ny_uuid
from vos_contracts.control.stage import RegistreringDto
from vos_contracts.koder.udgave import PrsSoap
from vos_contracts.kontrakt import indlaes
from vos_contracts.laesninger import KONTAKTGRUPPER, PERSONKATEGORIER, Laesetjeneste, Status, raekke
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Art, Opret
from vos_contracts.wire.rest import Afslag
from vos_contracts.wire.rest_laesning import tvilling
from vos_simulators.control import Styring
from vos_simulators.party import Aktoer, Kanal
from vos_simulators.people import Borger, Folk, paa_scenen
from vos_simulators.transport import HttpTransport

FREMMEDE = [(Organisation(8, "10200"), 6005), (Organisation(7, "102"), 4575), (Organisation(30, "1"), 4575)]


def aktoer(transport: HttpTransport, organisation: Organisation) -> Aktoer:
    return Aktoer(identitet(organisation), indlaes(), transport, ny_uuid)


@pytest.fixture
def borger(ny_borger: Callable[..., Borger]) -> Borger:
    return ny_borger(
        kontaktgrupper=(RegistreringDto(type=3, start=I_GAAR),),
        personkategorier=(RegistreringDto(type=5, start=I_GAAR),),
    )


@pytest.mark.parametrize("organisation", [JOBCENTER, KOMMUNE, STAR], ids=["jobcenter", "kommune", "STAR"])
def test_status_for_dem_der_maa(transport: HttpTransport, borger: Borger, organisation: Organisation) -> None:
    svar = aktoer(transport, organisation).laeser.status(borger.cpr)
    assert isinstance(svar, Status)
    assert ([en.type for en in svar.kontaktgrupper], [en.type for en in svar.personkategorier]) == ([3], [5])


@pytest.mark.parametrize(("organisation", "kode"), FREMMEDE, ids=["jobcenter", "kommune", "UDK"])
def test_status_for_dem_der_ikke_maa(
    transport: HttpTransport, borger: Borger, organisation: Organisation, kode: int
) -> None:
    svar = aktoer(transport, organisation).laeser.status(borger.cpr)
    assert isinstance(svar, Afslag)
    assert [fejl.kode for fejl in svar.fejl] == [kode]


def test_status_for_en_akasse_uden_medlemskab_er_filtreret(transport: HttpTransport, borger: Borger) -> None:
    svar = aktoer(transport, Organisation(2, "82")).laeser.status(borger.cpr)
    assert isinstance(svar, Status)
    assert (svar.kontaktgrupper, svar.personkategorier) == ((), ())


@pytest.mark.parametrize("bagende", [PrsSoap.CONVERTER, PrsSoap.KLASSISK])
@pytest.mark.parametrize("organisation", [JOBCENTER, AKASSE, STAR], ids=["jobcenter", "a-kasse", "STAR"])
def test_soap_viser_det_samme_som_rest(
    transport: HttpTransport, styring: Styring, ny_borger: Callable[..., Borger], organisation: Organisation,
    bagende: PrsSoap,
) -> None:  # fmt: skip
    styring.tving_bagende(bagende)
    borger = ny_borger(kontaktgrupper=(RegistreringDto(type=4, start=I_GAAR),))
    kss, laeser = aktoer(transport, JOBCENTER), aktoer(transport, organisation)
    assert isinstance(kss.registrer(borger.cpr, Opret(Art.KONTAKTGRUPPE, 13, I_DAG), Kanal.PVS), str)
    assert isinstance(kss.registrer(borger.cpr, Opret(Art.PERSONKATEGORI, 9, I_DAG), Kanal.PVS), str)
    for tjeneste, laes in ((Laesetjeneste.STATUS, laeser.laes), (Laesetjeneste.HISTORIK, laeser.historik)):
        soap = laeser.laeser.kollektioner(tjeneste, borger.cpr)
        assert not isinstance(soap, Afslag)
        for art in Art:
            rest = laes(borger.cpr, art)
            if isinstance(rest, Afslag):
                assert (organisation, art, [fejl.kode for fejl in rest.fejl]) == (AKASSE, Art.PERSONKATEGORI, [4575])
                assert soap.af(art) == ()
            else:
                assert soap.af(art) == tuple(raekke(en) for en in rest)
                assert rest


def test_tvillingen_er_ikke_offentlig(scene: Scene) -> None:
    for tjeneste in Laesetjeneste:
        assert httpx.get(f"{scene.tjenester}{tvilling(tjeneste)}").status_code == 404


def test_kodelisterne_kan_laeses_uden_identitet(scene: Scene, transport: HttpTransport) -> None:
    svar = httpx.get(f"{scene.tjenester}/v1/Kodeliste")
    assert [en["kodelisteNavn"] for en in svar.json()] == [KONTAKTGRUPPER, PERSONKATEGORIER]
    lister = aktoer(transport, JOBCENTER).laeser.kodelister(KONTAKTGRUPPER)
    assert isinstance(lister, tuple)
    assert {en.kode: en for en in lister[0].vaerdier} == dict(indlaes().kontaktgrupper)


@pytest.mark.parametrize("navn", ["Ukendt", "kontaktgruppetypecodelist", "%20", "KontaktgruppeTypeCodeList%00"])
def test_en_ukendt_kodeliste(scene: Scene, navn: str) -> None:
    svar = httpx.get(f"{scene.tjenester}/v1/Kodeliste/{navn}")
    assert (svar.status_code, [fejl["fejlkode"] for fejl in svar.json()["fejl"]]) == (400, [2001])


@pytest.fixture(scope="module")
def udloebet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    mappe = tmp_path_factory.mktemp("overlay")
    (mappe / "kontaktgruppe.csv").write_text("kode,gyldig_til\n13,2024-11-18\n", "utf-8")
    with indlejret(StageSettings(port=0, control_port=0, clock=NU, contract=mappe)) as en:
        yield en


@pytest.mark.parametrize("kanal", Kanal)
def test_en_udloebet_vaerdi_vises_og_kan_ikke_bruges(udloebet: Scene, kanal: Kanal) -> None:
    """The end is open: a value that ends today may not be used today, and an older registration still shows it."""
    borger, anden = (Folk(seed).ny(40, NU.date()) for seed in (21, 22))
    with HttpTransport(udloebet.styring) as control, HttpTransport(udloebet.tjenester) as transport:
        styring = Styring(control)
        styring.nulstil()
        gammel = paa_scenen(anden)
        gammel.kontaktgrupper = (RegistreringDto(type=13, start=I_GAAR),)
        styring.opsaet(paa_scenen(borger), gammel)
        kss = Aktoer(identitet(), udloebet.kontrakt, transport, ny_uuid)
        (liste,) = kss.laeser.kodelister(KONTAKTGRUPPER)
        (vaerdi,) = (en for en in liste.vaerdier if en.kode == 13)  # type: ignore[union-attr]  # a code list, no refusal
        assert (vaerdi.gyldig_fra, vaerdi.gyldig_til) == (date(2000, 1, 1), date(2024, 11, 18))
        svar = kss.registrer(borger.cpr, Opret(Art.KONTAKTGRUPPE, 13, I_DAG), kanal)
        assert isinstance(svar, Afslag)
        assert [fejl.kode for fejl in svar.fejl] == [2003]
        assert isinstance(kss.registrer(borger.cpr, Opret(Art.KONTAKTGRUPPE, 4, I_DAG), kanal), str)
        laest = kss.laes(anden.cpr, Art.KONTAKTGRUPPE)
        assert isinstance(laest, tuple)
        assert [en.type for en in laest] == [13]
