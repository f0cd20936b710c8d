from dataclasses import replace

import pytest

from byggeklodser import I_DAG, I_GAAR, I_MORGEN, NU, borger, kategori, raekke, vilkaar
from vos_contracts.model.registration import Art, Opdater, Opret, Slet
from vos_reference.domain import personkategori
from vos_reference.domain.decision import Afvist, Beslutning, Udfoert
from vos_reference.domain.person import Fravaer, Person, Tilmelding

PC = Art.PERSONKATEGORI


def koder(beslutning: Beslutning) -> list[int]:
    assert isinstance(beslutning, Afvist), beslutning
    return [fejl.kode for fejl in beslutning.fejl]


def opret(person: Person, type_: int, **andet: object) -> Beslutning:
    kommando = replace(Opret(PC, type_, I_DAG), **andet)  # type: ignore[arg-type]  # fields by name
    return personkategori.opret(person, kommando, "ny", vilkaar())


def test_en_ny_kategori_afloeser_den_aabne() -> None:
    beslutning = opret(borger(raekke(2), kategori(8)), 5)
    assert isinstance(beslutning, Udfoert)
    assert [(en.id, en.slut) for en in beslutning.raekker] == [("kategori", I_DAG), ("ny", None)]


def test_ukendt_kategori_2002() -> None:
    assert koder(opret(borger(raekke(2)), 3)) == [2002]


def test_uden_kontaktgruppe_eller_ikke_tilladt_4731() -> None:
    assert koder(opret(borger(), 5)) == [4731]
    assert koder(opret(borger(raekke(4)), 5)) == [4731]


@pytest.mark.parametrize(
    ("type_", "tilmeldt", "fejl"), [(5, True, 4655), (5, False, 0), (4, False, 4656), (4, True, 0)]
)
def test_tilmelding_og_kategori(type_: int, tilmeldt: bool, fejl: int) -> None:
    person = replace(borger(raekke(2)), tilmelding=Tilmelding(2) if tilmeldt else None)
    beslutning = opret(person, type_)
    assert (koder(beslutning) == [fejl]) if fejl else isinstance(beslutning, Udfoert)


def test_aktivitetsparat_paa_uddannelseshjaelp_kraever_ikke_afmelding() -> None:
    person = replace(borger(raekke(12), alder=25), tilmelding=Tilmelding(3))
    assert isinstance(opret(person, 5), Udfoert)


def test_fravaer_i_konflikt_4654() -> None:
    person = replace(borger(raekke(2)), fravaer=(Fravaer(2, I_GAAR.date()),))
    assert koder(opret(person, 5)) == [4654]
    assert isinstance(opret(replace(person, tilmelding=Tilmelding(2)), 4), Udfoert)


def test_start_skal_vaere_i_dag_4703() -> None:
    assert koder(opret(borger(raekke(2)), 5, start=I_MORGEN)) == [4703]


def test_slut_foer_start_er_1014() -> None:
    assert koder(opret(borger(raekke(2)), 5, slut=I_GAAR)) == [1014]


def test_en_fremtidig_slutdato_er_tilladt_for_kategorier() -> None:
    assert isinstance(opret(borger(raekke(2)), 5, slut=I_MORGEN), Udfoert)


class TestAfslut:
    person = borger(raekke(2), kategori(5))

    def test_standarden_foelger_hvor_gruppen_kraever_en(self) -> None:
        beslutning = personkategori.opdater(self.person, Opdater(PC, "kategori", NU), vilkaar())
        assert isinstance(beslutning, Udfoert)
        efter = personkategori.foelg_gruppen(beslutning, vilkaar()).person
        aaben = efter.aaben(PC, NU)
        assert aaben is not None
        assert (aaben.id, aaben.type, aaben.start) == ("ny-personkategori", 8, NU)

    def test_ukendt_afsluttet_og_uden_slut(self) -> None:
        assert koder(personkategori.opdater(self.person, Opdater(PC, "andet", NU), vilkaar())) == [4589]
        assert koder(personkategori.opdater(self.person, Opdater(PC, "kategori", None), vilkaar())) == [1014]
        lukket = borger(raekke(2), replace(kategori(5), slut=I_GAAR))
        assert koder(personkategori.opdater(lukket, Opdater(PC, "kategori", NU), vilkaar())) == [8096]

    def test_slet(self) -> None:
        beslutning = personkategori.slet(self.person, Slet(PC, "kategori"), vilkaar())
        assert isinstance(beslutning, Udfoert)
        assert beslutning.person.aaben(PC, NU) is None
        assert koder(personkategori.slet(self.person, Slet(PC, "andet"), vilkaar())) == [4589]
