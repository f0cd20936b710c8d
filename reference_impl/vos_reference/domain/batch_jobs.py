"""The nightly jobs for one citizen: what each does, and the day on which each is next due (epic AC 1005.17.28.16).

A job is idempotent: it decides on the citizen's present state, so a second run changes nothing. Not here: the order and the
hour of the jobs (table `batchjob.csv`), and the loop over the citizens (`application.batch`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from vos_contracts.contract import Contract
from vos_contracts.model.identity import Identity, Organisation, User
from vos_contracts.model.registration import Kind
from vos_contracts.tables.access import ClientSystem, OrganisationType
from vos_reference.domain import illness, kontaktgruppe, tilmelding
from vos_reference.domain.danish_time import anniversary, danish_day, midnight
from vos_reference.domain.decision import Accepted, DecisionContext
from vos_reference.domain.person import Illness, Person, Recovery, Tilmelding

STAR = Organisation(OrganisationType.STAR, "1")
SYSTEM_USER = 3
"""The user type of a system without a caseworker."""


def dfdg_identity(job: str, now: datetime) -> Identity:
    """Return DFDG, acting for STAR, as the caller that runs the job."""
    return Identity(STAR, User(f"DFDG {job}", SYSTEM_USER, "dfdg"), STAR, now, ClientSystem.DFDG)


TRANSITION_AGE = 30


class Job(StrEnum):
    """The nightly jobs; the values are the codes in `batchjob.csv`."""

    CANCELLATION = "cancellation"
    ILLNESS_REPORT = "illness_report"
    RECOVERY = "recovery"
    SYGEDAGPENGE_STOP = "sygedagpenge_stop"
    FLEKSJOB = "fleksjob"
    THIRTY_YEAR = "thirty_year"
    EXPIRY = "expiry"


DueDates = tuple[tuple[Job, date], ...]


def carry_out(job: Job, person: Person, context: DecisionContext) -> Accepted | None:
    """Decide the job for the citizen on the day of the context; None where it is not due or the citizen is dead."""
    falls_due = _day(job, person, context.contract, context.now)
    if person.dead is not None or falls_due is None or falls_due > context.day:
        return None
    return _CARRY_OUT[job](person, context)


def reporter(job: Job, person: Person) -> Identity | None:
    """Return the caller that reported in advance what the job carries out, for use as registrant.

    None where nobody reported it: the registrant is then DFDG itself.
    """
    reported: Tilmelding | Illness | Recovery | None
    match job:
        case Job.CANCELLATION:
            reported = person.tilmelding
        case Job.ILLNESS_REPORT:
            reported = person.illness
        case Job.RECOVERY:
            reported = None if person.illness is None else person.illness.recovery
        case Job.SYGEDAGPENGE_STOP | Job.FLEKSJOB | Job.THIRTY_YEAR | Job.EXPIRY:
            reported = None
    return None if reported is None else reported.registrant


def due_date(person: Person, contract: Contract, now: datetime) -> DueDates:
    """List the jobs that are or will be due for the citizen, each with its first day; empty for a dead citizen."""
    if person.dead is not None:
        return ()
    days = ((job, _day(job, person, contract, now)) for job in Job)
    return tuple((job, day) for job, day in days if day is not None)


def _day(job: Job, person: Person, contract: Contract, now: datetime) -> date | None:
    ill = person.illness
    match job:
        case Job.CANCELLATION:
            return None if person.tilmelding is None else person.tilmelding.until
        case Job.ILLNESS_REPORT:
            return ill.since if ill is not None and not ill.begun else None
        case Job.RECOVERY:
            return ill.recovery.on_date if ill is not None and ill.recovery is not None else None
        case Job.SYGEDAGPENGE_STOP:
            if ill is None or ill.until is None or ill.recovery is not None:
                return None  # a reported recovery replaces the expected last day
            return ill.until + timedelta(days=1)
        case Job.FLEKSJOB:
            return _fleksjob_day(person, contract, now)
        case Job.THIRTY_YEAR:
            group = person.open_registration(Kind.KONTAKTGRUPPE, now)
            new = None if group is None else contract.group_rules[group.type].becomes_at_30
            return None if new is None else anniversary(person.born, TRANSITION_AGE)
        case Job.EXPIRY:
            return _expiry_day(person, contract, now)


def _expiry_day(person: Person, contract: Contract, now: datetime) -> date | None:
    """Return the day on which an end that was registered in advance has consequences for the other kind.

    An open personkategori ends with the kontaktgruppe, and a kontaktgruppe with a default personkategori gets it when the
    last one has ended.
    """
    group, category = (
        person.open_registration(Kind.KONTAKTGRUPPE, now),
        person.open_registration(Kind.PERSONKATEGORI, now),
    )
    ends = [item.end for item in (group, category) if item is not None and item.end is not None]
    if group is None and category is not None:
        return danish_day(max(_end(person, Kind.KONTAKTGRUPPE), default=category.start))
    if group is not None and category is None and contract.group_rules[group.type].default_category is not None:
        ended = [end for end in _end(person, Kind.PERSONKATEGORI) if end > group.start]
        if ended:
            return danish_day(max(ended))
    return danish_day(min(ends)) if ends else None


def _end(person: Person, kind: Kind) -> list[datetime]:
    return [row.end for row in person.registrations.values() if row.kind is kind and row.end and not row.is_deleted]


def _fleksjob_day(person: Person, contract: Contract, now: datetime) -> date | None:
    """Return the day on which fleksjob activities move the citizen between kontaktgruppe 7 and 10.

    In the group without fleksjob: the first day of an activity. In the group with fleksjob: the end of the last activity.
    """
    group = person.open_registration(Kind.KONTAKTGRUPPE, now)
    if group is None or not person.fleksjob:
        return None
    rules, today = contract.group_rules[group.type], danish_day(now)
    if rules.fleksjob_start is not None:
        begins = (
            activity.since
            for activity in person.fleksjob
            if activity.until is None or activity.until > max(today, activity.since)
        )
        return min(begins, default=None)
    if rules.fleksjob_end is not None:
        for end in sorted(activity.until for activity in person.fleksjob if activity.until is not None):
            still_active = any(activity.is_valid(max(end, today)) for activity in person.fleksjob)
            if end >= danish_day(group.start) and not still_active:
                return end
    return None


def _cancel_enrolment(person: Person, context: DecisionContext) -> Accepted:
    assert person.tilmelding is not None
    assert person.tilmelding.until is not None
    return Accepted("", tilmelding.end(person, person.tilmelding.until), ())


def _report_illness(person: Person, context: DecisionContext) -> Accepted:
    return illness.begin(Accepted("", person, ()), context)


def _report_recovery(person: Person, context: DecisionContext) -> Accepted:
    assert person.illness is not None
    assert person.illness.recovery is not None
    return illness.carry_out_recovery(person, person.illness.recovery, context)


def _stop_sygedagpenge(person: Person, context: DecisionContext) -> Accepted:
    assert person.illness is not None
    assert person.illness.until is not None
    day = person.illness.until + timedelta(days=1)
    return illness.carry_out_recovery(person, Recovery(day, context.caller.identity), context)


def _fleksjob(person: Person, context: DecisionContext) -> Accepted:
    group = person.open_registration(Kind.KONTAKTGRUPPE, context.now)
    assert group is not None
    rules = context.contract.group_rules[group.type]
    new = rules.fleksjob_start or rules.fleksjob_end
    day = _fleksjob_day(person, context.contract, context.now)
    assert new is not None
    assert day is not None
    return Accepted("", person, ()).with_(kontaktgruppe.change(person, new, midnight(day), context))


def _turn_thirty(person: Person, context: DecisionContext) -> Accepted:
    group = person.open_registration(Kind.KONTAKTGRUPPE, context.now)
    assert group is not None
    new = context.contract.group_rules[group.type].becomes_at_30
    assert new is not None
    time = midnight(anniversary(person.born, TRANSITION_AGE))
    return Accepted("", person, ()).with_(kontaktgruppe.change(person, new, time, context))


def _expiry(person: Person, context: DecisionContext) -> Accepted:
    """Return the citizen unchanged: the row with the end is registered already, and `decide` adds the consequences."""
    return Accepted("", person, ())


_CARRY_OUT: Mapping[Job, Callable[[Person, DecisionContext], Accepted]] = {
    Job.CANCELLATION: _cancel_enrolment,
    Job.ILLNESS_REPORT: _report_illness,
    Job.RECOVERY: _report_recovery,
    Job.SYGEDAGPENGE_STOP: _stop_sygedagpenge,
    Job.FLEKSJOB: _fleksjob,
    Job.THIRTY_YEAR: _turn_thirty,
    Job.EXPIRY: _expiry,
}
