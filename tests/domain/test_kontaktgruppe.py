from dataclasses import replace
from datetime import date, timedelta

import pytest
from support.builders import NOW, STAR, TODAY, TOMORROW, YESTERDAY, category, citizen, context, identity, row

from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Create, Delete, Kind, Update
from vos_reference.domain import kontaktgruppe, personkategori
from vos_reference.domain.decision import Accepted, Decision, Refused
from vos_reference.domain.person import Fravaer, Person, Tilmelding

KG = Kind.KONTAKTGRUPPE
PC = Kind.PERSONKATEGORI


def tables(decision: Decision) -> list[int]:
    assert isinstance(decision, Refused), decision
    return [error.code for error in decision.errors]


def accepted(decision: Decision) -> Accepted:
    assert isinstance(decision, Accepted), decision
    return decision


def create(person: Person, type_: int, **other: object) -> Decision:
    command = replace(Create(KG, type_, TODAY), **other)  # type: ignore[arg-type]  # fields by name
    return kontaktgruppe.create(person, command, "new", context())


def test_den_foerste_kontaktgruppe_bliver_aaben() -> None:
    new = accepted(create(citizen(), 13)).person.is_open(KG, NOW)
    assert new is not None
    assert (new.id, new.type, new.start, new.end, new.registrant) == ("new", 13, TODAY, None, identity())


def test_en_anden_gruppe_afloeser_den_aabne() -> None:
    after = accepted(create(citizen(row(4)), 13)).person
    assert [(item.id, item.type, item.end) for item in after.history] == [
        ("old", 4, None),
        ("old", 4, TODAY),
        ("new", 13, None),
    ]


def test_den_samme_gruppe_aaben_er_4644() -> None:
    assert tables(create(citizen(row(13)), 13)) == [4644]


def test_den_samme_gruppe_afsluttet_er_tilladt() -> None:
    assert accepted(create(citizen(row(13, end=TODAY)), 13)).id == "new"


@pytest.mark.parametrize("start", [YESTERDAY, TOMORROW])
def test_start_skal_vaere_i_dag_4703(start: object) -> None:
    assert tables(create(citizen(), 13, start=start)) == [4703]


def test_i_dag_er_den_danske_dag() -> None:
    sent = NOW.replace(hour=23, minute=30)
    decision = kontaktgruppe.create(citizen(), Create(KG, 13, sent), "new", context(now=NOW.replace(hour=0, minute=1)))
    assert accepted(decision).id == "new"


def test_ukendt_gruppe_4675() -> None:
    assert tables(create(citizen(), 9)) == [4675]


@pytest.mark.parametrize(("group", "age", "errors"), [(12, 29, []), (12, 30, [6033]), (28, 31, [6033]), (2, 60, [])])
def test_gruppen_skal_passe_til_alderen_6033(group: int, age: int, errors: list[int]) -> None:
    decision = create(citizen(age=age), group)
    assert (tables(decision) if isinstance(decision, Refused) else []) == errors


def test_alderen_paa_30_aars_dagen() -> None:
    born = date(NOW.year - 30, NOW.month, NOW.day)
    assert tables(create(replace(citizen(), born=born), 12)) == [6033]
    assert accepted(create(replace(citizen(), born=born + timedelta(days=1)), 12)).id == "new"


def test_foedt_29_februar_fylder_1_marts() -> None:
    person = replace(citizen(), born=date(1996, 2, 29))
    before = NOW.replace(year=2026, month=2, day=28)
    decision = kontaktgruppe.create(person, Create(KG, 12, before), "new", context(now=before))
    assert accepted(decision).id == "new"
    after = NOW.replace(year=2026, month=3, day=1)
    assert tables(kontaktgruppe.create(person, Create(KG, 12, after), "new", context(now=after))) == [6033]


@pytest.mark.parametrize("group", [24, 25])
def test_ksd_og_dfdgs_grupper_kan_ikke_aendres_8096(group: int) -> None:
    assert tables(create(citizen(), group)) == [8096]
    assert tables(create(citizen(row(group)), 13)) == [8096]
    assert tables(kontaktgruppe.update(citizen(row(group)), Update(KG, "old", TODAY), context())) == [8096]
    assert tables(kontaktgruppe.delete(citizen(row(group)), Delete(KG, "old"), context())) == [8096]


def test_fravaer_i_konflikt_4645() -> None:
    person = replace(citizen(), fravaer=(Fravaer(2, YESTERDAY.date()),))
    assert tables(create(person, 13)) == [4645]
    ended = replace(citizen(), fravaer=(Fravaer(2, YESTERDAY.date(), TODAY.date()),))
    assert accepted(create(ended, 13)).id == "new"


