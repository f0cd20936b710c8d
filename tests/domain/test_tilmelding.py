from dataclasses import replace
from datetime import date, timedelta

import pytest

from support.builders import AKASSE, JOBCENTER, NOW, TODAY, category, citizen, context, contract, identity, row
from vos_contracts.model.neighbours import CreateTilmelding, EndTilmelding
from vos_contracts.model.registration import Create, Kind
from vos_contracts.tables.access import ClientSystem
from vos_reference.domain.batch_jobs import Job, due_date
from vos_reference.domain.danish_time import midnight
from vos_reference.domain.decide import Command, decide, decide_job
from vos_reference.domain.decision import Accepted, Caller, DecisionContext, Refused
from vos_reference.domain.person import Fravaer, Illness, Person, Tilmelding

DAY = NOW.date()
KG, PC = Kind.KONTAKTGRUPPE, Kind.PERSONKATEGORI


def day_at(days: int) -> date:
    return DAY + timedelta(days=days)


def codes(person: Person, command: Command, who: DecisionContext | None = None) -> list[int]:
    response = decide(person, command, who or context(AKASSE))
    return [error.code for error in response.errors] if isinstance(response, Refused) else []


def after(person: Person, command: Command, who: DecisionContext | None = None) -> Accepted:
    response = decide(person, command, who or context(AKASSE))
    assert isinstance(response, Accepted), response
    return response


def enrol(category_: int = 1, degree: int = 1, on_date: date = DAY) -> CreateTilmelding:
    return CreateTilmelding(category=category_, unemployment_degree=degree, on_date=on_date)


def cancel_enrolment(on_date: date = DAY, cause: int = 1) -> EndTilmelding:
    return EndTilmelding(on_date=on_date, cause=cause)


def enrolled(category_: int = 1, group: int = 1, since: date = DAY - timedelta(days=20)) -> Person:
    return replace(citizen(row(group)), tilmelding=Tilmelding(category_, since))


def group(person: Person) -> int | None:
    open_row = person.open_registration(KG, NOW)
    return None if open_row is None else open_row.type


@pytest.mark.parametrize(
    ("category_", "age", "expected"),
    [(1, 40, 1), (2, 40, 2), (3, 29, 12), (4, 40, 8), (5, 40, 8), (6, 40, 26), (6, 30, 26), (6, 29, 28)],
)
def test_the_tilmeldekategori_gives_the_group(category_: int, age: int, expected: int) -> None:
    response = after(citizen(age=age), enrol(category_))
    open_row = response.person.open_registration(KG, NOW)
    assert open_row is not None
    assert (open_row.type, open_row.start, open_row.event) == (expected, TODAY, TODAY)
    assert open_row.registrant == identity(AKASSE)
    assert response.person.tilmelding == Tilmelding(category_, DAY, None, identity(AKASSE))


def test_another_tilmeldekategori_changes_the_group_and_ends_the_old_enrolment() -> None:
    response = after(enrolled(), enrol(2))
    assert [(row.type, row.end) for row in response.person.registrations.values() if row.kind is KG] == [
        (1, TODAY),
        (2, None),
    ]
    assert response.person.tilmelding == Tilmelding(2, DAY, None, identity(AKASSE))
    assert response.person.former_tilmeldinger == (Tilmelding(1, day_at(-20), DAY),)
    category_ = response.person.open_registration(PC, NOW)
    assert category_ is not None
    assert category_.type == 8


def test_another_tilmeldekategori_with_the_same_group_changes_no_group() -> None:
    response = after(enrolled(4, 8), enrol(5))
    assert response.events == ()
    assert group(response.person) == 8


def test_enrolling_in_the_open_group_changes_no_group() -> None:
    response = after(citizen(row(2), category(5)), enrol(2))
    assert [(event.registration.kind, event.registration.type) for event in response.events] == [(PC, 5), (PC, 8)]


@pytest.mark.parametrize("days", [0, -10])
def test_the_group_follows_an_enrolment_ten_days_back(days: int) -> None:
    open_row = after(citizen(), enrol(on_date=day_at(days))).person.open_registration(KG, NOW)
    assert open_row is not None
    assert (open_row.start, open_row.event) == (midnight(day_at(days)), midnight(day_at(days)))


