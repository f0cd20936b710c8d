"""What may happen to an enrolment as a job-seeker, and the contact group that follows from it (UES8; DECISIONS section 4).

The group of an enrolled citizen is changed by changing the enrolment, never by itself (100029, `kontaktgruppe`). Ending an
enrolment leaves the group open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from vos_contracts.model.neighbours import CreateTilmelding, EndTilmelding
from vos_contracts.tables.access import ClientSystem, OrganisationType
from vos_contracts.tables.errors import ServiceError
from vos_reference.domain import kontaktgruppe
from vos_reference.domain.danish_time import age, midnight
from vos_reference.domain.decision import Accepted, Decision, DecisionContext, refused
from vos_reference.domain.person import Person, Tilmelding

BACK = timedelta(days=10)
"""How far back an enrolment may be dated (4338)."""
FORWARD = timedelta(days=30)
"""How far ahead an enrolment may be ended (4322; 60 days in case of a less intensive effort, which is not known here)."""
NOT_FREE = 3
"""4339: the degree of unemployment for those without benefit only; another degree that does not fit is 6014."""
PENSION_AGE = 65
"""4763: from that age, Jobnet enrols without benefit only."""


def enrol(person: Person, command: CreateTilmelding, context: DecisionContext) -> Decision:
    """Enrol, or change the category of the enrolment; the contact group follows."""
    errors = [*_date_errors(person, command, context), *enrolment_errors(person, command, context)]
    if person.illness is not None or any(
        item.is_valid(context.day) and item.type in context.contract.fravaer_without_tilmelding
        for item in person.fravaer
    ):
        errors.append(ServiceError(4750))
    if errors:
        return refused(*errors)
    return carry_out_enrolment(person, command.category, command.on_date, context)


def enrolment_errors(person: Person, command: CreateTilmelding, context: DecisionContext) -> Iterator[ServiceError]:
    """Establish what keeps the citizen from being enrolled in that category, the day apart."""
    category = context.contract.tilmeldekategorier.get(command.category)
    if category is None:
        yield ServiceError(4313)
    if command.unemployment_degree not in context.contract.unemployment_degrees:
        yield ServiceError(4314)
    if category is None:
        return
    if command.unemployment_degree in context.contract.unemployment_degrees and not category.allows(
        command.unemployment_degree
    ):
        yield ServiceError(4339 if command.unemployment_degree == NOT_FREE else 6014)
    if category.requires_membership and person.affiliated(OrganisationType.AKASSE, context.day) is None:
        yield ServiceError(4417)
    on_jobnet = context.caller.identity.system == ClientSystem.JOBNET
    if on_jobnet and age(person.born, context.day) >= PENSION_AGE and not category.without_benefit:
        yield ServiceError(4763)
    group = category.group(age(person.born, context.day))
    if kontaktgruppe.too_old_for(person, group, context):
        yield ServiceError(4641, "kategoriens kontaktgruppe er i uoverensstemmelse med borgers alder")
    yield from kontaktgruppe.fravaer_conflict(person, group, context)


def _date_errors(person: Person, command: CreateTilmelding, context: DecisionContext) -> Iterator[ServiceError]:
    if not context.day - BACK <= command.on_date <= context.day:
        yield ServiceError(4338)
    now = person.tilmelding
    if now is not None and (command.on_date < now.since or command.category == now.category):
        yield ServiceError(4316, f"tilmeldt i kategori {now.category} siden {now.since.isoformat()}")
    elif any(item.until is not None and command.on_date < item.until for item in person.former_tilmeldinger):
        yield ServiceError(4316, "datoen ligger i eller før en tidligere tilmelding")


def carry_out_enrolment(
    person: Person, category: int, on_date: date, context: DecisionContext, group: int | None = None
) -> Accepted:
    """Carry out an enrolment that nothing keeps back; the group is the category's unless another is given."""
    new = Tilmelding(category, on_date, None, context.caller.identity)
    enrolled = replace(end(person, on_date), tilmelding=new)
    if group is None:
        group = context.contract.tilmeldekategorier[category].group(age(person.born, context.day))
    group = kontaktgruppe.group_for_age(person, group, context)
    return Accepted(context.new.kontaktgruppe, enrolled, ()).with_(
        kontaktgruppe.change(enrolled, group, midnight(on_date), context)
    )


def cancel_enrolment(person: Person, command: EndTilmelding, context: DecisionContext) -> Decision:
    """End the enrolment today, or on a day within thirty days, which the nightly job carries out."""
    errors = []
    now = person.tilmelding
    if now is None:
        errors.append(ServiceError(4367))
    elif now.until is not None:
        errors.append(ServiceError(4317, f"tilmeldingen er allerede afsluttet pr. {now.until.isoformat()}"))
    if not context.day <= command.on_date <= context.day + FORWARD:
        errors.append(ServiceError(4322))
    if command.cause not in context.contract.cancellation_causes:
        errors.append(ServiceError(4340))
    if errors or now is None:
        return refused(*errors)
    id_ = context.new.kontaktgruppe
    if command.on_date > context.day:
        planned = replace(now, until=command.on_date, registrant=context.caller.identity)
        return Accepted(id_, replace(person, tilmelding=planned), ())
    return Accepted(id_, end(person, command.on_date), ())


def end(person: Person, day: date) -> Person:
    """Return the citizen with the enrolment ended on that day, never before it began; not enrolled is no change."""
    now = person.tilmelding
    if now is None:
        return person
    ended = replace(now, until=max(day, now.since))
    return replace(person, tilmelding=None, former_tilmeldinger=(*person.former_tilmeldinger, ended))
