"""Rules for enrolment as a job-seeker (tilmelding), and the kontaktgruppe that follows from it (UES8; DECISIONS.md).

The tilmeldekategori and the age decide the kontaktgruppe. While the citizen is enrolled, the group changes only with the
enrolment (100029, `kontaktgruppe`). Ending the enrolment leaves the group open.
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

MAX_BACKDATING = timedelta(days=10)
"""An enrolment may be dated at most this far back (4338)."""
MAX_AHEAD = timedelta(days=30)
"""An enrolment may end at most this far ahead (4322; 60 days during a less intensive effort, which is not modelled)."""
WITHOUT_BENEFIT_DEGREE = 3
"""The unemployment degree for enrolment without benefit only (4339); another degree that does not fit is 6014."""
PENSION_AGE = 65
"""From this age Jobnet enrols without benefit only (4763)."""


def enrol(person: Person, command: CreateTilmelding, context: DecisionContext) -> Decision:
    """Enrol the citizen, or change the tilmeldekategori; the kontaktgruppe follows.

    Refused with 4338 for a day in the future or more than 10 days back, 4316 for a day in an earlier enrolment or the same
    category, 4750 for a citizen who is ill or has an absence that excludes enrolment, and the errors of `enrolment_errors`.
    """
    errors = [*_date_errors(person, command, context), *enrolment_errors(person, command, context)]
    if person.illness is not None or any(
        absence.is_valid(context.day) and absence.type in context.contract.fravaer_without_tilmelding
        for absence in person.fravaer
    ):
        errors.append(ServiceError(4750))
    if errors:
        return refused(*errors)
    return carry_out_enrolment(person, command.category, command.on_date, context)


def enrolment_errors(person: Person, command: CreateTilmelding, context: DecisionContext) -> Iterator[ServiceError]:
    """Yield the errors of enrolling the citizen in that category, except those of the date.

    - 4313, 4314: unknown category or unemployment degree; 4339, 6014: the degree does not fit the category.
    - 4417: the category requires membership of an akasse.
    - 4763: from the age of 65, Jobnet enrols without benefit only.
    - 4641, 4645: the kontaktgruppe of the category conflicts with the age or an absence.
    """
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
        yield ServiceError(4339 if command.unemployment_degree == WITHOUT_BENEFIT_DEGREE else 6014)
    if category.requires_membership and person.authority_of_type(OrganisationType.AKASSE, context.day) is None:
        yield ServiceError(4417)
    on_jobnet = context.caller.identity.system == ClientSystem.JOBNET
    if on_jobnet and age(person.born, context.day) >= PENSION_AGE and not category.without_benefit:
        yield ServiceError(4763)
    group = category.group(age(person.born, context.day))
    if kontaktgruppe.too_old_for(person, group, context):
        yield ServiceError(4641, "kategoriens kontaktgruppe er i uoverensstemmelse med borgers alder")
    yield from kontaktgruppe.fravaer_conflict(person, group, context)


def _date_errors(person: Person, command: CreateTilmelding, context: DecisionContext) -> Iterator[ServiceError]:
    if not context.day - MAX_BACKDATING <= command.on_date <= context.day:
        yield ServiceError(4338)
    now = person.tilmelding
    if now is not None and (command.on_date < now.since or command.category == now.category):
        yield ServiceError(4316, f"tilmeldt i kategori {now.category} siden {now.since.isoformat()}")
    elif any(
        enrolment.until is not None and command.on_date < enrolment.until for enrolment in person.former_tilmeldinger
    ):
        yield ServiceError(4316, "datoen ligger i eller før en tidligere tilmelding")


def carry_out_enrolment(
    person: Person, category: int, on_date: date, context: DecisionContext, group: int | None = None
) -> Accepted:
    """Carry out an enrolment that has no errors; `group` replaces the kontaktgruppe of the category."""
    new = Tilmelding(category, on_date, None, context.caller.identity)
    enrolled = replace(end(person, on_date), tilmelding=new)
    if group is None:
        group = context.contract.tilmeldekategorier[category].group(age(person.born, context.day))
    group = kontaktgruppe.group_for_age(person, group, context)
    return Accepted(context.new.kontaktgruppe, enrolled, ()).with_(
        kontaktgruppe.change(enrolled, group, midnight(on_date), context)
    )


def cancel_enrolment(person: Person, command: EndTilmelding, context: DecisionContext) -> Decision:
    """End the enrolment today, or on a day within 30 days, when the nightly job carries it out.

    Refused with 4367 for a citizen who is not enrolled, 4317 where an end is registered already, 4322 for a day in the past
    or more than 30 days ahead, and 4340 for an unknown cause.
    """
    errors = []
    now = person.tilmelding
    if now is None:
        errors.append(ServiceError(4367))
    elif now.until is not None:
        errors.append(ServiceError(4317, f"tilmeldingen er allerede afsluttet pr. {now.until.isoformat()}"))
    if not context.day <= command.on_date <= context.day + MAX_AHEAD:
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
    """Return the citizen with the enrolment ended on `day`, or on its start if that is later; unchanged if not enrolled."""
    now = person.tilmelding
    if now is None:
        return person
    ended = replace(now, until=max(day, now.since))
    return replace(person, tilmelding=None, former_tilmeldinger=(*person.former_tilmeldinger, ended))
