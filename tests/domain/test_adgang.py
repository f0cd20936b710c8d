from dataclasses import replace
from datetime import timedelta

import pytest

from byggeklodser import AKASSE, I_DAG, JOBCENTER, KOMMUNE, NU, OPERATOER, STAR, borger, identitet, kontrakt, raekke
from vos_contracts.model.identity import Identitet, Organisation
from vos_reference.domain.adgang import afvisning
from vos_reference.domain.person import Person, Tilknytning, Tilmelding

OPRET = "PersonVisiteringService.CreateKontaktgruppe"
LAES_KG = "PersonVisiteringService.GetKontaktgrupper"
LAES_PC = "PersonVisiteringService.GetPersonkategorier"
ANDET_JOBCENTER = Organisation(8, "10200")


def kode(metode: str, aktiv: Organisation, egen: Organisation | None = None) -> int:
    person = replace(borger(), tilknytninger=(*borger().tilknytninger, Tilknytning(OPERATOER, I_DAG.date())))
    fejl = afvisning(metode, identitet(aktiv, egen), person, NU, kontrakt().adgang)
    return 0 if fejl is None else fejl.kode


@pytest.mark.parametrize(
    ("metode", "aktiv", "egen", "forventet"),
    [
        (OPRET, JOBCENTER, None, 0),
        (OPRET, ANDET_JOBCENTER, None, 6005),
        (OPRET, KOMMUNE, None, 0),
        (OPRET, Organisation(7, "102"), None, 4575),
        (OPRET, STAR, None, 0),
        (OPRET, AKASSE, None, 4575),
        (OPRET, Organisation(24, "12345678"), None, 4575),
        (OPRET, JOBCENTER, OPERATOER, 0),
        (OPRET, JOBCENTER, Organisation(4, "87654321"), 4511),
        (OPRET, ANDET_JOBCENTER, OPERATOER, 4511),
        (OPRET, KOMMUNE, OPERATOER, 4575),
        (OPRET, JOBCENTER, KOMMUNE, 0),
        (OPRET, JOBCENTER, AKASSE, 4575),
        (OPRET, KOMMUNE, AKASSE, 4575),
        (OPRET, STAR, JOBCENTER, 4575),
        (LAES_KG, AKASSE, JOBCENTER, 4575),
        (LAES_KG, AKASSE, None, 0),
        (LAES_KG, Organisation(2, "82"), None, 4575),
        (LAES_PC, AKASSE, None, 4575),
        (LAES_PC, JOBCENTER, None, 0),
        ("PersonVisiteringService.UkendtMetode", STAR, None, 4575),
    ],
)
def test_matricen(metode: str, aktiv: Organisation, egen: Organisation | None, forventet: int) -> None:
    assert kode(metode, aktiv, egen) == forventet


def test_et_ophoert_medlemskab_giver_ikke_adgang() -> None:
    person = replace(borger(), tilknytninger=(Tilknytning(JOBCENTER, I_DAG.date().replace(year=2000), I_DAG.date()),))
    fejl = afvisning(OPRET, identitet(JOBCENTER), person, NU, kontrakt().adgang)
    assert fejl is not None
    assert fejl.kode == 6005


PSS = "PersonStatusService.GetVariablePersonStatus"
STATUS = "VisiteringOgStatusStatusService.GetPersonVisiteringOgStatusStatus"
DAG = NU.date()
JOBNET, LSS = 3004, 3002


def fejl_(metode: str, hvem: Identitet, person: Person) -> int:
    fejl = afvisning(metode, hvem, person, NU, kontrakt().adgang)
    return 0 if fejl is None else fejl.kode


@pytest.mark.parametrize(
    ("fra", "til", "kode_"),
    [(120, None, 0), (121, None, 4575), (-900, -119, 0), (-900, -120, 4575), (-900, None, 0), (-900, 1, 0)],
)
def test_tidligere_og_kommende_egne_i_120_dage(fra: int, til: int | None, kode_: int) -> None:
    slut = None if til is None else DAG + timedelta(days=til)
    person = replace(borger(), tilknytninger=(Tilknytning(AKASSE, DAG + timedelta(days=fra), slut),))
    assert fejl_(PSS, identitet(AKASSE), person) == kode_
    nu = fra <= 0 and (til is None or til > 0)
    assert fejl_(LAES_KG, identitet(AKASSE), person) == (0 if nu else 4575)


