"""Which facts of the contract a call, an answer and a message touch, and which of them are our choice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from byggeklodser import AKASSE, I_DAG, JOBCENTER, NU, identitet, kontrakt
from generalproeve.bevis import Beskedbevis, Kaldsbevis
from generalproeve.forloeb import Ramme, Sceneforloeb, Trin
from generalproeve.rapport.anklage import antagelser
from generalproeve.run.touched.facts import ROERT, Faktalaeser
from vos_contracts.base.ids import ny_uuid
from vos_contracts.koder.fejl import Fejl
from vos_contracts.koder.recipients import Beskedtype
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Art, Opdater, Opret, Slet
from vos_contracts.wire import soap
from vos_contracts.wire.base import Kald, Svar
from vos_contracts.wire.wsrm import WsrmBesked
from vos_simulators.party import Aktoer, Kanal

CPR = "0203840021"
LAESER = Faktalaeser(kontrakt())
PVS, PRS = "PersonVisiteringService", "PersonRegistrationService"
INTET = Svar(200, {}, b'"x"')
AFVIST = Svar(400, {}, b'{"fejl":[{"fejlkode":4644,"fejltekst":"nej"}]}')
FAULT = Svar(500, {}, soap.skriv_fault((Fejl(8096), Fejl(100028)), kontrakt()))
Goer = Callable[[Aktoer], object]


class Stop(Exception):
    """The call is known."""


class Optager:
    """A line that keeps the call it should have sent."""

    def __init__(self) -> None:
        self.kald: list[Kald] = []

    def send(self, kald: Kald) -> Svar:
        self.kald.append(kald)
        raise Stop


def kald(goer: Goer, hvem: Organisation = JOBCENTER) -> Kald:
    optager = Optager()
    with pytest.raises(Stop):
        goer(Aktoer(identitet(hvem), kontrakt(), optager, ny_uuid))
    return optager.kald[0]


def roert(et: Kald, svar: Svar = INTET, ord_: str = "", scenens: str = "") -> dict[str, list[tuple[str, ...]]]:
    fundet: dict[str, list[tuple[str, ...]]] = {}
    for en in LAESER.roert(ord_, [Kaldsbevis(et, svar, 0.0)], [], scenens):
        fundet.setdefault(en.tabel, []).append(en.noegle)
    return fundet


def opret(kanal: Kanal, type_: int = 12, art: Art = Art.KONTAKTGRUPPE, id_: str | None = None) -> Goer:
    return lambda aktoer: aktoer.registrer(CPR, Opret(art, type_, I_DAG, haendelse=I_DAG, id=id_), kanal)


ID = "01a21d6a-bdbb-7790-8698-90995595380d"


@pytest.mark.parametrize(
    ("goer", "tjeneste", "metode"),
    [
        (opret(Kanal.PVS), PVS, "CreateKontaktgruppe"),
        (opret(Kanal.PVS, id_=ID), PVS, "CreateKontaktgruppeMedIdentifier"),
        (opret(Kanal.PVS, 5, Art.PERSONKATEGORI), PVS, "CreatePersonkategori"),
        (opret(Kanal.PRS), PRS, "CreateContactGroup"),
        (opret(Kanal.PRS, 5, Art.PERSONKATEGORI), PRS, "CreatePersonCategory"),
        (lambda en: en.registrer(CPR, Opdater(Art.KONTAKTGRUPPE, ID, I_DAG), Kanal.PVS), PVS, "UpdateKontaktgruppe"),
        (lambda en: en.registrer(CPR, Opdater(Art.KONTAKTGRUPPE, ID, I_DAG), Kanal.PRS), PRS, "UpdateContactGroup"),
        (lambda en: en.registrer(CPR, Slet(Art.KONTAKTGRUPPE, ID), Kanal.PVS), PVS, "DeleteKontaktgruppe"),
    ],
)
def test_et_kald_roerer_sin_raekke_i_adgangsmatricen(goer: Goer, tjeneste: str, metode: str) -> None:
    fundet = roert(kald(goer))["adgang"]
    assert fundet
    assert {noegle[:3] for noegle in fundet} == {(tjeneste, metode, "8")}
    assert "adgang" not in roert(kald(goer, Organisation(24, "1")))


@pytest.mark.parametrize(
    ("sti", "metode"),
    [
        ("", "GetKontaktgrupper"), ("/historik", "GetKontaktgruppeHistorik"), (f"/{ID}", "GetKontaktgruppe"),
    ],
)  # fmt: skip
def test_laesninger_skelnes(sti: str, metode: str) -> None:
    headers = kald(opret(Kanal.PVS)).headers
    fundet = roert(Kald("GET", f"/v1/PersonVisitering/kontaktgruppe{sti}?x=1", headers))["adgang"]
    assert {noegle[1] for noegle in fundet} == {metode}


def test_en_afvisning_roerer_fejlkoden_og_at_metoden_kan_give_den() -> None:
    rest = roert(kald(opret(Kanal.PVS)), AFVIST)
    assert rest["fejl"] == [("4644",)]
    assert rest["metode_fejl"] == [(PVS, "CreateKontaktgruppe", "4644")]
    over_soap = roert(kald(lambda en: en.registrer(CPR, Opdater(Art.KONTAKTGRUPPE, ID, I_DAG), Kanal.PRS)), FAULT)
    assert over_soap["fejl"] == [("8096",), ("100028",)]
    assert over_soap["metode_fejl"] == [(PRS, "UpdateContactGroup", kode) for kode in ("8096", "100028")]


@pytest.mark.parametrize("kanal", [Kanal.PVS, Kanal.PRS])
def test_en_gruppe_roerer_sit_navn_og_sine_regler(kanal: Kanal) -> None:
    fundet = roert(kald(opret(kanal)))
    assert fundet["kontaktgruppe"] == [("12",)]
    assert fundet["kontaktgruppe_regel"] == [
        ("12", "under_alder", "30"), ("12", "standardkategori", "8"), ("12", "overgaar_ved_30", "2"),
    ]  # fmt: skip
    assert "kontaktgruppe_regel" not in roert(kald(opret(kanal, 13)))


@pytest.mark.parametrize("kanal", [Kanal.PVS, Kanal.PRS])
def test_en_kategori_roerer_kombinationen_med_scenens_gruppe_og_kravet_om_tilmelding(kanal: Kanal) -> None:
    et = kald(opret(kanal, 5, Art.PERSONKATEGORI))
    fundet = roert(et, scenens="Givet en borger i kontaktgruppe 3\nNår ...")
    assert fundet["kombination"] == [("3", "5")]
    assert fundet["kontaktgruppe_regel"] == [("3", "kategori_kraever_ikke_tilmeldt", "5")]
    assert fundet["personkategori"] == [("5",)]
    assert "kombination" not in roert(et)


def test_det_en_akasse_faar_vist_roerer_de_tolv() -> None:
    svar = Svar(200, {}, b'[{"kontaktgruppeType": 13}, {"kontaktgruppeType": 12}]')
    akasse, jobcenter = (
        roert(Kald("GET", "/v1/PersonVisitering/kontaktgruppe", kald(opret(Kanal.PVS), hvem).headers), svar)
        for hvem in (AKASSE, JOBCENTER)
    )
    assert akasse["kontaktgruppe_regel"] == [("13", "akasse_ser", "ja")]
    assert "kontaktgruppe_regel" not in jobcenter


def test_et_spaerret_system_roerer_spaerringen() -> None:
    et = kald(opret(Kanal.PVS, 5, Art.PERSONKATEGORI))
    fra_lss = replace(et, headers={**et.headers, "x-clientsystemidentifier": "3002"})
    assert roert(fra_lss)["klientsystem_spaerret"] == [("3002", PVS, "CreatePersonkategori")]


@pytest.mark.parametrize(
    ("beskedtype", "modtager", "type_", "regler"),
    [
        (Beskedtype.KONTAKTGRUPPE_V5, JOBCENTER, 4, [("jobcenter", "enhver", "")]),
        (Beskedtype.KONTAKTGRUPPE_V5, AKASSE, 13, [("akasse", "overgaar_til", "13")]),
        (Beskedtype.KONTAKTGRUPPE_V5, AKASSE, 25, [("akasse", "lukker_helt", "25"), ("akasse", "skifter_fra", "25")]),
        (Beskedtype.KONTAKTGRUPPE_V5, AKASSE, 4, []),
        (Beskedtype.PERSONKATEGORI_V1, AKASSE, 5, []),
    ],
)
def test_en_besked_roerer_reglen_om_hvem_der_faar_den(
    beskedtype: Beskedtype, modtager: Organisation, type_: int, regler: list[tuple[str, ...]]
) -> None:
    besked = WsrmBesked(
        besked_id="b", beskedtype=beskedtype, registrant=identitet(), cpr=CPR, id=ID, type=type_,
        haendelse=None, start=I_DAG, slut=None,
    )  # fmt: skip
    assert [en.noegle for en in LAESER.roert("", [], [Beskedbevis(str(modtager), besked)])] == [
        (beskedtype.value, *regel) for regel in regler
    ]


@pytest.mark.parametrize("krop", [b"", b"{", b"<", b"\xff", b"[]", b"<!DOCTYPE x><x/>", b"null"])
@pytest.mark.parametrize(
    "sti", ["/v1/PersonVisitering/kontaktgruppe", "/PjakTassWCFtService/9/PersonRegistrationService.svc", "/x"]
)
def test_det_der_ikke_kan_laeses_roerer_intet(krop: bytes, sti: str) -> None:
    assert roert(Kald("POST", sti, {}, krop), Svar(200, {}, krop)) == {}


def test_de_antagne_naevnes_med_udfaldet() -> None:
    ramme = Ramme("t", "2024-4", "converter", NU, "0", "h", None, (), antagelser={"REST": ("a", "b"), "X": ("c",)})
    bevis = Kaldsbevis(kald(opret(Kanal.PVS)), INTET, 0.0)
    trin = Trin("Når ...", kald=[bevis], fakta=LAESER.roert("", [bevis], []))
    scene = Sceneforloeb("E", "S", (), {}, [trin, trin])
    assert [en.sikkerhed for en in scene.antagne] == ["assumed"] * len(scene.antagne)
    assert antagelser(scene, ramme) == [
        "organisationstype 8 må kalde PersonVisiteringService.CreateKontaktgruppe (egne) (adgang)",
        "organisationstype 8 må kalde PersonVisiteringService.CreateKontaktgruppe (aa_egne) (adgang)",
        "kontaktgruppe 12: standardkategori 8 (kontaktgruppe_regel)",
        "2 navne i REST",
    ]


def test_hver_tabel_findes() -> None:
    assert set(ROERT) <= set(kontrakt().tabeller)
