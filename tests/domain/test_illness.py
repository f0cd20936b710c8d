from dataclasses import replace
from datetime import date, timedelta

import pytest

from support.builders import (
    AKASSE,
    JOBCENTER,
    KOMMUNE,
    NOW,
    TODAY,
    YESTERDAY,
    category,
    citizen,
    context,
    contract,
    identity,
    row,
)
from vos_contracts.model.identity import Organisation
from vos_contracts.model.neighbours import GroupChange, IllnessSource, ReEnrolment, ReportIllness, ReportRecovery
from vos_contracts.model.registration import Create, Kind
from vos_reference.domain.batch_jobs import Job, due_date
from vos_reference.domain.danish_time import midnight
from vos_reference.domain.decide import Command, decide, decide_job
from vos_reference.domain.decision import Accepted, Changed, Created, DecisionContext, NewIds, Refused
from vos_reference.domain.person import Fravaer, Illness, Period, Person, Recovery, Tilmelding

DAY = NOW.date()
KG, PC = Kind.KONTAKTGRUPPE, Kind.PERSONKATEGORI
ID = "00000000-0000-0000-0000-0000000000aa"
KSD_ID = "00000000-0000-0000-0000-0000000000bb"
FRAVAER, WORK, FREE = IllnessSource.FRAVAER, IllnessSource.EMPLOYMENT, IllnessSource.UNEMPLOYMENT
KSD = context(KOMMUNE)
DFDG = Organisation(1, "dfdg")


def day_at(days: int) -> date:
    return DAY + timedelta(days=days)


def codes(person: Person, command: Command) -> list[int]:
    response = decide(person, command, KSD)
    return [error.code for error in response.errors] if isinstance(response, Refused) else []


def with_new_ids(person: Person, who: DecisionContext) -> DecisionContext:
    nr = len(person.history)
    return replace(who, new=NewIds(f"kg-{nr}", f"pc-{nr}"))


def after(person: Person, *commands: Command, who: DecisionContext = KSD) -> Person:
    for command in commands:
        response = decide(person, command, with_new_ids(person, who))
        assert isinstance(response, Accepted), response
        person = response.person
    return person


def job(person: Person, name: Job, days: int) -> Person:
    who = context(DFDG, now=NOW + timedelta(days=days))
    response = decide_job(person, name, with_new_ids(person, who))
    assert response is not None
    assert decide_job(response.person, name, who) is None, "doing it twice is doing it once"
    return response.person


def ill(source: IllnessSource = FREE, since: int = 0, until: int | None = None, id_: str = ID) -> ReportIllness:
    return ReportIllness(id=id_, source=source, since=day_at(since), until=None if until is None else day_at(until))


def recovery(
    days: int = 0, tilmelding: int | None = None, group: int | str | None = None, id_: str = ID
) -> ReportRecovery:
    """Build a recovery; `group` "close" ends the open kontaktgruppe."""
    return ReportRecovery(
        id=id_,
        on_date=day_at(days),
        tilmelding=None if tilmelding is None else ReEnrolment(category=tilmelding, unemployment_degree=1),
        group=None if group is None else GroupChange(type=group if isinstance(group, int) else None),
    )


def enrolled(category_: int = 1, group: int = 1, age: int = 40) -> Person:
    return replace(citizen(row(group), age=age), tilmelding=Tilmelding(category_, day_at(-20)))


def groups(person: Person) -> list[tuple[int, date, date | None]]:
    """List the newest row of every kontaktgruppe as (type, first day, end)."""
    return [
        (row.type, row.start.date(), None if row.end is None else row.end.date())
        for row in person.registrations.values()
        if row.kind is KG
    ]


