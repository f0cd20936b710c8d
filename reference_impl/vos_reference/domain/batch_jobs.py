"""What the nightly jobs do to one citizen on one day, and on which day a job next has something to do (epic AC .16).

Pure: a citizen and a day in, a decision or nothing out. Doing it twice is doing it once, since a decision rests on how the
citizen stands. In which order they run, and when, is a table (`koder/batchjob`); the runner is `application.batch`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from vos_contracts.contract import Contract
from vos_contracts.model.identity import Identity
from vos_contracts.model.registration import Kind
from vos_reference.domain import illness, kontaktgruppe, tilmelding
from vos_reference.domain.danish_time import anniversary, danish_day, midnight
from vos_reference.domain.decision import Accepted, DecisionContext
from vos_reference.domain.person import Illness, Person, Recovery, Tilmelding

TRANSITION_AGE = 30


class Job(StrEnum):
    """The nightly jobs, as `koder/batchjob` names them: what ends before what begins."""

    CANCELLATION = "cancellation"
    ILLNESS_REPORT = "illness_report"
    RECOVERY = "recovery"
    SYGEDAGPENGE_STOP = "sygedagpenge_stop"
    FLEKSJOB = "fleksjob"
    THIRTY_YEAR = "thirty_year"
    EXPIRY = "expiry"


DueDate = tuple[tuple[Job, date], ...]


def carry_out(job: Job, person: Person, context: DecisionContext) -> Accepted | None:
    """Decide what that job does to the citizen today; None if it does nothing."""
    falls_due = _day(job, person, context.contract, context.now)
    if person.dead is not None or falls_due is None or falls_due > context.day:
        return None
    return _CARRY_OUT[job](person, context)


def reporter(job: Job, person: Person) -> Identity | None:
    """Return who told beforehand what the job carries out, and so stands as registrant; None where nobody did."""
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


def due_date(person: Person, contract: Contract, now: datetime) -> DueDate:
    """List, for each job that will have something to do, the first day on which it has."""
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
                return None  # a recovery that is reported takes the place of the end that was foreseen
            return ill.until + timedelta(days=1)
        case Job.FLEKSJOB:
            return _fleksjob_day(person, contract, now)
        case Job.THIRTY_YEAR:
            group = person.open_registration(Kind.KONTAKTGRUPPE, now)
            new = None if group is None else contract.group_rules[group.type].transfers_ved_30
            return None if new is None else anniversary(person.born, TRANSITION_AGE)
        case Job.EXPIRY:
            return _expiry_day(person, contract, now)


def _expiry_day(person: Person, contract: Contract, now: datetime) -> date | None:
    """Find the day on which a group or category ends that was given its end beforehand, and something follows from it."""
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
    return [
        item.end for item in person.registrations.values() if item.kind is kind and item.end and not item.is_deleted
    ]


def _fleksjob_day(person: Person, contract: Contract, now: datetime) -> date | None:
    """Find the day on which an activity begins for one who waits for it, or ends with none after it for one who has it."""
    group = person.open_registration(Kind.KONTAKTGRUPPE, now)
    if group is None or not person.fleksjob:
        return None
    rules, today = contract.group_rules[group.type], danish_day(now)
    if rules.fleksjob_start is not None:
        begins = (item.since for item in person.fleksjob if item.until is None or item.until > max(today, item.since))
        return min(begins, default=None)
    if rules.fleksjob_end is not None:
        for end in sorted(item.until for item in person.fleksjob if item.until is not None):
            still_active = any(item.is_valid(max(end, today)) for item in person.fleksjob)
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
    new = context.contract.group_rules[group.type].transfers_ved_30
    assert new is not None
    time = midnight(anniversary(person.born, TRANSITION_AGE))
    return Accepted("", person, ()).with_(kontaktgruppe.change(person, new, time, context))


def _expiry(person: Person, context: DecisionContext) -> Accepted:
    """Nothing but what follows: the row that ends it was registered when its end was."""
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
