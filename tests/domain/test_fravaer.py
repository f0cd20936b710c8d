from dataclasses import replace
from datetime import timedelta

import pytest

from support.builders import NOW, TODAY, YESTERDAY, category, citizen, context, identity, row
from vos_contracts.model.neighbours import EndFravaer, NeighbourCommand, RegisterFravaer
from vos_contracts.model.registration import Create, Delete, Kind, Update
from vos_reference.domain.decide import decide
from vos_reference.domain.decision import Accepted, Refused
from vos_reference.domain.person import Fravaer, Illness, Person

DAY = NOW.date()
YESTERDAY_DAY = DAY - timedelta(days=1)
ID = "00000000-0000-0000-0000-00000000000f"
FERIE, TEMPORARY_WORK, UNDER_18 = 10, 2, 6


def codes(person: Person, command: NeighbourCommand) -> list[int]:
    response = decide(person, command, context())
    return [error.code for error in response.errors] if isinstance(response, Refused) else []


def register(type_: int = FERIE, **other: object) -> RegisterFravaer:
    return RegisterFravaer(**{"id": ID, "type": type_, "since": DAY, **other})  # type: ignore[arg-type]  # fields by name


def test_an_absence_is_registered_once() -> None:
    response = decide(citizen(row(4)), register(until=DAY + timedelta(days=5)), context())
    assert isinstance(response, Accepted)
    assert response.person.fravaer == (Fravaer(FERIE, DAY, DAY + timedelta(days=5), ID),)
    assert response.events == ()
    assert codes(response.person, register()) == [4977]


@pytest.mark.parametrize(
    ("command", "errors"), [(register(99), [9131]), (register(until=YESTERDAY_DAY), [4636]), (register(until=DAY), [])]
)
def test_type_and_end(command: RegisterFravaer, errors: list[int]) -> None:
    assert codes(citizen(), command) == errors


def test_the_group_or_personkategori_can_forbid_an_absence() -> None:
    assert codes(citizen(row(4)), register(UNDER_18)) == [4645]
    assert codes(citizen(), register(UNDER_18)) == []
    assert codes(citizen(row(2), category(5)), register(TEMPORARY_WORK)) == [4654]
    assert codes(citizen(row(2), category(4)), register(TEMPORARY_WORK)) == []


def test_only_a_known_open_absence_can_be_ended() -> None:
    person = replace(
        citizen(), fravaer=(Fravaer(FERIE, YESTERDAY_DAY, None, ID), Fravaer(FERIE, YESTERDAY_DAY, None, "other"))
    )
    response = decide(person, EndFravaer(id=ID, until=DAY), context())
    assert isinstance(response, Accepted)
    assert [absence.until for absence in response.person.fravaer] == [DAY, None]
    assert codes(response.person, EndFravaer(id=ID, until=DAY)) == [4632]
    assert codes(person, EndFravaer(id=ID, until=YESTERDAY_DAY - timedelta(days=1))) == [4636]
    assert codes(citizen(), EndFravaer(id=ID, until=DAY)) == [4632]


FRAVAER = (
    Fravaer(FERIE, YESTERDAY_DAY, None, ID),
    Fravaer(FERIE, YESTERDAY_DAY - timedelta(days=9), YESTERDAY_DAY, "end"),
)


def test_closing_the_group_ends_open_absences() -> None:
    person = replace(citizen(row(4)), fravaer=FRAVAER)
    response = decide(person, Update(Kind.KONTAKTGRUPPE, "old", NOW), context())
    assert isinstance(response, Accepted)
    assert [absence.until for absence in response.person.fravaer] == [DAY, YESTERDAY_DAY]


def test_deleting_the_group_ends_open_absences() -> None:
    person = replace(citizen(row(4)), fravaer=FRAVAER)
    response = decide(person, Delete(Kind.KONTAKTGRUPPE, "old"), context())
    assert isinstance(response, Accepted)
    assert [absence.until for absence in response.person.fravaer] == [DAY, YESTERDAY_DAY]


def test_absences_continue_when_the_group_changes() -> None:
    person = replace(citizen(row(4)), fravaer=FRAVAER)
    response = decide(person, Create(Kind.KONTAKTGRUPPE, 13, TODAY), context())
    assert isinstance(response, Accepted)
    assert response.person.fravaer == FRAVAER


def test_an_ended_absence_is_no_longer_an_illness() -> None:
    ill = Illness(ID, YESTERDAY_DAY, None, identity(), fravaer_id=ID)
    person = replace(citizen(row(4)), fravaer=(Fravaer(11, YESTERDAY_DAY, None, ID),), illness=ill)
    response = decide(person, Update(Kind.KONTAKTGRUPPE, "old", YESTERDAY), context())
    assert isinstance(response, Accepted)
    assert response.person.illness is None


def test_closing_the_group_on_a_later_day_ends_the_absence_that_day() -> None:
    person = replace(citizen(row(4)), fravaer=FRAVAER)
    response = decide(
        person, Update(Kind.KONTAKTGRUPPE, "old", TODAY + timedelta(days=3)), context(release="2024-3", classic=True)
    )
    assert isinstance(response, Accepted)
    assert [absence.until for absence in response.person.fravaer] == [DAY + timedelta(days=3), YESTERDAY_DAY]