class TestIllnessReport:
    def test_illness_from_work_opens_24_also_without_a_group(self) -> None:
        person = after(citizen(), ill(WORK))
        assert groups(person) == [(24, DAY, None)]
        assert person.illness == Illness(ID, DAY, 24, identity(KOMMUNE))
        assert person.fravaer == ()

    def test_illness_from_unemployment_opens_25_ends_the_enrolment_and_remembers(self) -> None:
        person = after(enrolled(), ill())
        assert groups(person) == [(1, day_at(-1), DAY), (25, DAY, None)]
        assert person.tilmelding is None
        assert person.former_tilmeldinger[-1] == Tilmelding(1, day_at(-20), DAY)
        assert person.illness is not None
        assert (person.illness.remembered_group, person.illness.remembered_tilmeldekategori) == (1, 1)

    def test_an_absence_alone_ends_the_enrolment_and_leaves_the_group(self) -> None:
        person = after(enrolled(), ill(FRAVAER))
        assert groups(person) == [(1, day_at(-1), None)]
        assert person.tilmelding is None
        assert person.fravaer == (Fravaer(11, DAY, None, ID),)
        assert person.illness is not None
        assert (person.illness.kontaktgruppe, person.illness.fravaer_id) == (None, ID)

    def test_a_closed_period_is_an_absence_with_an_end(self) -> None:
        person = after(enrolled(), ill(FRAVAER, until=4))
        assert person.fravaer == (Fravaer(11, DAY, day_at(5), ID),)

    def test_an_absence_becomes_a_ksd_case_and_is_remembered(self) -> None:
        person = after(enrolled(), ill(FRAVAER), ill(FREE, id_=KSD_ID))
        assert person.illness == Illness(
            KSD_ID, DAY, 25, identity(KOMMUNE), fravaer_id=ID, remembered_group=1, remembered_tilmeldekategori=1
        )
        assert len(person.fravaer) == 1

    def test_a_case_after_a_group_change_remembers_the_new_group_and_no_enrolment(self) -> None:
        person = after(enrolled(), ill(FRAVAER), Create(KG, 13, TODAY), ill(FREE, id_=KSD_ID))
        assert person.illness is not None
        assert (person.illness.remembered_group, person.illness.remembered_tilmeldekategori) == (13, None)

    def test_a_backdated_illness_starts_no_earlier_than_the_open_group(self) -> None:
        person = after(citizen(row(2, start=YESTERDAY)), ill(since=-5))
        assert groups(person) == [(2, day_at(-1), day_at(-1)), (25, day_at(-1), None)]
        open_row = person.open_registration(KG, NOW)
        assert open_row is not None
        assert open_row.event == midnight(day_at(-5))

    def test_the_personkategori_stays_where_the_illness_group_allows_it(self) -> None:
        person = after(citizen(row(2), category(5)), ill())
        open_row = person.open_registration(PC, NOW)
        assert open_row is not None
        assert (open_row.id, open_row.type) == ("category", 5)

    def test_a_future_illness_starts_on_its_day_with_its_reporter_as_registrant(self) -> None:
        planned = after(enrolled(), ill(since=3))
        assert (groups(planned), planned.tilmelding) == ([(1, day_at(-1), None)], Tilmelding(1, day_at(-20)))
        assert due_date(planned, contract(), NOW) == ((Job.ILLNESS_REPORT, day_at(3)),)
        assert decide_job(planned, Job.ILLNESS_REPORT, context(DFDG, now=NOW + timedelta(days=2))) is None
        person = job(planned, Job.ILLNESS_REPORT, 3)
        assert groups(person) == [(1, day_at(-1), day_at(3)), (25, day_at(3), None)]
        assert {row.registrant for row in person.history[1:]} == {identity(KOMMUNE)}
        assert person.tilmelding is None

    @pytest.mark.parametrize(
        ("person", "command", "errors"),
        [
            (enrolled(), ill(until=-1), [1003]),
            (enrolled(), ill(until=0), []),
            (citizen(), ill(FREE), [4686]),
            (citizen(), ill(FRAVAER), [4686]),
            (citizen(), ill(WORK), []),
            (after(enrolled(), ill()), ill(), [4977]),
            (replace(enrolled(), fravaer=(Fravaer(10, day_at(-9), day_at(-1), ID),)), ill(FRAVAER), [4977]),
            (after(enrolled(), ill()), ill(id_=KSD_ID), [4645]),
            (after(enrolled(), ill()), ill(FRAVAER, id_=KSD_ID), [4645]),
            (after(enrolled(), ill(FRAVAER)), ill(FRAVAER, id_=KSD_ID), [4645]),
            (citizen(row(25)), ill(), [8096]),
            (citizen(row(24)), ill(FRAVAER), [8096]),
            (replace(citizen(row(4)), fravaer=(Fravaer(2, day_at(-1)),)), ill(WORK), [4645]),
            (replace(citizen(row(4)), fravaer=(Fravaer(2, day_at(-1)),)), ill(FRAVAER), []),
            (replace(citizen(), dead=day_at(-1)), ill(until=-1), [1003, 4405, 4686]),
        ],
    )
    def test_error_codes(self, person: Person, command: ReportIllness, errors: list[int]) -> None:
        assert codes(person, command) == errors


