from dataclasses import replace
from datetime import date, timedelta

import pytest

from byggeklodser import I_DAG, I_GAAR, I_MORGEN, NU, STAR, borger, identitet, kategori, raekke, vilkaar
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Art, Opdater, Opret, Slet
from vos_reference.domain import kontaktgruppe, personkategori
from vos_reference.domain.decision import Afvist, Beslutning, Udfoert
from vos_reference.domain.person import Fravaer, Person, Tilmelding

KG = Art.KONTAKTGRUPPE
PC = Art.PERSONKATEGORI


def koder(beslutning: Beslutning) -> list[int]:
    assert isinstance(beslutning, Afvist), beslutning
    return [fejl.kode for fejl in beslutning.fejl]


def udfoert(beslutning: Beslutning) -> Udfoert:
    assert isinstance(beslutning, Udfoert), beslutning
    return beslutning


def opret(person: Person, type_: int, **andet: object) -> Beslutning:
    kommando = replace(Opret(KG, type_, I_DAG), **andet)  # type: ignore[arg-type]  # fields by name
    return kontaktgruppe.opret(person, kommando, "ny", vilkaar())


def test_den_foerste_kontaktgruppe_bliver_aaben() -> None:
    ny = udfoert(opret(borger(), 13)).person.aaben(KG, NU)
    assert ny is not None
    assert (ny.id, ny.type, ny.start, ny.slut, ny.registrant) == ("ny", 13, I_DAG, None, identitet())


def test_en_anden_gruppe_afloeser_den_aabne() -> None:
    efter = udfoert(opret(borger(raekke(4)), 13)).person
    assert [(en.id, en.type, en.slut) for en in efter.historik] == [
        ("gammel", 4, None),
        ("gammel", 4, I_DAG),
        ("ny", 13, None),
    ]


def test_den_samme_gruppe_aaben_er_4644() -> None:
    assert koder(opret(borger(raekke(13)), 13)) == [4644]


def test_den_samme_gruppe_afsluttet_er_tilladt() -> None:
    assert udfoert(opret(borger(raekke(13, slut=I_DAG)), 13)).id == "ny"


@pytest.mark.parametrize("start", [I_GAAR, I_MORGEN])
def test_start_skal_vaere_i_dag_4703(start: object) -> None:
    assert koder(opret(borger(), 13, start=start)) == [4703]


def test_i_dag_er_den_danske_dag() -> None:
    sent = NU.replace(hour=23, minute=30)
    beslutning = kontaktgruppe.opret(borger(), Opret(KG, 13, sent), "ny", vilkaar(now=NU.replace(hour=0, minute=1)))
    assert udfoert(beslutning).id == "ny"


def test_ukendt_gruppe_4675() -> None:
    assert koder(opret(borger(), 9)) == [4675]


@pytest.mark.parametrize(("gruppe", "alder", "fejl"), [(12, 29, []), (12, 30, [6033]), (28, 31, [6033]), (2, 60, [])])
def test_gruppen_skal_passe_til_alderen_6033(gruppe: int, alder: int, fejl: list[int]) -> None:
    beslutning = opret(borger(alder=alder), gruppe)
    assert (koder(beslutning) if isinstance(beslutning, Afvist) else []) == fejl


def test_alderen_paa_30_aars_dagen() -> None:
    foedt = date(NU.year - 30, NU.month, NU.day)
    assert koder(opret(replace(borger(), foedt=foedt), 12)) == [6033]
    assert udfoert(opret(replace(borger(), foedt=foedt + timedelta(days=1)), 12)).id == "ny"


def test_foedt_29_februar_fylder_1_marts() -> None:
    person = replace(borger(), foedt=date(1996, 2, 29))
    foer = NU.replace(year=2026, month=2, day=28)
    beslutning = kontaktgruppe.opret(person, Opret(KG, 12, foer), "ny", vilkaar(now=foer))
    assert udfoert(beslutning).id == "ny"
    efter = NU.replace(year=2026, month=3, day=1)
    assert koder(kontaktgruppe.opret(person, Opret(KG, 12, efter), "ny", vilkaar(now=efter))) == [6033]


@pytest.mark.parametrize("gruppe", [24, 25])
def test_ksd_og_dfdgs_grupper_kan_ikke_aendres_8096(gruppe: int) -> None:
    assert koder(opret(borger(), gruppe)) == [8096]
    assert koder(opret(borger(raekke(gruppe)), 13)) == [8096]
    assert koder(kontaktgruppe.opdater(borger(raekke(gruppe)), Opdater(KG, "gammel", I_DAG), vilkaar())) == [8096]
    assert koder(kontaktgruppe.slet(borger(raekke(gruppe)), Slet(KG, "gammel"), vilkaar())) == [8096]


def test_fravaer_i_konflikt_4645() -> None:
    person = replace(borger(), fravaer=(Fravaer(2, I_GAAR.date()),))
    assert koder(opret(person, 13)) == [4645]
    afsluttet = replace(borger(), fravaer=(Fravaer(2, I_GAAR.date(), I_DAG.date()),))
    assert udfoert(opret(afsluttet, 13)).id == "ny"