def test_a_group_about_to_end_is_replaced_when_the_citizen_enrols_in_it() -> None:
    response = after(citizen(row(2, end=NOW + timedelta(days=3)), category(8)), enrol(2))
    open_row = response.person.open_registration(KG, NOW)
    assert open_row is not None
    assert (open_row.type, open_row.start, open_row.end) == (2, TODAY, None)
    old = response.person.registrations["old"]
    assert (old.end, old.registrant) == (TODAY, identity(AKASSE))
    categories = [row for row in response.person.registrations.values() if row.kind is PC]
    assert [(item.type, item.end) for item in categories] == [(8, None)]


def test_the_default_starts_with_the_group_also_when_backdated() -> None:
    for person in (citizen(), citizen(row(4, start=NOW - timedelta(days=20)))):
        response = after(person, enrol(2, on_date=day_at(-10)))
        kg, pc = response.person.open_registration(KG, NOW), response.person.open_registration(PC, NOW)
        assert kg is not None
        assert pc is not None
        assert (pc.type, pc.start, kg.start) == (8, midnight(day_at(-10)), midnight(day_at(-10)))


def test_the_default_starts_no_earlier_than_the_previous_one_ended() -> None:
    previous = (row(2, end=NOW), replace(category(5), end=NOW))
    pc = after(citizen(*previous), enrol(2)).person.open_registration(PC, NOW)
    assert pc is not None
    assert (pc.type, pc.start) == (8, NOW)


def test_a_backdated_group_starts_no_earlier_than_the_previous_one_ended() -> None:
    end = TODAY - timedelta(days=3)
    new = after(
        citizen(row(4, start=TODAY - timedelta(days=30), end=end)), enrol(on_date=day_at(-10))
    ).person.open_registration(KG, NOW)
    assert new is not None
    assert (new.start, new.event) == (end, midnight(day_at(-10)))


@pytest.mark.parametrize(
    ("person", "command", "errors"),
    [
        (citizen(), enrol(7), [4313]),
        (citizen(), enrol(degree=4), [4314]),
        (citizen(), enrol(9, 4), [4313, 4314]),
        (citizen(), enrol(on_date=day_at(1)), [4338]),
        (citizen(), enrol(on_date=day_at(-11)), [4338]),
        (citizen(), enrol(1, 3), [4339]),
        (citizen(), enrol(5, 3), [4339]),
        (citizen(), enrol(4, 3), []),
        (enrolled(), enrol(1), [4316]),
        (enrolled(since=day_at(-2)), enrol(2, on_date=day_at(-3)), [4316]),
        (enrolled(since=day_at(-2)), enrol(2, on_date=day_at(-2)), []),
        (replace(citizen(), former_tilmeldinger=(Tilmelding(1, day_at(-9), day_at(-1)),)), enrol(on_date=day_at(-2)), [4316]),
        (replace(citizen(), former_tilmeldinger=(Tilmelding(1, day_at(-9), day_at(-1)),)), enrol(on_date=day_at(-1)), []),
        (replace(citizen(), memberships=()), enrol(1), [4417]),
        (replace(citizen(), memberships=()), enrol(2), []),
        (citizen(age=30), enrol(3), [4641]),
        (replace(citizen(), fravaer=(Fravaer(6, day_at(-1)),)), enrol(1), [4645]),
        (replace(citizen(), fravaer=(Fravaer(6, day_at(-9), DAY),)), enrol(1), []),
        (replace(citizen(), fravaer=(Fravaer(11, day_at(-1)),)), enrol(1), [4750]),
        (replace(citizen(), illness=Illness("s", day_at(2), 24, identity(), begun=False)), enrol(1), [4750]),
        (replace(citizen(), dead=day_at(-1)), enrol(1), [4405]),
        (replace(citizen(), dead=day_at(-1)), enrol(7, on_date=day_at(1)), [4313, 4338, 4405]),
    ],
)  # fmt: skip
def test_error_codes_of_enrolling(person: Person, command: CreateTilmelding, errors: list[int]) -> None:
    assert codes(person, command) == errors