class TestRecovery:
    def test_recovery_from_24_closes_the_group(self) -> None:
        ill_person = after(citizen(row(4)), ill(WORK))
        response = decide(ill_person, recovery(), KSD)
        assert isinstance(response, Accepted)
        assert groups(response.person) == [(4, day_at(-1), DAY), (24, DAY, DAY)]
        assert response.person.illness is None
        assert [event.successor for event in response.events if isinstance(event, Changed)] == [None]

    def test_recovery_from_25_opens_the_remembered_group_and_enrols_again(self) -> None:
        response = decide(after(enrolled(), ill()), recovery(), KSD)
        assert isinstance(response, Accepted)
        assert groups(response.person) == [(1, day_at(-1), DAY), (25, DAY, DAY), (1, DAY, None)]
        assert response.person.tilmelding == Tilmelding(1, DAY, None, identity(KOMMUNE))
        assert response.id == ID
        assert [type(event) for event in response.events] == [Changed, Created]

    def test_recovery_from_25_without_enrolment_opens_the_group_only(self) -> None:
        person = after(citizen(row(2), category(5)), ill(), recovery())
        assert [type_ for type_, _, _ in groups(person)] == [2, 25, 2]
        assert person.tilmelding is None

    def test_recovery_from_25_with_nothing_remembered_closes_the_group(self) -> None:
        """A planned case starts after the group has closed: nothing to restore, and 25 must not stay open."""
        planned = after(citizen(row(4)), ill(since=1))
        closed = planned.with_([row(4, end=TODAY)])
        ill_person = job(closed, Job.ILLNESS_REPORT, 1)
        person = job(after(ill_person, recovery(2)), Job.RECOVERY, 2)
        assert groups(person) == [(4, day_at(-1), DAY), (25, day_at(1), day_at(2))]

    @pytest.mark.parametrize(
        ("end", "recovery_day", "group"),
        [(3, 5, 7), (3, 3, 7), (3, 2, 10), (None, 5, 10)],
        ids=["ended before", "ended that day", "ends the day after", "goes on"],
    )
    def test_a_fleksjob_that_ended_while_ill_gives_group_7(
        self, end: int | None, recovery_day: int, group: int
    ) -> None:
        fleksjob = (Period(KSD_ID, day_at(-30), None if end is None else day_at(end)),)
        ill_person = after(replace(citizen(row(10)), fleksjob=fleksjob), ill())
        who = context(KOMMUNE, now=NOW + timedelta(days=5))
        assert groups(after(ill_person, recovery(recovery_day), who=who))[-1] == (group, day_at(recovery_day), None)

    def test_without_fleksjob_the_citizen_returns_to_the_remembered_group(self) -> None:
        old = (Period(KSD_ID, day_at(-30), day_at(-10)),)
        for fleksjob in ((), old):
            ill_person = after(replace(citizen(row(10)), fleksjob=fleksjob), ill())
            assert groups(after(ill_person, recovery()))[-1] == (10, DAY, None)

    @pytest.mark.parametrize(("group", "new"), [(12, 2), (28, 26)])
    def test_turning_30_while_ill_gives_the_successor_of_the_remembered_group(self, group: int, new: int) -> None:
        ill_person = after(citizen(row(group), age=29), ill())
        person = after(replace(ill_person, born=date(NOW.year - 30, NOW.month, NOW.day)), recovery())
        assert groups(person)[-1] == (new, DAY, None)

    @pytest.mark.parametrize("wanted", [{"tilmelding": 3}, {"group": 12}, {"tilmelding": 3, "group": 12}])
    def test_turning_30_after_the_report_gives_the_successor_of_the_wanted_group(self, wanted: dict[str, int]) -> None:
        reported = after(citizen(row(12), age=29), ill(FRAVAER), recovery(3, **wanted))
        person = job(replace(reported, born=date(NOW.year - 30, NOW.month, NOW.day)), Job.RECOVERY, 3)
        assert [type_ for type_, _, _ in groups(person)] == [12, 2]

    def test_a_backdated_recovery_acts_at_once_with_its_own_day(self) -> None:
        since = NOW - timedelta(days=6)
        ill_person = after(citizen(row(2, start=since)), ill(since=-5), who=replace(KSD, now=NOW - timedelta(days=5)))
        person = after(ill_person, recovery(-2))
        assert groups(person) == [(2, day_at(-6), day_at(-5)), (25, day_at(-5), day_at(-2)), (2, day_at(-2), None)]
        open_row = person.open_registration(KG, NOW)
        assert open_row is not None
        assert (open_row.event, open_row.registered) == (midnight(day_at(-2)), NOW)

    def test_recovery_from_an_absence_alone_ends_it_and_nothing_else(self) -> None:
        person = after(enrolled(), ill(FRAVAER), recovery())
        assert (groups(person), person.tilmelding, person.illness) == ([(1, day_at(-1), None)], None, None)
        assert person.fravaer == (Fravaer(11, DAY, DAY, ID),)

    def test_with_an_enrolment_the_group_follows_it(self) -> None:
        person = after(enrolled(), ill(FRAVAER), recovery(tilmelding=2))
        assert groups(person) == [(1, day_at(-1), DAY), (2, DAY, None)]
        assert person.tilmelding == Tilmelding(2, DAY, None, identity(KOMMUNE))

    def test_a_given_group_wins_over_the_remembered_one(self) -> None:
        person = after(enrolled(), ill(), recovery(group=13))
        assert groups(person)[1:] == [(25, DAY, DAY), (13, DAY, None)]
        assert person.tilmelding is None

    def test_enrolment_and_group_both_happen(self) -> None:
        person = after(enrolled(), ill(), recovery(tilmelding=2, group=2))
        assert (groups(person)[-1], person.tilmelding) == (
            (2, DAY, None), Tilmelding(2, DAY, None, identity(KOMMUNE)),
        )  # fmt: skip

    def test_ending_the_group_closes_it_and_ends_absences(self) -> None:
        ferie = Fravaer(10, day_at(-1), None, "ferie")
        person = after(replace(enrolled(), fravaer=(ferie,)), ill(), recovery(group="close"))
        assert groups(person)[-1] == (25, DAY, DAY)
        assert (person.tilmelding, person.illness) == (None, None)
        assert [absence.until for absence in person.fravaer] == [DAY]

    def test_a_case_can_be_closed_with_the_id_of_its_absence(self) -> None:
        person = after(enrolled(), ill(FRAVAER), ill(FREE, id_=KSD_ID), recovery(id_=ID))
        assert groups(person)[-1] == (1, DAY, None)
        assert person.fravaer == (Fravaer(11, DAY, DAY, ID),)

    def test_the_registrant_is_the_reporter_of_the_recovery(self) -> None:
        person = after(after(enrolled(), ill()), recovery(), who=context(JOBCENTER))
        open_row = person.open_registration(KG, NOW)
        assert open_row is not None
        assert open_row.registrant == identity(JOBCENTER)

    @pytest.mark.parametrize(
        ("person", "command", "errors"),
        [
            (enrolled(), recovery(), [4632]),
            (after(enrolled(), ill()), recovery(id_=KSD_ID), [4632]),
            (after(enrolled(), ill(since=2)), recovery(), [4632, 4636]),
            (after(enrolled(), ill()), recovery(-1), [4636]),
            (after(enrolled(), ill()), recovery(tilmelding=9), [4313]),
            (after(replace(enrolled(), memberships=()), ill()), recovery(tilmelding=1), [4417]),
            (after(enrolled(), ill()), recovery(tilmelding=3), [4641]),
            (after(enrolled(), ill()), recovery(group=9), [4675]),
            (after(enrolled(), ill()), recovery(group=24), [8096]),
            (after(enrolled(), ill()), recovery(group=12), [6033]),
            (after(replace(enrolled(), fravaer=(Fravaer(2, day_at(-1)),)), ill(FRAVAER)), recovery(group=13), [4645]),
            (after(enrolled(), ill()), recovery(tilmelding=1, group=13), [100029]),
            (after(enrolled(), ill()), recovery(tilmelding=1, group="close"), [100029]),
            (after(enrolled(), ill()), recovery(tilmelding=6, group=26), []),
            (replace(after(enrolled(), ill()), dead=day_at(-1)), recovery(group=9), [4405, 4675]),
        ],
    )
    def test_error_codes(self, person: Person, command: ReportRecovery, errors: list[int]) -> None:
        assert codes(person, command) == errors

    def test_the_unemployment_degree_must_exist_4314_and_fit_4339(self) -> None:
        person = after(enrolled(), ill())
        for degree, code in ((4, 4314), (3, 4339)):
            command = ReportRecovery(id=ID, on_date=DAY, tilmelding=ReEnrolment(category=1, unemployment_degree=degree))
            assert codes(person, command) == [code]


