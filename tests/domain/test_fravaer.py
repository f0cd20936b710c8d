from dataclasses import replace
from datetime import timedelta

import pytest

from byggeklodser import I_DAG, I_GAAR, NU, borger, identitet, kategori, raekke, vilkaar
from vos_contracts.model.neighbours import AfslutFravaer, Nabokommando, RegistrerFravaer
from vos_contracts.model.registration import Art, Opdater, Opret, Slet
from vos_reference.domain.beslut import beslut
from vos_reference.domain.decision import Afvist, Udfoert
from vos_reference.domain.person import Fravaer, Person, Sygdom

DAG = NU.date()
IGAAR = DAG - timedelta(days=1)
ID = "00000000-0000-0000-0000-00000000000f"
FERIE, MIDLERTIDIGT_ARBEJDE, UNDER_18 = 10, 2, 6


def koder(person: Person, kommando: Nabokommando) -> list[int]:
    svar = beslut(person, kommando, vilkaar())
    return [fejl.kode for fejl in svar.fejl] if isinstance(svar, Afvist) else []


def registrer(type_: int = FERIE, **andet: object) -> RegistrerFravaer:
    return RegistrerFravaer(**{"id": ID, "type": type_, "fra": DAG, **andet})  # type: ignore[arg-type]  # fields by name


def test_et_fravaer_registreres_og_gentages_ikke() -> None:
    svar = beslut(borger(raekke(4)), registrer(til=DAG + timedelta(days=5)), vilkaar())
    assert isinstance(svar, Udfoert)
    assert svar.person.fravaer == (Fravaer(FERIE, DAG, DAG + timedelta(days=5), ID),)
    assert svar.haendelser == ()
    assert koder(svar.person, registrer()) == [4977]


@pytest.mark.parametrize(
    ("kommando", "fejl"), [(registrer(99), [9131]), (registrer(til=IGAAR), [4636]), (registrer(til=DAG), [])]
)
def test_type_og_slut(kommando: RegistrerFravaer, fejl: list[int]) -> None:
    assert koder(borger(), kommando) == fejl


def test_gruppen_og_kategorien_kan_forbyde_det() -> None:
    assert koder(borger(raekke(4)), registrer(UNDER_18)) == [4645]
    assert koder(borger(), registrer(UNDER_18)) == []
    assert koder(borger(raekke(2), kategori(5)), registrer(MIDLERTIDIGT_ARBEJDE)) == [4654]
    assert koder(borger(raekke(2), kategori(4)), registrer(MIDLERTIDIGT_ARBEJDE)) == []


def test_kun_et_kendt_og_aabent_fravaer_kan_afsluttes() -> None:
    person = replace(borger(), fravaer=(Fravaer(FERIE, IGAAR, None, ID), Fravaer(FERIE, IGAAR, None, "andet")))
    svar = beslut(person, AfslutFravaer(id=ID, til=DAG), vilkaar())
    assert isinstance(svar, Udfoert)
    assert [en.til for en in svar.person.fravaer] == [DAG, None]
    assert koder(svar.person, AfslutFravaer(id=ID, til=DAG)) == [4632]
    assert koder(person, AfslutFravaer(id=ID, til=IGAAR - timedelta(days=1))) == [4636]
    assert koder(borger(), AfslutFravaer(id=ID, til=DAG)) == [4632]


FRAVAER = (Fravaer(FERIE, IGAAR, None, ID), Fravaer(FERIE, IGAAR - timedelta(days=9), IGAAR, "slut"))


def test_naar_gruppen_lukker_ophoerer_aabne_fravaer() -> None:
    person = replace(borger(raekke(4)), fravaer=FRAVAER)
    svar = beslut(person, Opdater(Art.KONTAKTGRUPPE, "gammel", NU), vilkaar())
    assert isinstance(svar, Udfoert)
    assert [en.til for en in svar.person.fravaer] == [DAG, IGAAR]


def test_naar_gruppen_slettes_ophoerer_aabne_fravaer() -> None:
    person = replace(borger(raekke(4)), fravaer=FRAVAER)
    svar = beslut(person, Slet(Art.KONTAKTGRUPPE, "gammel"), vilkaar())
    assert isinstance(svar, Udfoert)
    assert [en.til for en in svar.person.fravaer] == [DAG, IGAAR]


def test_ved_skift_af_gruppe_fortsaetter_de() -> None:
    person = replace(borger(raekke(4)), fravaer=FRAVAER)
    svar = beslut(person, Opret(Art.KONTAKTGRUPPE, 13, I_DAG), vilkaar())
    assert isinstance(svar, Udfoert)
    assert svar.person.fravaer == FRAVAER


def test_et_lukket_fravaer_er_ikke_laengere_sygdom() -> None:
    syg = Sygdom(ID, IGAAR, None, identitet(), fravaer_id=ID)
    person = replace(borger(raekke(4)), fravaer=(Fravaer(11, IGAAR, None, ID),), sygdom=syg)
    svar = beslut(person, Opdater(Art.KONTAKTGRUPPE, "gammel", I_GAAR), vilkaar())
    assert isinstance(svar, Udfoert)
    assert svar.person.sygdom is None


def test_lukkes_gruppen_en_senere_dag_ophoerer_fravaeret_den_dag() -> None:
    person = replace(borger(raekke(4)), fravaer=FRAVAER)
    svar = beslut(
        person, Opdater(Art.KONTAKTGRUPPE, "gammel", I_DAG + timedelta(days=3)), vilkaar(udgave="2024-3", klassisk=True)
    )
    assert isinstance(svar, Udfoert)
    assert [en.til for en in svar.person.fravaer] == [DAG + timedelta(days=3), IGAAR]