def test_another_degree_that_does_not_fit_is_6014() -> None:
    narrow = replace(contract().tilmeldekategorier[1], unemployment_degrees=frozenset({1}))
    others = {**contract().tilmeldekategorier, 1: narrow}
    who = replace(context(AKASSE), contract=replace(contract(), tilmeldekategorier=others))
    assert codes(citizen(), enrol(1, 2), who) == [6014]
    assert codes(citizen(), enrol(1, 3), who) == [4339]


@pytest.mark.parametrize(
    ("age", "category_", "system", "errors"),
    [
        (65, 1, ClientSystem.JOBNET, [4763]),
        (65, 4, ClientSystem.JOBNET, []),
        (64, 1, ClientSystem.JOBNET, []),
        (65, 1, 2001, []),
    ],
)
def test_from_65_jobnet_enrols_without_benefit_only(age: int, category_: int, system: int, errors: list[int]) -> None:
    who = replace(context(), caller=Caller(replace(identity(), system=system)))
    assert codes(citizen(age=age), enrol(category_), who) == errors


def test_ending_the_enrolment_today_leaves_the_group_open() -> None:
    response = after(enrolled(), cancel_enrolment())
    assert (response.person.tilmelding, group(response.person), response.events) == (None, 1, ())
    assert response.person.former_tilmeldinger == (Tilmelding(1, day_at(-20), DAY),)
    assert codes(response.person, Create(KG, 13, TODAY), context(JOBCENTER)) == []


def test_the_personkategori_follows_the_end_of_the_enrolment() -> None:
    """In group 2, personkategori 4 requires an enrolment, so the default 8 follows (Matchregler)."""
    response = after(replace(enrolled(2, 2), history=(row(2), category(4))), cancel_enrolment())
    category_ = response.person.open_registration(PC, NOW)
    assert category_ is not None
    assert (category_.type, category_.registrant) == (8, identity(AKASSE))


@pytest.mark.parametrize(
    ("person", "command", "errors"),
    [
        (citizen(), cancel_enrolment(), [4367]),
        (enrolled(), cancel_enrolment(day_at(-1)), [4322]),
        (enrolled(), cancel_enrolment(day_at(31)), [4322]),
        (enrolled(), cancel_enrolment(day_at(30)), []),
        (enrolled(), cancel_enrolment(cause=99), [4340]),
        (replace(enrolled(), tilmelding=Tilmelding(1, day_at(-9), day_at(3))), cancel_enrolment(), [4317]),
        (citizen(), cancel_enrolment(day_at(-1), 99), [4322, 4340, 4367]),
        (replace(enrolled(), dead=day_at(-1)), cancel_enrolment(), [4405]),
    ],
)
def test_error_codes_of_ending_an_enrolment(person: Person, command: EndTilmelding, errors: list[int]) -> None:
    assert codes(person, command) == errors


def test_a_future_end_of_enrolment_happens_on_its_day() -> None:
    planned = after(enrolled(), cancel_enrolment(day_at(5))).person
    assert planned.tilmelding == Tilmelding(1, day_at(-20), day_at(5), identity(AKASSE))
    assert codes(planned, Create(KG, 13, TODAY), context(JOBCENTER)) == [100029]
    assert due_date(planned, contract(), NOW) == ((Job.CANCELLATION, day_at(5)),)
    day_before, day = (context(now=NOW + timedelta(days=days)) for days in (4, 5))
    assert decide_job(planned, Job.CANCELLATION, day_before) is None
    response = decide_job(planned, Job.CANCELLATION, day)
    assert response is not None
    assert (response.person.tilmelding, group(response.person)) == (None, 1)
    assert response.person.former_tilmeldinger[-1].until == day_at(5)
    assert decide_job(response.person, Job.CANCELLATION, day) is None


def test_a_new_enrolment_cancels_the_future_end() -> None:
    planned = replace(enrolled(), tilmelding=Tilmelding(1, day_at(-9), day_at(3)))
    response = after(planned, enrol(2))
    assert response.person.tilmelding == Tilmelding(2, DAY, None, identity(AKASSE))
    assert due_date(response.person, contract(), NOW) == ()
