"""The nightly jobs: the day each acts on, its changes, the registrant, and idempotence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.builders import AKASSE, JOBCENTER, KOMMUNE, NOW, TODAY, category, citizen, context, contract, identity, row
from vos_contracts.model.identity import Identity
from vos_contracts.model.neighbours import GroupChange, ReEnrolment
from vos_contracts.model.registration import Kind
from vos_reference.domain import batch_jobs
from vos_reference.domain.batch_jobs import Job, due_date
from vos_reference.domain.danish_time import DANISH_TIME, midnight
from vos_reference.domain.decide import decide_job
from vos_reference.domain.decision import Accepted, Caller, DecisionContext
from vos_reference.domain.person import Illness, Period, Person, Recovery, Registration, Tilmelding

DAY = NOW.date()
TOMORROW, DAY_AFTER_TOMORROW = DAY + timedelta(days=1), DAY + timedelta(days=2)
KSD = identity(KOMMUNE)


def night(day: date, job: Job) -> DecisionContext:
    """Return the context of the job on that day at 01:00, with DFDG as caller."""
    now = datetime(day.year, day.month, day.day, 1, tzinfo=DANISH_TIME)
    return replace(context(now=now), caller=Caller(batch_jobs.dfdg_identity(job.value, now)))


def execute(person: Person, job: Job, day: date) -> Accepted | None:
    return decide_job(person, job, night(day, job))


def accepted(person: Person, job: Job, day: date) -> Accepted:
    """Run the job on its day; assert that it does nothing the day before nor a second time, and is due until it has run."""
    before = day - timedelta(days=1)
    assert execute(person, job, before) is None
    assert (job, day) in due_date(person, contract(), night(before, job).now)
    response = execute(person, job, day)
    assert response is not None
    assert execute(response.person, job, day) is None
    assert job not in {item for item, when in due_date(response.person, contract(), night(day, job).now) if when <= day}
    return response


def changes(response: Accepted) -> list[tuple[Kind, int, bool]]:
    return [(row.kind, row.type, row.end is not None) for row in response.rows]


def registrants(response: Accepted) -> set[Identity]:
    return {row.registrant for row in response.rows}


def open_row(person: Person, kind: Kind = Kind.KONTAKTGRUPPE, day: date = TOMORROW) -> Registration | None:
    return person.open_registration(kind, midnight(day))


def turns_thirty(born: date, *history: Registration) -> Person:
    return replace(citizen(*history), born=born)


@pytest.mark.parametrize(("since", "until"), [(12, 2), (28, 26)])
def test_turning_30(since: int, until: int) -> None:
    person = turns_thirty(TOMORROW.replace(year=TOMORROW.year - 30), row(since), category(8))
    response = accepted(person, Job.THIRTY_YEAR, TOMORROW)
    assert changes(response) == [(Kind.KONTAKTGRUPPE, since, True), (Kind.KONTAKTGRUPPE, until, False)]
    assert [(row.start, row.end, row.event) for row in response.rows[1:]] == [
        (midnight(TOMORROW), None, midnight(TOMORROW))
    ]
    assert response.rows[0].end == midnight(TOMORROW)
    assert registrants(response) == {night(TOMORROW, Job.THIRTY_YEAR).caller.identity}
    assert open_row(response.person, Kind.PERSONKATEGORI) == category(8)


@pytest.mark.parametrize("group", [2, 26, 7, 25])
def test_turning_30_moves_no_other_group(group: int) -> None:
    person = turns_thirty(TOMORROW.replace(year=TOMORROW.year - 30), row(group))
    assert execute(person, Job.THIRTY_YEAR, TOMORROW) is None
    assert Job.THIRTY_YEAR not in dict(due_date(person, contract(), NOW))


def test_born_on_29_february_turns_30_on_1_march() -> None:
    person = turns_thirty(date(1996, 2, 29), row(12), category(8))
    response = accepted(person, Job.THIRTY_YEAR, date(2026, 3, 1))
    assert response.rows[-1].start == midnight(date(2026, 3, 1))


def test_born_on_29_february_and_1_march_change_the_same_night() -> None:
    for born in (date(1992, 2, 29), date(1992, 3, 1)):
        person = turns_thirty(born, row(28, start=datetime(2021, 1, 1, tzinfo=DANISH_TIME)), category(8))
        assert accepted(person, Job.THIRTY_YEAR, date(2022, 3, 1)).rows[-1].type == 26


def test_an_enrolled_citizen_changes_group_and_keeps_the_enrolment_but_not_aktivitetsparat() -> None:
    person = replace(
        turns_thirty(TOMORROW.replace(year=TOMORROW.year - 30), row(12), category(5)), tilmelding=Tilmelding(3)
    )
    response = accepted(person, Job.THIRTY_YEAR, TOMORROW)
    assert changes(response)[2:] == [(Kind.PERSONKATEGORI, 5, True), (Kind.PERSONKATEGORI, 8, False)]
    assert response.person.tilmelding == Tilmelding(3)
    not_enrolled = accepted(replace(person, tilmelding=None), Job.THIRTY_YEAR, TOMORROW)
    assert open_row(not_enrolled.person, Kind.PERSONKATEGORI) == category(5)


def test_turned_30_long_ago_is_moved_from_the_start_of_the_group() -> None:
    person = turns_thirty(date(1990, 5, 1), row(12, start=TODAY), category(8))
    response = execute(person, Job.THIRTY_YEAR, TOMORROW)
    assert response is not None
    assert (response.rows[-1].start, response.rows[-1].event) == (TODAY, midnight(date(2020, 5, 1)))


def test_the_group_changes_when_a_fleksjob_starts_and_ends() -> None:
    person = replace(citizen(row(7)), fleksjob=(Period("f", TOMORROW, TOMORROW + timedelta(days=10)),))
    begun = accepted(person, Job.FLEKSJOB, TOMORROW)
    assert changes(begun) == [(Kind.KONTAKTGRUPPE, 7, True), (Kind.KONTAKTGRUPPE, 10, False)]
    assert registrants(begun) == {night(TOMORROW, Job.FLEKSJOB).caller.identity}
    end = accepted(begun.person, Job.FLEKSJOB, TOMORROW + timedelta(days=10))
    assert changes(end) == [(Kind.KONTAKTGRUPPE, 10, True), (Kind.KONTAKTGRUPPE, 7, False)]
    assert end.rows[-1].start == midnight(TOMORROW + timedelta(days=10))
    assert due_date(end.person, contract(), night(TOMORROW + timedelta(days=10), Job.FLEKSJOB).now) == ()


@pytest.mark.parametrize(
    ("group", "fleksjob"),
    [
        (7, ()),
        (7, (Period("f", DAY - timedelta(days=9), DAY),)),  # ended before the night
        (7, (Period("f", TOMORROW, TOMORROW),)),  # cancelled before its start
        (10, (Period("f", DAY, None),)),
        (10, (Period("a", DAY, TOMORROW), Period("b", TOMORROW, None))),  # the second starts where the first ends
        (10, (Period("a", DAY - timedelta(days=90), DAY - timedelta(days=30)),)),  # ended before the group started
        (13, (Period("f", TOMORROW, None),)),
    ],
)
def test_fleksjob_activities_that_change_no_group(group: int, fleksjob: tuple[Period, ...]) -> None:
    assert execute(replace(citizen(row(group)), fleksjob=fleksjob), Job.FLEKSJOB, TOMORROW) is None


def test_a_fleksjob_after_a_pause_is_two_changes() -> None:
    person = replace(
        citizen(row(10)), fleksjob=(Period("a", DAY, TOMORROW), Period("b", TOMORROW + timedelta(days=3), None))
    )
    end = accepted(person, Job.FLEKSJOB, TOMORROW)
    assert accepted(end.person, Job.FLEKSJOB, TOMORROW + timedelta(days=3)).rows[-1].type == 10


def ill(group: int | None = 25, **other: object) -> Person:
    fields = {"remembered_group": 1, "remembered_tilmeldekategori": 1, **other}
    return replace(
        citizen(row(group or 1)),
        illness=Illness("s", DAY - timedelta(days=5), group, KSD, **fields),  # type: ignore[arg-type]  # fields by name
    )


def test_sygedagpenge_stop_the_day_after_the_last_and_the_citizen_is_enrolled_again() -> None:
    response = accepted(ill(until=DAY), Job.SYGEDAGPENGE_STOP, TOMORROW)
    assert changes(response) == [(Kind.KONTAKTGRUPPE, 25, True), (Kind.KONTAKTGRUPPE, 1, False)]
    assert registrants(response) == {night(TOMORROW, Job.SYGEDAGPENGE_STOP).caller.identity}
    assert response.person.illness is None
    assert response.person.tilmelding is not None
    assert (response.person.tilmelding.category, response.person.tilmelding.since) == (1, TOMORROW)


def test_sygedagpenge_from_work_stop_and_the_group_closes() -> None:
    response = accepted(ill(24, until=DAY), Job.SYGEDAGPENGE_STOP, TOMORROW)
    assert changes(response) == [(Kind.KONTAKTGRUPPE, 24, True)]
    assert open_row(response.person) is None


def test_without_a_remembered_group_25_closes() -> None:
    response = accepted(
        ill(until=DAY, remembered_group=None, remembered_tilmeldekategori=None), Job.SYGEDAGPENGE_STOP, TOMORROW
    )
    assert changes(response) == [(Kind.KONTAKTGRUPPE, 25, True)]
    assert open_row(response.person) is None


def test_a_reported_recovery_replaces_the_expected_last_day() -> None:
    notice = Recovery(DAY_AFTER_TOMORROW, KSD, group=GroupChange(type=13))
    person = ill(until=DAY, recovery=notice)
    assert execute(person, Job.SYGEDAGPENGE_STOP, TOMORROW) is None
    assert accepted(person, Job.RECOVERY, DAY_AFTER_TOMORROW).rows[-1].type == 13


def test_a_future_recovery_has_its_reporter_as_registrant_also_of_what_follows() -> None:
    notice = Recovery(TOMORROW, identity(JOBCENTER), group=GroupChange(type=2))
    response = accepted(ill(recovery=notice), Job.RECOVERY, TOMORROW)
    assert changes(response) == [
        (Kind.KONTAKTGRUPPE, 25, True), (Kind.KONTAKTGRUPPE, 2, False), (Kind.PERSONKATEGORI, 8, False),
    ]  # fmt: skip
    assert registrants(response) == {identity(JOBCENTER)}


def test_a_future_recovery_with_enrolment() -> None:
    notice = Recovery(TOMORROW, identity(AKASSE), ReEnrolment(category=4, unemployment_degree=1))
    response = accepted(ill(recovery=notice), Job.RECOVERY, TOMORROW)
    assert response.rows[-1].type == 8
    assert response.person.tilmelding is not None
    assert response.person.tilmelding.registrant == identity(AKASSE)


def test_turning_30_while_ill_returns_to_the_successor_group() -> None:
    person = replace(
        ill(remembered_group=12, remembered_tilmeldekategori=3, until=TOMORROW),
        born=TOMORROW.replace(year=TOMORROW.year - 30),
    )
    assert execute(person, Job.THIRTY_YEAR, TOMORROW) is None
    assert accepted(person, Job.SYGEDAGPENGE_STOP, DAY_AFTER_TOMORROW).rows[-2].type == 2


def test_a_future_illness_report_starts_on_its_day_with_its_reporter_as_registrant() -> None:
    person = replace(citizen(row(1)), tilmelding=Tilmelding(1), illness=Illness("s", TOMORROW, 25, KSD, begun=False))
    response = accepted(person, Job.ILLNESS_REPORT, TOMORROW)
    assert changes(response) == [(Kind.KONTAKTGRUPPE, 1, True), (Kind.KONTAKTGRUPPE, 25, False)]
    assert registrants(response) == {KSD}
    assert response.person.tilmelding is None
    assert response.person.illness is not None
    assert (response.person.illness.remembered_group, response.person.illness.remembered_tilmeldekategori) == (1, 1)


def test_illness_and_recovery_on_the_same_day_both_happen() -> None:
    illness = Illness("s", TOMORROW, 25, KSD, begun=False, recovery=Recovery(TOMORROW, KSD))
    person = replace(citizen(row(1)), tilmelding=Tilmelding(1), illness=illness)
    begun = accepted(person, Job.ILLNESS_REPORT, TOMORROW)
    recovery = execute(begun.person, Job.RECOVERY, TOMORROW)
    assert recovery is not None
    assert recovery.rows[-1].type == 1
    assert recovery.person.tilmelding is not None


def test_a_future_end_of_enrolment_leaves_the_group_and_the_personkategori_follows() -> None:
    person = replace(
        citizen(row(2), category(4)), tilmelding=Tilmelding(2, until=TOMORROW, registrant=identity(AKASSE))
    )
    response = accepted(person, Job.CANCELLATION, TOMORROW)
    assert response.person.tilmelding is None
    assert response.person.former_tilmeldinger[-1].until == TOMORROW
    assert changes(response) == [(Kind.PERSONKATEGORI, 4, True), (Kind.PERSONKATEGORI, 8, False)]
    assert registrants(response) == {identity(AKASSE)}


@pytest.mark.parametrize("job", Job)
def test_no_job_touches_a_dead_citizen(job: Job) -> None:
    all = replace(
        ill(until=DAY, recovery=Recovery(DAY, KSD), begun=False),
        dead=DAY,
        born=date(1990, 1, 2),
        tilmelding=Tilmelding(1, until=DAY),
        fleksjob=(Period("f", DAY),),
    )
    for group in (12, 7, 25):
        person = replace(all, history=(row(group),))
        assert execute(person, job, TOMORROW) is None
        assert due_date(person, contract(), NOW) == ()


days = st.dates(DAY - timedelta(days=40), DAY + timedelta(days=40))
course = st.builds(
    lambda since, length: Period("f", since, since + timedelta(days=length) if length < 60 else None),
    days,
    st.integers(0, 80),
)
illnesses = st.builds(
    lambda group, since, begun, length, remembered, category_, recovery: Illness(
        "s", since, group, KSD, begun, since + timedelta(days=length) if length else None, remembered_group=remembered,
        remembered_tilmeldekategori=category_,
        recovery=None if recovery is None else Recovery(since + timedelta(days=recovery), KSD),
    ),
    st.sampled_from([None, 24, 25]), days, st.booleans(), st.integers(0, 40), st.sampled_from([None, 1, 2, 12, 28]),
    st.sampled_from([None, 1, 2, 3, 6]), st.none() | st.integers(0, 40),
)  # fmt: skip
people = st.builds(
    lambda group, born, flex, tilmelding, until, illness: replace(
        citizen(*([row(group)] if group else [])),
        born=born.replace(year=born.year - 30) if (born.month, born.day) != (2, 29) else date(1992, 2, 29),
        fleksjob=tuple(flex), tilmelding=None if tilmelding is None else Tilmelding(tilmelding, until=until), illness=illness,
    ),
    st.sampled_from([None, 1, 2, 7, 10, 12, 13, 24, 25, 28]), days, st.lists(course, max_size=3),
    st.sampled_from([None, 1, 2, 3, 6]), st.none() | days, st.none() | illnesses,
)  # fmt: skip


@given(people)
def test_a_job_acts_exactly_on_the_nights_noted_as_due(person: Person) -> None:
    """Over forty nights, a job acts exactly when its due date says so, and is not due that night afterwards."""
    noted = due_date(person, contract(), night(DAY, Job.CANCELLATION).now)
    for number in range(40):
        day = DAY + timedelta(days=number)
        for job in Job:
            expected = any(item is job and when <= day for item, when in noted)
            response = execute(person, job, day)
            assert (response is not None) == expected
            if response is not None:
                person = response.person
                noted = due_date(person, contract(), night(day, job).now)
                assert not any(item is job and when <= day for item, when in noted)
            groups = [row for row in person.registrations.values() if row.kind is Kind.KONTAKTGRUPPE]
            assert sum(group.is_open(night(day, job).now) for group in groups) <= 1


def test_a_personkategori_with_a_future_end_is_replaced_on_the_day() -> None:
    person = citizen(row(2), category(5), replace(category(5), end=midnight(TOMORROW)))
    response = accepted(person, Job.EXPIRY, TOMORROW)
    assert changes(response) == [(Kind.PERSONKATEGORI, 8, False)]


def test_a_group_with_a_future_end_ends_its_personkategori_on_the_day() -> None:
    person = citizen(row(2), category(5), row(2, end=midnight(TOMORROW)))
    response = accepted(person, Job.EXPIRY, TOMORROW)
    assert changes(response) == [(Kind.PERSONKATEGORI, 5, True)]


def test_without_any_personkategori_before_none_is_added_at_night() -> None:
    assert execute(citizen(row(2)), Job.EXPIRY, TOMORROW) is None