class TestTilmeldt:
    person = replace(borger(raekke(1)), tilmelding=Tilmelding(1))

    def test_kan_ikke_skifte_100029(self) -> None:
        assert koder(opret(self.person, 13)) == [100029]

    def test_samme_gruppe_er_4644_og_ikke_100029(self) -> None:
        assert koder(opret(self.person, 1)) == [4644]

    def test_uden_aaben_gruppe_kun_tilmeldingens(self) -> None:
        uden = replace(borger(), tilmelding=Tilmelding(1))
        assert koder(opret(uden, 13)) == [100029]
        assert udfoert(opret(uden, 1)).id == "ny"

    @pytest.mark.parametrize(
        ("udgave", "klassisk", "afvises"),
        [("2024-3", False, True), ("2024-3", True, False), ("2024-4", True, True), ("2025-1", True, True)],
    )
    def test_fra_hvilken_udgave_og_kanal(self, udgave: str, klassisk: bool, afvises: bool) -> None:
        beslutning = kontaktgruppe.opret(
            self.person, Opret(KG, 13, I_DAG), "ny", vilkaar(udgave=udgave, klassisk=klassisk)
        )
        assert isinstance(beslutning, Afvist) is afvises


def test_alle_fejl_der_kan_konstateres_kommer_paa_en_gang() -> None:
    person = replace(borger(raekke(12), alder=35), tilmelding=Tilmelding(3), fravaer=(Fravaer(2, I_GAAR.date()),))
    assert koder(opret(person, 12, start=I_GAAR, slut=I_MORGEN)) == [4644, 4703, 6033, 100028]


class TestAfslut:
    def test_i_dag(self) -> None:
        efter = udfoert(kontaktgruppe.opdater(borger(raekke(13)), Opdater(KG, "gammel", NU), vilkaar())).person
        assert efter.aaben(KG, NU) is None
        assert efter.historik[-1].slut == NU

    @pytest.mark.parametrize(
        ("udgave", "klassisk", "tilmeldt", "afvises"),
        [
            ("2024-3", True, False, False),
            ("2024-3", True, True, True),
            ("2024-3", False, False, True),
            ("2024-4", True, False, True),
            ("2024-4", False, False, True),
            ("2025-1", True, False, True),
        ],
    )
    def test_fremtidig_slutdato_100028(self, udgave: str, klassisk: bool, tilmeldt: bool, afvises: bool) -> None:
        person = borger(raekke(13))
        if tilmeldt:
            person = replace(person, tilmelding=Tilmelding(1))
        beslutning = kontaktgruppe.opdater(
            person, Opdater(KG, "gammel", I_MORGEN), vilkaar(udgave=udgave, klassisk=klassisk)
        )
        assert (koder(beslutning) == [100028]) if afvises else isinstance(beslutning, Udfoert)

    def test_en_afsluttet_gruppe_kan_ikke_aendres(self) -> None:
        person = borger(raekke(13, slut=I_GAAR))
        assert koder(kontaktgruppe.opdater(person, Opdater(KG, "gammel", I_DAG), vilkaar())) == [8096]

    def test_ukendt_id_4589(self) -> None:
        for kommando in (Opdater(KG, "andet", I_DAG), Opdater(PC, "gammel", I_DAG)):
            assert koder(kontaktgruppe.opdater(borger(raekke(13)), kommando, vilkaar())) == [4589]

    def test_uden_slutdato_og_foer_start_er_1014(self) -> None:
        for slut in (None, I_GAAR - timedelta(days=1)):
            beslutning = kontaktgruppe.opdater(borger(raekke(13)), Opdater(KG, "gammel", slut), vilkaar())
            assert koder(beslutning) == [1014]


class TestSlet:
    def test_den_der_har_registreret(self) -> None:
        efter = udfoert(kontaktgruppe.slet(borger(raekke(13)), Slet(KG, "gammel"), vilkaar())).person
        assert efter.aaben(KG, NU) is None
        assert [en.er_slettet for en in efter.historik] == [False, True]
        assert koder(kontaktgruppe.slet(efter, Slet(KG, "gammel"), vilkaar())) == [4589]

    def test_star_maa_og_andre_maa_ikke(self) -> None:
        person = borger(raekke(13))
        assert udfoert(kontaktgruppe.slet(person, Slet(KG, "gammel"), vilkaar(STAR))).id == "gammel"
        anden = Organisation(8, "10200")
        assert koder(kontaktgruppe.slet(person, Slet(KG, "gammel"), vilkaar(anden))) == [4575]


class TestKategorienFoelgerGruppen:
    def efter(self, beslutning: Beslutning) -> Person:
        return personkategori.foelg_gruppen(udfoert(beslutning), vilkaar()).person

    def test_standard_hvor_gruppen_kraever(self) -> None:
        kategori_ = self.efter(opret(borger(), 2)).aaben(PC, NU)
        assert kategori_ is not None
        assert (kategori_.id, kategori_.type, kategori_.registrant) == ("ny-personkategori", 8, identitet())

    def test_ingen_hvor_gruppen_ikke_kraever(self) -> None:
        assert self.efter(opret(borger(), 13)).aaben(PC, NU) is None

    def test_en_tilladt_kategori_bliver(self) -> None:
        efter = self.efter(opret(borger(raekke(2), kategori(5)), 3))
        aaben = efter.aaben(PC, NU)
        assert aaben is not None
        assert (aaben.id, aaben.type) == ("kategori", 5)

    def test_en_kategori_som_gruppen_ikke_tillader_ophoerer_og_standarden_foelger(self) -> None:
        efter = self.efter(opret(borger(raekke(2), kategori(4), alder=25), 12))
        assert [(en.id, en.type, en.slut) for en in efter.historik if en.art is PC] == [
            ("kategori", 4, None),
            ("kategori", 4, I_DAG),
            ("ny-personkategori", 8, None),
        ]

    def test_naar_gruppen_lukker_ophoerer_kategorien(self) -> None:
        beslutning = kontaktgruppe.opdater(borger(raekke(2), kategori(5)), Opdater(KG, "gammel", NU), vilkaar())
        efter = self.efter(beslutning)
        assert efter.aaben(PC, NU) is None
        assert efter.historik[-1].slut == NU
