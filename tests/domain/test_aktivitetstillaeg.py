from dataclasses import replace
from datetime import timedelta

import pytest

from byggeklodser import I_DAG, I_GAAR, I_MORGEN, NU, borger, kategori, raekke, vilkaar
from vos_contracts.model.neighbours import RegistrerTillaeg
from vos_contracts.model.registration import Art, Opdater, Opret
from vos_reference.domain.batchjob import Job
from vos_reference.domain.beslut import Kommando, beslut, beslut_job
from vos_reference.domain.decision import Afvist, Udfoert
from vos_reference.domain.person import Forloeb, Person, Registrering

DAG = NU.date()
IGAAR = DAG - timedelta(days=1)
ID = "00000000-0000-0000-0000-00000000000a"
TILLAEG = Forloeb(ID, IGAAR)


def med_tillaeg(gruppe: int, type_: int, alder: int = 25) -> Person:
    return replace(borger(raekke(gruppe), kategori(type_), alder=alder), tillaeg=(TILLAEG,))


def efter(person: Person, kommando: Kommando, udgave: str) -> Person:
    svar = beslut(person, kommando, vilkaar(udgave=udgave))
    assert isinstance(svar, Udfoert), svar
    return svar.person


@pytest.mark.parametrize(("gruppe", "type_", "gives"), [(2, 5, True), (3, 5, True), (12, 5, True), (2, 4, False),
                                                        (26, 5, False), (28, 5, False)])  # fmt: skip
def test_hvem_kan_faa_det(gruppe: int, type_: int, gives: bool) -> None:
    person = borger(raekke(gruppe), kategori(type_), alder=25)
    svar = beslut(person, RegistrerTillaeg(id=ID, fra=DAG), vilkaar())
    if gives:
        assert isinstance(svar, Udfoert)
        assert svar.person.tillaeg == (Forloeb(ID, DAG),)
        igen = beslut(svar.person, RegistrerTillaeg(id=ID, fra=DAG), vilkaar())
        assert isinstance(igen, Afvist)
        assert [fejl.kode for fejl in igen.fejl] == [4977]
    else:
        assert isinstance(svar, Afvist)
        assert [fejl.kode for fejl in svar.fejl] == [4731]


@pytest.mark.parametrize("udgave", ["2024-3", "2024-4", "2025-1", "2025-2"])
def test_en_gruppe_der_ikke_tillader_det_afslutter_det_i_alle_udgaver(udgave: str) -> None:
    assert efter(med_tillaeg(12, 5), Opret(Art.KONTAKTGRUPPE, 28, I_DAG), udgave).tillaeg == (Forloeb(ID, IGAAR, DAG),)


@pytest.mark.parametrize("udgave", ["2024-3", "2024-4"])
def test_en_lukket_gruppe_afslutter_det(udgave: str) -> None:
    lukket = efter(med_tillaeg(12, 5), Opdater(Art.KONTAKTGRUPPE, "gammel", NU), udgave)
    assert lukket.tillaeg == (Forloeb(ID, IGAAR, DAG),)


@pytest.mark.parametrize(("udgave", "til"), [("2024-3", None), ("2024-4", DAG), ("2025-1", DAG), ("2025-2", DAG)])
def test_kategorien_vaek_fra_aktivitetsparat_afslutter_det_fra_2024_4(udgave: str, til: object) -> None:
    (tillaeg,) = efter(med_tillaeg(12, 5), Opret(Art.PERSONKATEGORI, 7, I_DAG), udgave).tillaeg
    assert tillaeg.til == til


@pytest.mark.parametrize(("udgave", "til"), [("2024-3", None), ("2024-4", I_MORGEN.date())])
@pytest.mark.parametrize("forrige", [(), (kategori(7, "forrige"), replace(kategori(7, "forrige"), slut=I_GAAR))])
def test_kategorien_der_udloeber_med_slut_givet_paa_forhaand_afslutter_det_fra_2024_4(
    forrige: tuple[Registrering, ...], udgave: str, til: object
) -> None:
    foer = med_tillaeg(12, 5).med([*forrige, replace(kategori(5), slut=I_MORGEN)])
    svar = beslut_job(foer, Job.UDLOEB, vilkaar(udgave=udgave, now=I_MORGEN))
    assert svar is not None
    assert [(en.type, en.slut) for en in svar.raekker] == [(8, None)]
    assert [en.til for en in svar.person.tillaeg] == [til]


def test_skift_mellem_tilladte_grupper_med_kategorien_i_behold_roerer_det_ikke() -> None:
    skiftet = efter(med_tillaeg(12, 5), Opret(Art.KONTAKTGRUPPE, 2, I_DAG), "2024-4")
    assert skiftet.tillaeg == (TILLAEG,)
    assert skiftet.aaben(Art.PERSONKATEGORI, NU) == kategori(5)


def test_et_ophoert_tillaeg_roeres_ikke() -> None:
    ophoert = Forloeb(ID, IGAAR - timedelta(days=9), IGAAR)
    person = replace(med_tillaeg(12, 5), tillaeg=(ophoert,))
    assert efter(person, Opret(Art.KONTAKTGRUPPE, 28, I_DAG), "2024-4").tillaeg == (ophoert,)