class TestEnrolled:
    person = replace(citizen(row(1)), tilmelding=Tilmelding(1))

    def test_kan_ikke_skifte_100029(self) -> None:
        assert tables(create(self.person, 13)) == [100029]

    def test_samme_gruppe_er_4644_og_ikke_100029(self) -> None:
        assert tables(create(self.person, 1)) == [4644]

    def test_uden_aaben_gruppe_kun_tilmeldingens(self) -> None:
        without = replace(citizen(), tilmelding=Tilmelding(1))
        assert tables(create(without, 13)) == [100029]
        assert accepted(create(without, 1)).id == "new"

    @pytest.mark.parametrize(
        ("release", "classic", "refused"),
        [("2024-3", False, True), ("2024-3", True, False), ("2024-4", True, True), ("2025-1", True, True)],
    )
    def test_fra_hvilken_udgave_og_kanal(self, release: str, classic: bool, refused: bool) -> None:
        decision = kontaktgruppe.create(
            self.person, Create(KG, 13, TODAY), "new", context(release=release, classic=classic)
        )
        assert isinstance(decision, Refused) is refused


def test_alle_fejl_der_kan_konstateres_kommer_paa_en_gang() -> None:
    person = replace(citizen(row(12), age=35), tilmelding=Tilmelding(3), fravaer=(Fravaer(2, YESTERDAY.date()),))
    assert tables(create(person, 12, start=YESTERDAY, end=TOMORROW)) == [4644, 4703, 6033, 100028]


class TestEnd:
    def test_i_dag(self) -> None:
        after = accepted(kontaktgruppe.update(citizen(row(13)), Update(KG, "old", NOW), context())).person
        assert after.is_open(KG, NOW) is None
        assert after.history[-1].end == NOW

    @pytest.mark.parametrize(
        ("release", "classic", "enrolled", "refused"),
        [
            ("2024-3", True, False, False),
            ("2024-3", True, True, True),
            ("2024-3", False, False, True),
            ("2024-4", True, False, True),
            ("2024-4", False, False, True),
            ("2025-1", True, False, True),
        ],
    )
    def test_fremtidig_slutdato_100028(self, release: str, classic: bool, enrolled: bool, refused: bool) -> None:
        person = citizen(row(13))
        if enrolled:
            person = replace(person, tilmelding=Tilmelding(1))
        decision = kontaktgruppe.update(person, Update(KG, "old", TOMORROW), context(release=release, classic=classic))
        assert (tables(decision) == [100028]) if refused else isinstance(decision, Accepted)

    def test_en_afsluttet_gruppe_kan_ikke_aendres(self) -> None:
        person = citizen(row(13, end=YESTERDAY))
        assert tables(kontaktgruppe.update(person, Update(KG, "old", TODAY), context())) == [8096]

    def test_ukendt_id_4589(self) -> None:
        for command in (Update(KG, "other", TODAY), Update(PC, "old", TODAY)):
            assert tables(kontaktgruppe.update(citizen(row(13)), command, context())) == [4589]

    def test_uden_slutdato_og_foer_start_er_1014(self) -> None:
        for end in (None, YESTERDAY - timedelta(days=1)):
            decision = kontaktgruppe.update(citizen(row(13)), Update(KG, "old", end), context())
            assert tables(decision) == [1014]


class TestDelete:
    def test_den_der_har_registreret(self) -> None:
        after = accepted(kontaktgruppe.delete(citizen(row(13)), Delete(KG, "old"), context())).person
        assert after.is_open(KG, NOW) is None
        assert [item.is_deleted for item in after.history] == [False, True]
        assert tables(kontaktgruppe.delete(after, Delete(KG, "old"), context())) == [4589]

    def test_star_maa_og_andre_maa_ikke(self) -> None:
        person = citizen(row(13))
        assert accepted(kontaktgruppe.delete(person, Delete(KG, "old"), context(STAR))).id == "old"
        other = Organisation(8, "10200")
        assert tables(kontaktgruppe.delete(person, Delete(KG, "old"), context(other))) == [4575]


class TestCategoryConsequencesGroup:
    def after(self, decision: Decision) -> Person:
        return personkategori.follow_group(accepted(decision), context()).person

    def test_standard_hvor_gruppen_kraever(self) -> None:
        category_ = self.after(create(citizen(), 2)).is_open(PC, NOW)
        assert category_ is not None
        assert (category_.id, category_.type, category_.registrant) == ("ny-personkategori", 8, identity())

    def test_ingen_hvor_gruppen_ikke_kraever(self) -> None:
        assert self.after(create(citizen(), 13)).is_open(PC, NOW) is None

    def test_en_tilladt_kategori_bliver(self) -> None:
        after = self.after(create(citizen(row(2), category(5)), 3))
        is_open = after.is_open(PC, NOW)
        assert is_open is not None
        assert (is_open.id, is_open.type) == ("category", 5)

    def test_en_kategori_som_gruppen_ikke_tillader_ophoerer_og_standarden_foelger(self) -> None:
        after = self.after(create(citizen(row(2), category(4), age=25), 12))
        assert [(item.id, item.type, item.end) for item in after.history if item.kind is PC] == [
            ("category", 4, None),
            ("category", 4, TODAY),
            ("ny-personkategori", 8, None),
        ]

    def test_naar_gruppen_lukker_ophoerer_kategorien(self) -> None:
        decision = kontaktgruppe.update(citizen(row(2), category(5)), Update(KG, "old", NOW), context())
        after = self.after(decision)
        assert after.is_open(PC, NOW) is None
        assert after.history[-1].end == NOW
