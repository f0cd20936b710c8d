from dataclasses import replace

import pytest
from support.builders import NOW, TODAY, TOMORROW, YESTERDAY, category, citizen, context, row

from vos_contracts.model.registration import Create, Delete, Kind, Update
from vos_reference.domain import personkategori
from vos_reference.domain.decision import Accepted, Decision, Refused
from vos_reference.domain.person import Fravaer, Person, Tilmelding

PC = Kind.PERSONKATEGORI


def tables(decision: Decision) -> list[int]:
    assert isinstance(decision, Refused), decision
    return [error.code for error in decision.errors]


def create(person: Person, type_: int, **other: object) -> Decision:
    command = replace(Create(PC, type_, TODAY), **other)  # type: ignore[arg-type]  # fields by name
    return personkategori.create(person, command, "new", context())


def test_en_ny_kategori_afloeser_den_aabne() -> None:
    decision = create(citizen(row(2), category(8)), 5)
    assert isinstance(decision, Accepted)
    assert [(item.id, item.end) for item in decision.rows] == [("category", TODAY), ("new", None)]


def test_ukendt_kategori_2002() -> None:
    assert tables(create(citizen(row(2)), 3)) == [2002]


def test_uden_kontaktgruppe_eller_ikke_tilladt_4731() -> None:
    assert tables(create(citizen(), 5)) == [4731]
    assert tables(create(citizen(row(4)), 5)) == [4731]


@pytest.mark.parametrize(
    ("type_", "enrolled", "errors"), [(5, True, 4655), (5, False, 0), (4, False, 4656), (4, True, 0)]
)
def test_tilmelding_og_kategori(type_: int, enrolled: bool, errors: int) -> None:
    person = replace(citizen(row(2)), tilmelding=Tilmelding(2) if enrolled else None)
    decision = create(person, type_)
    assert (tables(decision) == [errors]) if errors else isinstance(decision, Accepted)


def test_aktivitetsparat_paa_uddannelseshjaelp_kraever_ikke_afmelding() -> None:
    person = replace(citizen(row(12), age=25), tilmelding=Tilmelding(3))
    assert isinstance(create(person, 5), Accepted)


def test_fravaer_i_konflikt_4654() -> None:
    person = replace(citizen(row(2)), fravaer=(Fravaer(2, YESTERDAY.date()),))
    assert tables(create(person, 5)) == [4654]
    assert isinstance(create(replace(person, tilmelding=Tilmelding(2)), 4), Accepted)


def test_start_skal_vaere_i_dag_4703() -> None:
    assert tables(create(citizen(row(2)), 5, start=TOMORROW)) == [4703]


def test_slut_foer_start_er_1014() -> None:
    assert tables(create(citizen(row(2)), 5, end=YESTERDAY)) == [1014]


def test_en_fremtidig_slutdato_er_tilladt_for_kategorier() -> None:
    assert isinstance(create(citizen(row(2)), 5, end=TOMORROW), Accepted)


class TestEnd:
    person = citizen(row(2), category(5))

    def test_standarden_foelger_hvor_gruppen_kraever_en(self) -> None:
        decision = personkategori.update(self.person, Update(PC, "category", NOW), context())
        assert isinstance(decision, Accepted)
        after = personkategori.follow_group(decision, context()).person
        is_open = after.is_open(PC, NOW)
        assert is_open is not None
        assert (is_open.id, is_open.type, is_open.start) == ("ny-personkategori", 8, NOW)

    def test_ukendt_afsluttet_og_uden_slut(self) -> None:
        assert tables(personkategori.update(self.person, Update(PC, "other", NOW), context())) == [4589]
        assert tables(personkategori.update(self.person, Update(PC, "category", None), context())) == [1014]
        closed = citizen(row(2), replace(category(5), end=YESTERDAY))
        assert tables(personkategori.update(closed, Update(PC, "category", NOW), context())) == [8096]

    def test_slet(self) -> None:
        decision = personkategori.delete(self.person, Delete(PC, "category"), context())
        assert isinstance(decision, Accepted)
        assert decision.person.is_open(PC, NOW) is None
        assert tables(personkategori.delete(self.person, Delete(PC, "other"), context())) == [4589]