class TestFutureRecovery:
    """A future recovery is registered at once and carried out by the nightly job of its day."""

    def test_nothing_happens_before_the_day(self) -> None:
        ill_person = after(enrolled(), ill())
        planned = after(ill_person, recovery(7))
        assert planned.history == ill_person.history
        assert planned.illness is not None
        assert planned.illness.recovery == Recovery(day_at(7), identity(KOMMUNE))
        assert due_date(planned, contract(), NOW) == ((Job.RECOVERY, day_at(7)),)
        assert decide_job(planned, Job.RECOVERY, context(DFDG, now=NOW + timedelta(days=6))) is None

    def test_recovery_from_25_on_its_day(self) -> None:
        person = job(after(enrolled(), ill(), recovery(7)), Job.RECOVERY, 7)
        assert groups(person)[1:] == [(25, DAY, day_at(7)), (1, day_at(7), None)]
        assert person.tilmelding == Tilmelding(1, day_at(7), None, identity(KOMMUNE))
        assert due_date(person, contract(), NOW + timedelta(days=7)) == ()

    def test_recovery_from_24_on_its_day(self) -> None:
        person = job(after(citizen(), ill(WORK), recovery(7)), Job.RECOVERY, 7)
        assert groups(person) == [(24, DAY, day_at(7))]

    def test_a_late_job_uses_the_day_of_the_recovery(self) -> None:
        person = job(after(enrolled(), ill(), recovery(7)), Job.RECOVERY, 9)
        assert groups(person)[-1] == (1, day_at(7), None)

    def test_enrolment_and_group_on_the_day(self) -> None:
        planned = after(enrolled(), ill(FRAVAER), recovery(7, tilmelding=2, group=2))
        assert planned.tilmelding is None
        person = job(planned, Job.RECOVERY, 7)
        assert groups(person) == [(1, day_at(-1), day_at(7)), (2, day_at(7), None)]
        assert person.tilmelding == Tilmelding(2, day_at(7), None, identity(KOMMUNE))
        assert person.fravaer == (Fravaer(11, DAY, day_at(7), ID),)

    def test_the_registrant_of_everything_is_the_reporter_and_not_the_job(self) -> None:
        ill_person = after(enrolled(2, 2), ill())
        before = len(ill_person.history)
        person = job(after(ill_person, recovery(7), who=context(AKASSE)), Job.RECOVERY, 7)
        new = person.history[before:]
        assert {item.kind for item in new} == {KG, PC}
        assert {item.registrant for item in new} == {identity(AKASSE)}

    def test_a_new_recovery_replaces_the_planned_one(self) -> None:
        planned = after(enrolled(), ill(), recovery(7))
        assert groups(after(planned, recovery()))[-1] == (1, DAY, None)

    def test_illness_and_recovery_both_in_the_future(self) -> None:
        planned = after(enrolled(), ill(since=2), recovery(5))
        assert due_date(planned, contract(), NOW) == ((Job.ILLNESS_REPORT, day_at(2)), (Job.RECOVERY, day_at(5)))
        person = job(job(planned, Job.ILLNESS_REPORT, 2), Job.RECOVERY, 5)
        assert groups(person) == [(1, day_at(-1), day_at(2)), (25, day_at(2), day_at(5)), (1, day_at(5), None)]


class TestSygedagpengeStops:
    def test_sygedagpenge_stop_the_day_after_the_last_day(self) -> None:
        person = after(enrolled(), ill(until=4))
        assert due_date(person, contract(), NOW) == ((Job.SYGEDAGPENGE_STOP, day_at(5)),)
        assert decide_job(person, Job.SYGEDAGPENGE_STOP, context(DFDG, now=NOW + timedelta(days=4))) is None
        recovery_ = job(person, Job.SYGEDAGPENGE_STOP, 5)
        assert groups(recovery_)[-1] == (1, day_at(5), None)
        assert recovery_.tilmelding is not None
        assert recovery_.history[-1].registrant == identity(DFDG)

    def test_a_dead_citizen_is_left_alone(self) -> None:
        person = replace(after(enrolled(), ill(until=4)), dead=day_at(1))
        assert due_date(person, contract(), NOW) == ()
        assert decide_job(person, Job.SYGEDAGPENGE_STOP, context(DFDG, now=NOW + timedelta(days=5))) is None
