from dataclasses import replace
from datetime import date, timedelta

import pytest

from byggeklodser import AKASSE, I_DAG, JOBCENTER, NU, borger, identitet, kategori, kontrakt, raekke, vilkaar
from vos_contracts.koder.aktoerer import Klientsystem
from vos_contracts.model.neighbours import Afmeld, Tilmeld
from vos_contracts.model.registration import Art, Opret
from vos_reference.domain.batchjob import Job, forfald
from vos_reference.domain.beslut import Kommando, beslut, beslut_job
from vos_reference.domain.decision import Afvist, Kalder, Udfoert, Vilkaar
from vos_reference.domain.person import Fravaer, Person, Sygdom, Tilmelding
from vos_reference.domain.tid import midnat

DAG = NU.date()
KG, PC = Art.KONTAKTGRUPPE, Art.PERSONKATEGORI


def om(dage: int) -> date:
    return DAG + timedelta(days=dage)


def koder(person: Person, kommando: Kommando, hvem: Vilkaar | None = None) -> list[int]:
    svar = beslut(person, kommando, hvem or vilkaar(AKASSE))
    return [fejl.kode for fejl in svar.fejl] if isinstance(svar, Afvist) else []


def efter(person: Person, kommando: Kommando, hvem: Vilkaar | None = None) -> Udfoert:
    svar = beslut(person, kommando, hvem or vilkaar(AKASSE))
    assert isinstance(svar, Udfoert), svar
    return svar


def tilmeld(kategori_: int = 1, grad: int = 1, dato: date = DAG) -> Tilmeld:
    return Tilmeld(kategori=kategori_, ledighedsgrad=grad, dato=dato)


def afmeld(dato: date = DAG, aarsag: int = 1) -> Afmeld:
    return Afmeld(dato=dato, aarsag=aarsag)


def tilmeldt(kategori_: int = 1, gruppe: int = 1, fra: date = DAG - timedelta(days=20)) -> Person:
    return replace(borger(raekke(gruppe)), tilmelding=Tilmelding(kategori_, fra))


def gruppe(person: Person) -> int | None:
    aaben = person.aaben(KG, NU)
    return None if aaben is None else aaben.type


@pytest.mark.parametrize(
    ("kategori_", "alder", "forventet"),
    [(1, 40, 1), (2, 40, 2), (3, 29, 12), (4, 40, 8), (5, 40, 8), (6, 40, 26), (6, 30, 26), (6, 29, 28)],
)
def test_kategorien_giver_gruppen(kategori_: int, alder: int, forventet: int) -> None:
    svar = efter(borger(alder=alder), tilmeld(kategori_))
    aaben = svar.person.aaben(KG, NU)
    assert aaben is not None
    assert (aaben.type, aaben.start, aaben.haendelse) == (forventet, I_DAG, I_DAG)
    assert aaben.registrant == identitet(AKASSE)
    assert svar.person.tilmelding == Tilmelding(kategori_, DAG, None, identitet(AKASSE))


def test_en_anden_kategori_skifter_gruppen_og_afslutter_den_gamle_tilmelding() -> None:
    svar = efter(tilmeldt(), tilmeld(2))
    assert [(en.type, en.slut) for en in svar.person.registreringer.values() if en.art is KG] == [
        (1, I_DAG),
        (2, None),
    ]
    assert svar.person.tilmelding == Tilmelding(2, DAG, None, identitet(AKASSE))
    assert svar.person.tidligere_tilmeldinger == (Tilmelding(1, om(-20), DAG),)
    kategori_ = svar.person.aaben(PC, NU)
    assert kategori_ is not None
    assert kategori_.type == 8


def test_en_anden_kategori_i_samme_gruppe_aendrer_ingen_gruppe() -> None:
    svar = efter(tilmeldt(4, 8), tilmeld(5))
    assert svar.haendelser == ()
    assert gruppe(svar.person) == 8


def test_en_ikke_tilmeldt_i_sin_gruppe_tilmeldes_uden_skift() -> None:
    svar = efter(borger(raekke(2), kategori(5)), tilmeld(2))
    assert [(en.registrering.art, en.registrering.type) for en in svar.haendelser] == [(PC, 5), (PC, 8)]


@pytest.mark.parametrize("dage", [0, -10])
def test_en_tilmelding_ti_dage_tilbage_foelges_af_gruppen(dage: int) -> None:
    aaben = efter(borger(), tilmeld(dato=om(dage))).person.aaben(KG, NU)
    assert aaben is not None
    assert (aaben.start, aaben.haendelse) == (midnat(om(dage)), midnat(om(dage)))


