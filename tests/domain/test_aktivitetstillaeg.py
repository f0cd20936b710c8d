from dataclasses import replace
from datetime import timedelta

import pytest

from support.builders import NOW, TODAY, TOMORROW, YESTERDAY, category, citizen, context, row
from vos_contracts.model.neighbours import RegisterAktivitetstillaeg
from vos_contracts.model.registration import Create, Kind, Update
from vos_reference.domain.batch_jobs import Job
from vos_reference.domain.decide import Command, decide, decide_job
from vos_reference.domain.decision import Accepted, Refused
from vos_reference.domain.person import Period, Person, Registration

DAY = NOW.date()
YESTERDAY_DAY = DAY - timedelta(days=1)
ID = "00000000-0000-0000-0000-00000000000a"
AKTIVITETSTILLAEG = Period(ID, YESTERDAY_DAY)


def with_aktivitetstillaeg(group: int, type_: int, age: int = 25) -> Person:
    return replace(citizen(row(group), category(type_), age=age), aktivitetstillaeg=(AKTIVITETSTILLAEG,))


def after(person: Person, command: Command, release: str) -> Person:
    response = decide(person, command, context(release=release))
    assert isinstance(response, Accepted), response
    return response.person


@pytest.mark.parametrize(("group", "type_", "granted"), [(2, 5, True), (3, 5, True), (12, 5, True), (2, 4, False),
                                                        (26, 5, False), (28, 5, False)])  # fmt: skip
def test_the_groups_and_categories_that_allow_it(group: int, type_: int, granted: bool) -> None:
    person = citizen(row(group), category(type_), age=25)
    response = decide(person, RegisterAktivitetstillaeg(id=ID, since=DAY), context())
    if granted:
        assert isinstance(response, Accepted)
        assert response.person.aktivitetstillaeg == (Period(ID, DAY),)
        again = decide(response.person, RegisterAktivitetstillaeg(id=ID, since=DAY), context())
        assert isinstance(again, Refused)
        assert [error.code for error in again.errors] == [4977]
    else:
        assert isinstance(response, Refused)
        assert [error.code for error in response.errors] == [4731]


@pytest.mark.parametrize("release", ["2024-3", "2024-4", "2025-1", "2025-2"])
def test_a_group_that_does_not_allow_it_ends_it_in_every_release(release: str) -> None:
    assert after(with_aktivitetstillaeg(12, 5), Create(Kind.KONTAKTGRUPPE, 28, TODAY), release).aktivitetstillaeg == (
        Period(ID, YESTERDAY_DAY, DAY),
    )


@pytest.mark.parametrize("release", ["2024-3", "2024-4"])
def test_closing_the_group_ends_it(release: str) -> None:
    closed = after(with_aktivitetstillaeg(12, 5), Update(Kind.KONTAKTGRUPPE, "old", NOW), release)
    assert closed.aktivitetstillaeg == (Period(ID, YESTERDAY_DAY, DAY),)


@pytest.mark.parametrize(("release", "until"), [("2024-3", None), ("2024-4", DAY), ("2025-1", DAY), ("2025-2", DAY)])
def test_leaving_aktivitetsparat_ends_it_from_2024_4(release: str, until: object) -> None:
    (aktivitetstillaeg,) = after(
        with_aktivitetstillaeg(12, 5), Create(Kind.PERSONKATEGORI, 7, TODAY), release
    ).aktivitetstillaeg
    assert aktivitetstillaeg.until == until


@pytest.mark.parametrize(("release", "until"), [("2024-3", None), ("2024-4", TOMORROW.date())])
@pytest.mark.parametrize("previous", [(), (category(7, "previous"), replace(category(7, "previous"), end=YESTERDAY))])
def test_a_personkategori_reaching_its_planned_end_ends_it_from_2024_4(
    previous: tuple[Registration, ...], release: str, until: object
) -> None:
    before = with_aktivitetstillaeg(12, 5).with_([*previous, replace(category(5), end=TOMORROW)])
    response = decide_job(before, Job.EXPIRY, context(release=release, now=TOMORROW))
    assert response is not None
    assert [(row.type, row.end) for row in response.rows] == [(8, None)]
    assert [allowance.until for allowance in response.person.aktivitetstillaeg] == [until]


def test_changing_between_allowed_groups_keeps_it() -> None:
    changed = after(with_aktivitetstillaeg(12, 5), Create(Kind.KONTAKTGRUPPE, 2, TODAY), "2024-4")
    assert changed.aktivitetstillaeg == (AKTIVITETSTILLAEG,)
    assert changed.open_registration(Kind.PERSONKATEGORI, NOW) == category(5)


def test_an_ended_aktivitetstillaeg_is_left_alone() -> None:
    ended = Period(ID, YESTERDAY_DAY - timedelta(days=9), YESTERDAY_DAY)
    person = replace(with_aktivitetstillaeg(12, 5), aktivitetstillaeg=(ended,))
    assert after(person, Create(Kind.KONTAKTGRUPPE, 28, TODAY), "2024-4").aktivitetstillaeg == (ended,)
