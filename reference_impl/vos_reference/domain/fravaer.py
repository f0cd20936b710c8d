"""Absences (fravaer), as far as the rules for kontaktgruppe and personkategori need them: register and end.

Closing the kontaktgruppe without a successor ends the open absences (epic: "bl.a. afslutning af fraværsforhold").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from vos_contracts.model.neighbours import EndFravaer, RegisterFravaer
from vos_contracts.model.registration import Kind
from vos_contracts.tables.errors import ServiceError
from vos_reference.domain.danish_time import danish_day
from vos_reference.domain.decision import Accepted, Changed, Created, Decision, DecisionContext, Deleted, Event, refused
from vos_reference.domain.person import Fravaer, Illness, Person


def register(person: Person, command: RegisterFravaer, context: DecisionContext) -> Decision:
    """Register an absence.

    Refused with 9131 for an unknown type, 4977 for an id in use, 4636 for an end before the start, and 4645 or 4654 where
    the open kontaktgruppe or personkategori does not allow it.
    """
    errors = [*_registration_errors(person, command, context)]
    if errors:
        return refused(*errors)
    absence = Fravaer(command.type, command.since, command.until, command.id)
    return Accepted(command.id, replace(person, fravaer=(*person.fravaer, absence)), ())


def _registration_errors(person: Person, command: RegisterFravaer, context: DecisionContext) -> Iterator[ServiceError]:
    if command.type not in context.contract.fravaer_types:
        yield ServiceError(9131, f"fraværstype {command.type}")
        return
    if any(item.id == command.id for item in person.fravaer):
        yield ServiceError(4977)
    if command.until is not None and command.until < command.since:
        yield ServiceError(4636)
    group = person.open_registration(Kind.KONTAKTGRUPPE, context.now)
    conflict = None if group is None else context.contract.fravaer_conflicts.get((command.type, group.type))
    if conflict is None:
        return
    category = person.open_registration(Kind.PERSONKATEGORI, context.now)
    if category is None or category.type not in conflict.allowed_categories:
        yield ServiceError(conflict.error_code)


def end(person: Person, command: EndFravaer) -> Decision:
    """End an open absence; refused with 4632 for an unknown or ended one and 4636 for an end before the start."""
    found = next((item for item in person.fravaer if item.id == command.id and item.until is None), None)
    if found is None:
        return refused(ServiceError(4632))
    if command.until < found.since:
        return refused(ServiceError(4636))
    return Accepted(command.id, ended(person, command.until, only=found.id), ())


def ended(person: Person, day: date, only: str | None = None) -> Person:
    """Return the citizen with every absence that is open on `day` ended on `day`; with `only`, just the one with that id."""
    return replace(
        person,
        fravaer=tuple(
            replace(item, until=max(day, item.since)) if item.is_valid(day) and only in (None, item.id) else item
            for item in person.fravaer
        ),
    )


def follow_group(accepted: Accepted, context: DecisionContext) -> Accepted:
    """End open absences when the kontaktgruppe closes without a successor, on its end day, also one in the future.

    An illness that is registered as an absence only ends with the absence.
    """
    person = accepted.person
    for event in accepted.events:
        if event.registration.kind is Kind.KONTAKTGRUPPE and _closes_entirely(event, person, context):
            end = event.registration.end or context.now
            person = ended(person, danish_day(end))
    if person.illness is not None and _absence_is_over(person, person.illness, context):
        person = replace(person, illness=None)
    return accepted if person is accepted.person else replace(accepted, person=person)


def _closes_entirely(event: Event, person: Person, context: DecisionContext) -> bool:
    match event:
        case Created():
            return False
        case Changed():
            return event.successor is None
        case Deleted():
            return person.open_registration(Kind.KONTAKTGRUPPE, context.now) is None


def _absence_is_over(person: Person, illness: Illness, context: DecisionContext) -> bool:
    if not illness.begun or illness.kontaktgruppe is not None:
        return False
    return not any(item.id == illness.fravaer_id and item.is_valid(context.day) for item in person.fravaer)
