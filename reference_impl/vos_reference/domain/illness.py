"""Illness and recovery, and how they change the kontaktgruppe (epic, test rows 5-7; IRI8, ICS5; DECISIONS.md).

| reported | at the start | at the recovery |
| --- | --- | --- |
| KSD case from work | kontaktgruppe 24 opens | 24 closes |
| KSD case from unemployment | 25 opens; the group and the enrolment before it are remembered | both are restored |
| absence only (type 11) | the enrolment ends, the group stays open | the absence ends |

A start or a recovery in the future is registered at once and carried out by the nightly job of its day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from vos_contracts.model.neighbours import CreateTilmelding, IllnessSource, ReportIllness, ReportRecovery
from vos_contracts.model.registration import Kind
from vos_contracts.tables.errors import ServiceError
from vos_reference.domain import fleksjob, fravaer, kontaktgruppe, tilmelding
from vos_reference.domain.danish_time import age, midnight
from vos_reference.domain.decision import Accepted, Decision, DecisionContext, refused
from vos_reference.domain.person import Fravaer, Illness, Person, Recovery

FROM_EMPLOYMENT = 24
FROM_UNEMPLOYMENT = 25
ILLNESS_ABSENCE = 11
"""The absence type (fravaerstype) of illness."""
_GROUP = {
    IllnessSource.FRAVAER: None,
    IllnessSource.EMPLOYMENT: FROM_EMPLOYMENT,
    IllnessSource.UNEMPLOYMENT: FROM_UNEMPLOYMENT,
}


def report_illness(person: Person, command: ReportIllness, context: DecisionContext) -> Decision:
    """Report an illness; one that starts in the future is stored until its day.

    Refused with 1003 for an end before the start, 4685 for a fravaer that begins before today, 4977 for an id in use, 4645
    where the citizen is reported ill already or an absence conflicts with group 24 or 25, 4686 without an open kontaktgruppe
    (except from work), and 8096 where group 24 or 25 is open already.
    """
    errors = [*_illness_errors(person, command, context)]
    if errors:
        return refused(*errors)
    new = Illness(command.id, command.since, _GROUP[command.source], context.caller.identity, False, command.until)
    if person.illness is not None:  # an absence becomes a KSD case: keep the group and enrolment that it remembers
        remembered = person.illness
        new = replace(
            new,
            fravaer_id=remembered.fravaer_id,
            remembered_group=remembered.remembered_group,
            remembered_tilmeldekategori=remembered.remembered_tilmeldekategori,
        )
    planned = Accepted(command.id, replace(person, illness=new), ())
    return planned if command.since > context.day else begin(planned, context)


def _illness_errors(person: Person, command: ReportIllness, context: DecisionContext) -> Iterator[ServiceError]:
    if command.until is not None and command.until < command.since:
        yield ServiceError(1003)
    if command.source is IllnessSource.FRAVAER and command.since < context.day:
        yield ServiceError(4685)
    now = person.illness
    if command.id in {absence.id for absence in (*person.fravaer, *((now,) if now else ()))}:
        yield ServiceError(4977)
    elif now is not None and (now.kontaktgruppe is not None or command.source is IllnessSource.FRAVAER):
        yield ServiceError(4645, "borgeren er allerede sygemeldt")
    group = person.open_registration(Kind.KONTAKTGRUPPE, context.now)
    if group is None and command.source is not IllnessSource.EMPLOYMENT:
        yield ServiceError(4686)
    if now is None and group is not None and group.type in (FROM_EMPLOYMENT, FROM_UNEMPLOYMENT):
        yield ServiceError(8096)
    target = _GROUP[command.source]
    if target is not None:
        yield from kontaktgruppe.fravaer_conflict(person, target, context)


def begin(planned: Accepted, context: DecisionContext) -> Accepted:
    """Carry out an illness on its first day: end the enrolment, and register the absence or open group 24 or 25."""
    person = planned.person
    illness = person.illness
    assert illness is not None, "planned before"
    group = person.open_registration(Kind.KONTAKTGRUPPE, context.now)
    group_before = None if group is None else group.type
    if illness.remembered_group != group_before:  # the group has changed since the absence that the case follows
        illness = replace(illness, remembered_group=group_before, remembered_tilmeldekategori=None)
    if person.tilmelding is not None:
        illness = replace(illness, remembered_tilmeldekategori=person.tilmelding.category)
    person = tilmelding.end(person, illness.since)
    if illness.kontaktgruppe is None:
        illness = replace(illness, fravaer_id=illness.id)
        end = None if illness.until is None else _day_after(illness.until)
        person = replace(person, fravaer=(*person.fravaer, Fravaer(ILLNESS_ABSENCE, illness.since, end, illness.id)))
    person = replace(person, illness=replace(illness, begun=True))
    if illness.kontaktgruppe is None:
        return Accepted(illness.id, person, planned.events)
    change = kontaktgruppe.change(person, illness.kontaktgruppe, midnight(illness.since), context)
    return Accepted(illness.id, person, planned.events).with_(change)


def report_recovery(person: Person, command: ReportRecovery, context: DecisionContext) -> Decision:
    """Report a recovery; one today or in the past is carried out at once, a future one on its day.

    Refused with 4632 for an unknown illness or one that has not started, 4636 for a day before the start, the errors of an
    enrolment (`tilmelding.enrolment_errors`), 4675, 8096, 6033 and 4645 for the group asked for, and 100029 where the
    group does not match the enrolment.
    """
    illness = person.illness
    if illness is None or command.id not in (illness.id, illness.fravaer_id):
        return refused(ServiceError(4632))
    message = Recovery(command.on_date, context.caller.identity, command.tilmelding, command.group)
    errors = [*_recovery_errors(person, illness, message, context)]
    if errors:
        return refused(*errors)
    planned = replace(person, illness=replace(illness, recovery=message))
    if command.on_date > context.day:
        return Accepted(illness.id, planned, ())
    return carry_out_recovery(planned, message, context)


def _recovery_errors(
    person: Person, illness: Illness, message: Recovery, context: DecisionContext
) -> Iterator[ServiceError]:
    if message.on_date < illness.since:
        yield ServiceError(4636)
    if not illness.begun and message.on_date <= context.day:
        yield ServiceError(4632, "sygemeldingen er ikke begyndt")
    recovery = fravaer.ended(person, message.on_date, only=illness.fravaer_id or "-")
    wanted = message.tilmelding
    if wanted is not None:
        enrol = CreateTilmelding(
            category=wanted.category, unemployment_degree=wanted.unemployment_degree, on_date=message.on_date
        )
        yield from tilmelding.enrolment_errors(recovery, enrol, context)
    if message.group is None:
        return
    type_ = message.group.type
    if type_ is None:
        if wanted is not None:
            yield ServiceError(100029, "en tilmelding holder kontaktgruppen åben")
        return
    if type_ not in context.contract.kontaktgrupper:
        yield ServiceError(4675)
        return
    if not context.contract.group_rules[type_].changeable_by_caller:
        yield ServiceError(8096)
    if kontaktgruppe.too_old_for(person, type_, context):
        yield ServiceError(6033)
    yield from kontaktgruppe.fravaer_conflict(recovery, type_, context)
    if wanted is not None and wanted.category in context.contract.tilmeldekategorier:
        category = context.contract.tilmeldekategorier[wanted.category]
        if type_ != category.group(age(person.born, context.day)):
            yield ServiceError(100029)


def carry_out_recovery(person: Person, message: Recovery, context: DecisionContext) -> Accepted:
    """Carry out a recovery: end the absence, then apply the group and enrolment asked for, else the remembered ones.

    A citizen who has turned 30 meanwhile gets the successor of a group for those under 30. Everything is dated on the day
    of the recovery, also when that is in the past.
    """
    illness = person.illness
    assert illness is not None, "reported before"
    recovery = fravaer.ended(replace(person, illness=None), message.on_date, only=illness.fravaer_id or "-")
    accepted = Accepted(illness.id, recovery, ())
    time = midnight(message.on_date)
    category = message.tilmelding.category if message.tilmelding else None
    if message.group is not None and message.group.type is None:
        return accepted.with_(kontaktgruppe.close(recovery, time, context))
    group = None if message.group is None else message.group.type
    if group is None and category is None and illness.kontaktgruppe is not None:
        if illness.kontaktgruppe == FROM_EMPLOYMENT:
            return accepted.with_(kontaktgruppe.close(recovery, time, context))
        group, category = _right_group(person, illness, message.on_date, context), illness.remembered_tilmeldekategori
        if group is None and category is None:  # the group had closed before the sickness began
            return accepted.with_(kontaktgruppe.close(recovery, time, context))
    if category is not None:
        return replace(
            tilmelding.carry_out_enrolment(recovery, category, message.on_date, context, group), id=illness.id
        )
    if group is not None:
        return accepted.with_(
            kontaktgruppe.change(recovery, kontaktgruppe.group_for_age(recovery, group, context), time, context)
        )
    return accepted


def _right_group(person: Person, illness: Illness, day: date, context: DecisionContext) -> int | None:
    """Return the remembered group, or group 7 in place of 10 where the citizen's fleksjob ended during the illness."""
    remembered = illness.remembered_group
    if remembered is None:
        return None
    free = context.contract.group_rules[remembered].fleksjob_end
    return free if free is not None and fleksjob.ended_between(person, illness.since, day) else remembered


def _day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