def test_en_gruppe_der_skulle_slutte_fortsaetter_for_den_der_tilmeldes_i_den() -> None:
    svar = efter(borger(raekke(2, slut=NU + timedelta(days=3)), kategori(8)), tilmeld(2))
    aaben = svar.person.aaben(KG, NU)
    assert aaben is not None
    assert (aaben.type, aaben.start, aaben.slut) == (2, I_DAG, None)
    gammel = svar.person.registreringer["gammel"]
    assert (gammel.slut, gammel.registrant) == (I_DAG, identitet(AKASSE))
    kategorier = [en for en in svar.person.registreringer.values() if en.art is PC]
    assert [(en.type, en.slut) for en in kategorier] == [(8, None)]


def test_standardkategorien_begynder_med_gruppen_ogsaa_tilbage_i_tiden() -> None:
    for person in (borger(), borger(raekke(4, start=NU - timedelta(days=20)))):
        svar = efter(person, tilmeld(2, dato=om(-10)))
        kg, pc = svar.person.aaben(KG, NU), svar.person.aaben(PC, NU)
        assert kg is not None
        assert pc is not None
        assert (pc.type, pc.start, kg.start) == (8, midnat(om(-10)), midnat(om(-10)))


def test_standardkategorien_begynder_ikke_foer_den_forrige_sluttede() -> None:
    forrige = (raekke(2, slut=NU), replace(kategori(5), slut=NU))
    pc = efter(borger(*forrige), tilmeld(2)).person.aaben(PC, NU)
    assert pc is not None
    assert (pc.type, pc.start) == (8, NU)


def test_en_gruppe_tilbage_i_tiden_begynder_ikke_foer_den_forrige_sluttede() -> None:
    slut = I_DAG - timedelta(days=3)
    ny = efter(borger(raekke(4, start=I_DAG - timedelta(days=30), slut=slut)), tilmeld(dato=om(-10))).person.aaben(
        KG, NU
    )
    assert ny is not None
    assert (ny.start, ny.haendelse) == (slut, midnat(om(-10)))


@pytest.mark.parametrize(
    ("person", "kommando", "fejl"),
    [
        (borger(), tilmeld(7), [4313]),
        (borger(), tilmeld(grad=4), [4314]),
        (borger(), tilmeld(9, 4), [4313, 4314]),
        (borger(), tilmeld(dato=om(1)), [4338]),
        (borger(), tilmeld(dato=om(-11)), [4338]),
        (borger(), tilmeld(1, 3), [4339]),
        (borger(), tilmeld(5, 3), [4339]),
        (borger(), tilmeld(4, 3), []),
        (tilmeldt(), tilmeld(1), [4316]),
        (tilmeldt(fra=om(-2)), tilmeld(2, dato=om(-3)), [4316]),
        (tilmeldt(fra=om(-2)), tilmeld(2, dato=om(-2)), []),
        (replace(borger(), tidligere_tilmeldinger=(Tilmelding(1, om(-9), om(-1)),)), tilmeld(dato=om(-2)), [4316]),
        (replace(borger(), tidligere_tilmeldinger=(Tilmelding(1, om(-9), om(-1)),)), tilmeld(dato=om(-1)), []),
        (replace(borger(), tilknytninger=()), tilmeld(1), [4417]),
        (replace(borger(), tilknytninger=()), tilmeld(2), []),
        (borger(alder=30), tilmeld(3), [4641]),
        (replace(borger(), fravaer=(Fravaer(6, om(-1)),)), tilmeld(1), [4645]),
        (replace(borger(), fravaer=(Fravaer(6, om(-9), DAG),)), tilmeld(1), []),
        (replace(borger(), fravaer=(Fravaer(11, om(-1)),)), tilmeld(1), [4750]),
        (replace(borger(), sygdom=Sygdom("s", om(2), 24, identitet(), begyndt=False)), tilmeld(1), [4750]),
        (replace(borger(), doed=om(-1)), tilmeld(1), [4405]),
        (replace(borger(), doed=om(-1)), tilmeld(7, dato=om(1)), [4313, 4338, 4405]),
    ],
)  # fmt: skip
def test_tilmeldingens_fejlkoder(person: Person, kommando: Tilmeld, fejl: list[int]) -> None:
    assert koder(person, kommando) == fejl


