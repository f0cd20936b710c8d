"""The neighbour services' bodies: what becomes of an instant, what the schema cannot say, and names from an overlay."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from byggeklodser import NU, identitet, kontrakt
from vos_contracts.base.ids import ny_uuid
from vos_contracts.kontrakt import Kontrakt, indlaes
from vos_contracts.model.neighbours import (
    Afmeld,
    Gentilmelding,
    Gruppeskift,
    Nabokommando,
    Raskmeld,
    Sygekilde,
    Sygemeld,
    Tilmeld,
)
from vos_contracts.wire import soap
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.soap_ksd import Ksdkrop
from vos_contracts.wire.soap_nabo import Nabokrop
from vos_contracts.wire.soap_skema import tjenester
from vos_contracts.wire.soap_sygdom import Sygdomskrop
from vos_contracts.wire.soap_tilmelding import Tilmeldingskrop

CPR = "0203840021"
ID = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
DAG = NU.date()
TILMELD = Tilmeld(kategori=1, ledighedsgrad=1, dato=DAG)
RASK = Raskmeld(id=ID, dato=DAG, tilmelding=Gentilmelding(kategori=2, ledighedsgrad=1), gruppe=Gruppeskift(type=2))
RUM = "{http://service.bm.dk/IllnessCompositeService/2022/03/01/}"


def laes(krop: Nabokrop, skrevet: tuple[str, etree._Element], k: Kontrakt | None = None) -> tuple[str, Nabokommando]:
    """Through an envelope and the schema, as on the wire."""
    k = k or kontrakt()
    kald = soap.laes_kald(tjenester(k)[krop.tjeneste], soap.skriv_kald(identitet(), skrevet[1]), None, k, 0)
    assert kald.operation == skrevet[0]
    return krop.laes(kald.operation, kald.krop, lambda: "nyt-id")


def fejl(krop: Nabokrop, skrevet: tuple[str, etree._Element]) -> list[tuple[int, str]]:
    with pytest.raises(RemoteWireError) as fanget:
        laes(krop, skrevet)
    return [(en.kode, en.beskrivelse) for en in fanget.value.fejl]


def med(skrevet: tuple[str, etree._Element], navn: str, tekst: str) -> tuple[str, etree._Element]:
    """Put another text in that element, or in its code."""
    fundet = next(et for et in skrevet[1].iter() if etree.QName(et).localname == navn)
    (fundet[0] if len(fundet) else fundet).text = tekst
    return skrevet


def uden(skrevet: tuple[str, etree._Element], *navne: str) -> tuple[str, etree._Element]:
    for et in list(skrevet[1].iter()):
        forael = et.getparent()
        if etree.QName(et).localname in navne and forael is not None:
            forael.remove(et)
    return skrevet


@pytest.mark.parametrize(
    "kommando",
    [TILMELD, Tilmeld(kategori=4, ledighedsgrad=3, dato=date(2024, 2, 29)), Afmeld(dato=DAG, aarsag=2)],
)
def test_tilmelding_frem_og_tilbage(kommando: Tilmeld | Afmeld) -> None:
    krop = Tilmeldingskrop(kontrakt())
    assert laes(krop, krop.skriv(CPR, kommando)) == (CPR, kommando)


@pytest.mark.parametrize(
    "kommando",
    [
        Sygemeld(id=ID, kilde=Sygekilde.FRAVAER, fra=DAG),
        Sygemeld(id=ID, kilde=Sygekilde.FRAVAER, fra=DAG, til=date(2024, 12, 1)),
        Raskmeld(id=ID, dato=DAG),
        Raskmeld(id=ID, dato=DAG, gruppe=Gruppeskift(type=None)),
        Raskmeld(id=ID, dato=DAG, gruppe=Gruppeskift(type=13)),
        Raskmeld(id=ID, dato=DAG, tilmelding=Gentilmelding(kategori=1, ledighedsgrad=2)),
        RASK,
    ],
)
def test_sygdom_frem_og_tilbage(kommando: Sygemeld | Raskmeld) -> None:
    krop = Sygdomskrop(kontrakt())
    assert laes(krop, krop.skriv(CPR, kommando)) == (CPR, kommando)


@pytest.mark.parametrize(
    "kommando",
    [
        Sygemeld(id=ID, kilde=Sygekilde.LEDIGHED, fra=DAG),
        Sygemeld(id=ID, kilde=Sygekilde.BESKAEFTIGELSE, fra=DAG, til=DAG),
        Raskmeld(id=ID, dato=DAG),
    ],
)
def test_ksd_frem_og_tilbage(kommando: Sygemeld | Raskmeld) -> None:
    krop = Ksdkrop(kontrakt())
    assert laes(krop, krop.skriv(CPR, kommando)) == (CPR, kommando)


@pytest.mark.parametrize(
    ("tekst", "dag"),
    [
        ("2024-11-18T00:00:00+01:00", date(2024, 11, 18)),
        ("2024-11-18T23:59:59.9999999+01:00", date(2024, 11, 18)),
        ("2024-11-17T23:00:00Z", date(2024, 11, 18)),
        ("2024-11-17T22:59:59Z", date(2024, 11, 17)),
        ("2024-07-17T22:00:00Z", date(2024, 7, 18)),
        ("2024-10-27T02:30:00+02:00", date(2024, 10, 27)),
        ("2024-12-31T23:30:00Z", date(2025, 1, 1)),
        ("2024-11-18T23:30:00", date(2024, 11, 18)),
    ],
)
def test_et_tidspunkt_er_den_danske_dag(tekst: str, dag: date) -> None:
    krop = Tilmeldingskrop(kontrakt())
    _, kommando = laes(krop, med(krop.skriv(CPR, TILMELD), "EnrollmentDate", tekst))
    assert isinstance(kommando, Tilmeld)
    assert kommando.dato == dag


def test_et_fravaer_uden_id_faar_et_nyt_og_store_bogstaver_bliver_smaa() -> None:
    krop = Sygdomskrop(kontrakt())
    syg = Sygemeld(id=ID.upper(), kilde=Sygekilde.FRAVAER, fra=DAG)
    _, kommando = laes(krop, krop.skriv(CPR, syg))
    _, uden_id = laes(krop, uden(krop.skriv(CPR, syg), "AbsenceIdentifier"))
    assert isinstance(kommando, Sygemeld)
    assert isinstance(uden_id, Sygemeld)
    assert (kommando.id, uden_id.id) == (ID, "nyt-id")


def test_codefirst_moenstret_tillader_cifre_der_ikke_er_et_guid() -> None:
    krop = Sygdomskrop(kontrakt())
    arabisk = med(krop.skriv(CPR, Raskmeld(id=ID, dato=DAG)), "AbsenceIdentifier", ID.replace("9", "٩"))
    assert fejl(krop, arabisk) == [(1014, "AbsenceIdentifier: skal være et guid med cifrene 0-9 og a-f")]


def test_en_slutdato_kraever_en_aarsag_4980() -> None:
    for krop, kilde in ((Sygdomskrop(kontrakt()), Sygekilde.FRAVAER), (Ksdkrop(kontrakt()), Sygekilde.LEDIGHED)):
        skrevet = krop.skriv(CPR, Sygemeld(id=ID, kilde=kilde, fra=DAG, til=DAG))
        assert fejl(krop, uden(skrevet, "AbsenceCauseTypeIdentifier")) == [(4980, "")]
    rask = Sygdomskrop(kontrakt())
    assert laes(rask, uden(rask.skriv(CPR, RASK), "AbsenceCauseTypeIdentifier")) == (CPR, RASK)


def test_en_ukendt_kode_9131() -> None:
    ksd, syg = Ksdkrop(kontrakt()), Sygdomskrop(kontrakt())
    sag = ksd.skriv(CPR, Sygemeld(id=ID, kilde=Sygekilde.LEDIGHED, fra=DAG))
    assert fejl(ksd, med(sag, "SustenanceSystemCaseTypeIdentifier", "99")) == [
        (9131, "SustenanceSystemCaseTypeIdentifier: skal være en af 1, 2, ikke 99")
    ]
    for kommando in (Sygemeld(id=ID, kilde=Sygekilde.FRAVAER, fra=DAG), Raskmeld(id=ID, dato=DAG)):
        ferie = med(syg.skriv(CPR, kommando), "AbsenceTypeIdentifier", "10")
        assert fejl(syg, ferie) == [(9131, "AbsenceTypeIdentifier: skal være en af 11, ikke 10")]


@pytest.mark.parametrize("felt", ["EnrollmentDate", "ContactGroupEventTime", "ContactGroupStartTime"])
def test_alt_i_en_raskmelding_har_dens_dag(felt: str) -> None:
    krop = Sygdomskrop(kontrakt())
    anden = med(krop.skriv(CPR, RASK), felt, "2024-11-19T00:00:00+01:00")
    assert fejl(krop, anden) == [(1014, f"{felt}: skal være raskmeldingens dag 2024-11-18, ikke 2024-11-19")]
    samme = med(krop.skriv(CPR, RASK), felt, "2024-11-18T23:00:00+01:00")
    assert laes(krop, samme) == (CPR, RASK)


def test_slut_paa_gruppen_har_ogsaa_raskmeldingens_dag() -> None:
    krop = Sygdomskrop(kontrakt())
    skrevet = krop.skriv(CPR, Raskmeld(id=ID, dato=DAG, gruppe=Gruppeskift(type=None)))
    ((kode, tekst),) = fejl(krop, med(skrevet, "ContactGroupEndTime", "2024-11-17T00:00:00+01:00"))
    assert (kode, tekst[:21]) == (1014, "ContactGroupEndTime: ")


def test_type_og_slut_paa_gruppen_kan_ikke_gives_sammen() -> None:
    krop = Sygdomskrop(kontrakt())
    skrevet = krop.skriv(CPR, RASK)
    gruppe = skrevet[1].find(f"{RUM}ContactGroup")
    assert gruppe is not None
    etree.SubElement(gruppe, f"{RUM}ContactGroupEndTime").text = NU.isoformat()
    assert [kode for kode, _ in fejl(krop, skrevet)] == [1014]


def test_alle_fejl_paa_en_gang() -> None:
    krop = Ksdkrop(kontrakt())
    skrevet = krop.skriv("2902990000", Sygemeld(id=ID, kilde=Sygekilde.LEDIGHED, fra=DAG, til=DAG))
    daarlig = uden(med(skrevet, "SustenanceSystemCaseTypeIdentifier", "99"), "AbsenceCauseTypeIdentifier")
    assert [kode for kode, _ in fejl(krop, daarlig)] == [1001, 4980, 9131]


def test_erhverv_og_email_tages_imod_og_laeses_ikke() -> None:
    krop = Tilmeldingskrop(kontrakt())
    skrevet = krop.skriv(CPR, TILMELD)
    rum = "{http://service.bm.dk/UnemploymentEnrollmentService/2022/03/01/}"
    indhold = skrevet[1][0]
    erhverv = etree.SubElement(etree.SubElement(indhold, f"{rum}Profession"), f"{rum}ProfessionType")
    for navn, tekst in (("ConceptUriDa", "http://x.dk/1"), ("HasEducation", "true"), ("YearLastUsed", "2020"),
                        ("MonthsOfExperience", "12")):  # fmt: skip
        etree.SubElement(erhverv, f"{rum}{navn}").text = tekst
    email = etree.SubElement(indhold, f"{rum}EmailAddressIdentifier")
    email.text = "zoë@example.dk"
    assert laes(krop, skrevet) == (CPR, TILMELD)
    email.text = "ingen snabel-a"
    assert [kode for kode, _ in fejl(krop, skrevet)] == [1014]


def test_et_overlay_giver_nye_navne_og_koder(tmp_path: Path) -> None:
    (tmp_path / "navne.csv").write_text(
        "noegle,vaerdi\n"
        "namespace.IllnessRecoveryInformationService,http://service.bm.dk/IllnessRecoveryInformationService/2018/1/1/\n"
        "element.IllnessRecoveryInformationService.RecoveryDate,RecoveredDate\n"
        "element.UnemploymentEnrollmentService.CancellationDate,EndDate\n"
        "raekkefoelge.UnemploymentEnrollmentService.ServiceReceiptType,EventDate MessageIdentifier\n",
        "utf-8",
    )
    (tmp_path / "sygekilde.csv").write_text(
        "element,sygekilde,kode\nSustenanceSystemCaseTypeIdentifier,ledighed,42\n", "utf-8"
    )
    k = indlaes(tmp_path)
    ksd, ues = Ksdkrop(k), Tilmeldingskrop(k)
    sag = ksd.skriv(CPR, Sygemeld(id=ID, kilde=Sygekilde.LEDIGHED, fra=DAG))
    assert b">42</" in etree.tostring(sag[1])
    assert laes(ksd, sag, k)[1] == Sygemeld(id=ID, kilde=Sygekilde.LEDIGHED, fra=DAG)
    rask = ksd.skriv(CPR, Raskmeld(id=ny_uuid(), dato=DAG))
    assert b"2018/1/1/" in etree.tostring(rask[1])
    assert b"RecoveredDate>" in etree.tostring(rask[1])
    assert laes(ksd, rask, k)[0] == CPR
    afmeldt = ues.skriv(CPR, Afmeld(dato=DAG, aarsag=1))
    assert b"<EndDate>" in etree.tostring(afmeldt[1])
    assert laes(ues, afmeldt, k) == (CPR, Afmeld(dato=DAG, aarsag=1))