@pytest.mark.parametrize(("metode", "kode_"), [(PSS, 0), (STATUS, 0), (OPRET, 6005), (LAES_KG, 6005)])
def test_gaesteadgang_hvor_matricen_har_den(metode: str, kode_: int) -> None:
    gaest = replace(borger(), tilknytninger=(), gaester=(Tilknytning(JOBCENTER, DAG),))
    assert fejl_(metode, identitet(JOBCENTER), gaest) == kode_
    udloebet = replace(gaest, gaester=(Tilknytning(JOBCENTER, I_DAG.date().replace(year=2020), DAG),))
    assert fejl_(metode, identitet(JOBCENTER), udloebet) == 6005


def test_anden_aktoers_tre_niveauer() -> None:
    egen = replace(
        borger(), tilknytninger=(Tilknytning(OPERATOER, I_DAG.date()),), gaester=(Tilknytning(JOBCENTER, DAG),)
    )
    fremmed = replace(borger(), tilknytninger=())
    aktoer = identitet(JOBCENTER, OPERATOER)
    assert [fejl_(metode, aktoer, egen) for metode in (PSS, STATUS, OPRET)] == [0, 0, 4511]
    assert [fejl_(metode, aktoer, fremmed) for metode in (PSS, STATUS, OPRET)] == [0, 4511, 4511]
    assert fejl_(PSS, identitet(AKASSE, OPERATOER), egen) == 4575


def test_en_anden_aktoer_naar_ikke_alle_fordi_jobcentret_goer() -> None:
    tilmelding = "UnemploymentEnrollmentService.UnemploymentEnrollment"
    fremmed = replace(borger(), tilknytninger=())
    assert fejl_(tilmelding, identitet(JOBCENTER), fremmed) == 0
    assert fejl_(tilmelding, identitet(JOBCENTER, OPERATOER), fremmed) == 4511
    assert fejl_(tilmelding, identitet(STAR, OPERATOER), fremmed) == 4575


def test_et_system_uden_sagsbehandler_laeser_status_om_alle() -> None:
    fremmed = replace(borger(), tilknytninger=())
    system = replace(identitet(JOBCENTER), bruger=replace(identitet().bruger, type=3))
    assert [fejl_(metode, system, fremmed) for metode in (STATUS, PSS)] == [0, 6005]
    assert fejl_(STATUS, identitet(JOBCENTER), fremmed) == 6005


def paa_jobnet(aktiv: Organisation, type_: int = 2) -> Identitet:
    hvem = identitet(aktiv)
    return replace(hvem, system=JOBNET, bruger=replace(hvem.bruger, type=type_))


@pytest.mark.parametrize(
    ("gruppe", "kategori_", "kode_"),
    [(1, None, 0), (1, 1, 0), (8, 5, 0), (8, 4, 4575), (8, None, 4575), (13, None, 4575), (None, None, 4575)],
)
def test_en_akasses_sagsbehandler_paa_jobnet(gruppe: int | None, kategori_: int | None, kode_: int) -> None:
    historik = () if gruppe is None else (raekke(gruppe),)
    person = replace(borger(*historik), tilmelding=None if kategori_ is None else Tilmelding(kategori_))
    assert fejl_(STATUS, paa_jobnet(AKASSE), person) == kode_
    assert fejl_(STATUS, paa_jobnet(AKASSE, type_=1), person) == 0
    assert fejl_(STATUS, paa_jobnet(AKASSE), replace(person, tilknytninger=())) == 4575


def test_et_jobcenters_sagsbehandler_paa_jobnet_naar_sine_egne() -> None:
    gaest = replace(borger(), tilknytninger=(), gaester=(Tilknytning(JOBCENTER, DAG),))
    assert fejl_(PSS, paa_jobnet(JOBCENTER), borger()) == 0
    assert fejl_(PSS, paa_jobnet(JOBCENTER), gaest) == 6005
    assert fejl_(PSS, identitet(JOBCENTER), gaest) == 0


def test_landssupporten_registrerer_grupper_og_ikke_kategorier() -> None:
    lss = replace(identitet(STAR), system=LSS)
    assert fejl_(OPRET, lss, borger()) == 0
    for metode in (
        "CreatePersonkategori",
        "CreatePersonkategoriMedIdentifier",
        "UpdatePersonkategori",
        "DeletePersonkategori",
    ):
        assert fejl_(f"PersonVisiteringService.{metode}", lss, borger()) == 4575
        assert fejl_(f"PersonVisiteringService.{metode}", identitet(STAR), borger()) == 0