def test_en_anden_grad_der_ikke_passer_er_6014() -> None:
    snaever = replace(kontrakt().tilmeldekategorier[1], ledighedsgrader=frozenset({1}))
    andre = {**kontrakt().tilmeldekategorier, 1: snaever}
    hvem = replace(vilkaar(AKASSE), kontrakt=replace(kontrakt(), tilmeldekategorier=andre))
    assert koder(borger(), tilmeld(1, 2), hvem) == [6014]
    assert koder(borger(), tilmeld(1, 3), hvem) == [4339]


@pytest.mark.parametrize(
    ("alder", "kategori_", "system", "fejl"),
    [
        (65, 1, Klientsystem.JOBNET, [4763]),
        (65, 4, Klientsystem.JOBNET, []),
        (64, 1, Klientsystem.JOBNET, []),
        (65, 1, 2001, []),
    ],
)
def test_fra_65_tilmelder_jobnet_kun_uden_ydelse(alder: int, kategori_: int, system: int, fejl: list[int]) -> None:
    hvem = replace(vilkaar(), kalder=Kalder(replace(identitet(), system=system)))
    assert koder(borger(alder=alder), tilmeld(kategori_), hvem) == fejl


def test_en_afmelding_i_dag_lader_gruppen_staa() -> None:
    svar = efter(tilmeldt(), afmeld())
    assert (svar.person.tilmelding, gruppe(svar.person), svar.haendelser) == (None, 1, ())
    assert svar.person.tidligere_tilmeldinger == (Tilmelding(1, om(-20), DAG),)
    assert koder(svar.person, Opret(KG, 13, I_DAG), vilkaar(JOBCENTER)) == []


def test_kategorien_foelger_afmeldingen() -> None:
    """Group 2: category 4 is for the enrolled only, so that 8 follows (Matchregler)."""
    svar = efter(replace(tilmeldt(2, 2), historik=(raekke(2), kategori(4))), afmeld())
    kategori_ = svar.person.aaben(PC, NU)
    assert kategori_ is not None
    assert (kategori_.type, kategori_.registrant) == (8, identitet(AKASSE))


@pytest.mark.parametrize(
    ("person", "kommando", "fejl"),
    [
        (borger(), afmeld(), [4367]),
        (tilmeldt(), afmeld(om(-1)), [4322]),
        (tilmeldt(), afmeld(om(31)), [4322]),
        (tilmeldt(), afmeld(om(30)), []),
        (tilmeldt(), afmeld(aarsag=99), [4340]),
        (replace(tilmeldt(), tilmelding=Tilmelding(1, om(-9), om(3))), afmeld(), [4317]),
        (borger(), afmeld(om(-1), 99), [4322, 4340, 4367]),
        (replace(tilmeldt(), doed=om(-1)), afmeld(), [4405]),
    ],
)
def test_afmeldingens_fejlkoder(person: Person, kommando: Afmeld, fejl: list[int]) -> None:
    assert koder(person, kommando) == fejl


def test_en_fremtidig_afmelding_sker_paa_sin_dag() -> None:
    planlagt = efter(tilmeldt(), afmeld(om(5))).person
    assert planlagt.tilmelding == Tilmelding(1, om(-20), om(5), identitet(AKASSE))
    assert koder(planlagt, Opret(KG, 13, I_DAG), vilkaar(JOBCENTER)) == [100029]
    assert forfald(planlagt, kontrakt(), NU) == ((Job.AFMELDING, om(5)),)
    dagen_foer, dagen = (vilkaar(now=NU + timedelta(days=dage)) for dage in (4, 5))
    assert beslut_job(planlagt, Job.AFMELDING, dagen_foer) is None
    svar = beslut_job(planlagt, Job.AFMELDING, dagen)
    assert svar is not None
    assert (svar.person.tilmelding, gruppe(svar.person)) == (None, 1)
    assert svar.person.tidligere_tilmeldinger[-1].til == om(5)
    assert beslut_job(svar.person, Job.AFMELDING, dagen) is None


def test_en_ny_tilmelding_aflyser_den_fremtidige_afmelding() -> None:
    planlagt = replace(tilmeldt(), tilmelding=Tilmelding(1, om(-9), om(3)))
    svar = efter(planlagt, tilmeld(2))
    assert svar.person.tilmelding == Tilmelding(2, DAG, None, identitet(AKASSE))
    assert forfald(svar.person, kontrakt(), NU) == ()
