from dataclasses import replace

import pytest

from support.builders import NOW, TODAY, TOMORROW, YESTERDAY, category, citizen, context, row
from vos_contracts.model.registration import Create, Delete, Kind, Update
from vos_reference.domain import personkategori
from vos_reference.domain.decision import Accepted, Decision, Refused
from vos_reference.domain.person import Fravaer, Person, Tilmelding

PC = Kind.PERSONKATEGORI


def codes(decision: Decision) -> list[int]:
    assert isinstance(decision, Refused), decision
    return [error.code for error in decision.errors]


def create(person: Person, type_: int, **other: object) -> Decision:
    command = replace(Create(PC, type_, TODAY), **other)  # type: ignore[arg-type]  # fields by name
    return personkategori.create(person, command, "new", context())


def test_a_new_personkategori_replaces_the_open_one() -> None:
    decision = create(citizen(row(2), category(8)), 5)
    assert isinstance(decision, Accepted)
    assert [(row.id, row.end) for row in decision.rows] == [("category", TODAY), ("new", None)]


def test_an_unknown_personkategori_is_2002() -> None:
    assert codes(create(citizen(row(2)), 3)) == [2002]


def test_without_a_kontaktgruppe_or_not_allowed_is_4731() -> None:
    assert codes(create(citizen(), 5)) == [4731]
    assert codes(create(citizen(row(4)), 5)) == [4731]


@pytest.mark.parametrize(
    ("type_", "enrolled", "errors"), [(5, True, 4655), (5, False, 0), (4, False, 4656), (4, True, 0)]
)
def test_enrolment_and_personkategori(type_: int, enrolled: bool, errors: int) -> None:
    person = replace(citizen(row(2)), tilmelding=Tilmelding(2) if enrolled else None)
    decision = create(person, type_)
    assert (codes(decision) == [errors]) if errors else isinstance(decision, Accepted)


def test_aktivitetsparat_on_uddannelseshjaelp_does_not_require_ending_the_enrolment() -> None:
    person = replace(citizen(row(12), age=25), tilmelding=Tilmelding(3))
    assert isinstance(create(person, 5), Accepted)


def test_a_conflicting_absence_is_4654() -> None:
    person = replace(citizen(row(2)), fravaer=(Fravaer(2, YESTERDAY.date()),))
    assert codes(create(person, 5)) == [4654]
    assert isinstance(create(replace(person, tilmelding=Tilmelding(2)), 4), Accepted)


def test_the_start_must_be_today_4703() -> None:
    assert codes(create(citizen(row(2)), 5, start=TOMORROW)) == [4703]


def test_an_end_before_the_start_is_1014() -> None:
    assert codes(create(citizen(row(2)), 5, end=YESTERDAY)) == [1014]


def test_a_future_end_is_allowed_for_a_personkategori() -> None:
    assert isinstance(create(citizen(row(2)), 5, end=TOMORROW), Accepted)


class TestEnd:
    person = citizen(row(2), category(5))

    def test_the_default_follows_where_the_group_needs_one(self) -> None:
        decision = personkategori.update(self.person, Update(PC, "category", NOW), context())
        assert isinstance(decision, Accepted)
        after = personkategori.follow_group(decision, context()).person
        open_row = after.open_registration(PC, NOW)
        assert open_row is not None
        assert (open_row.id, open_row.type, open_row.start) == ("new-personkategori", 8, NOW)

    def test_unknown_ended_or_without_an_end(self) -> None:
        assert codes(personkategori.update(self.person, Update(PC, "other", NOW), context())) == [4589]
        assert codes(personkategori.update(self.person, Update(PC, "category", None), context())) == [1014]
        closed = citizen(row(2), replace(category(5), end=YESTERDAY))
        assert codes(personkategori.update(closed, Update(PC, "category", NOW), context())) == [8096]

    def test_delete(self) -> None:
        decision = personkategori.delete(self.person, Delete(PC, "category"), context())
        assert isinstance(decision, Accepted)
        assert decision.person.open_registration(PC, NOW) is None
        assert codes(personkategori.delete(self.person, Delete(PC, "other"), context())) == [4589]
