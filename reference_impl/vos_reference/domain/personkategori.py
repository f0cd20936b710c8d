"""Rules for registering, ending and deleting a personkategori, and how it follows the kontaktgruppe.

Invariant: the open personkategori is one that the open kontaktgruppe and the enrolment allow, and a kontaktgruppe with a
default personkategori has an open one. Every decision ends with `follow_group`, which restores the invariant (epic AC
1005.17.28.2 and .18, "default visitering ved KG skift").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from vos_contracts.model.registration import Create, Delete, Kind, Update
from vos_contracts.tables.errors import ServiceError
from vos_contracts.tables.kontaktgruppe import GroupRules
from vos_reference.domain import decision
from vos_reference.domain.danish_time import danish_day
from vos_reference.domain.decision import (
    Accepted,
    Changed,
    Created,
    Decision,
    DecisionContext,
    Deleted,
    Event,
    accepted,
    opening,
    refused,
)
from vos_reference.domain.person import Person

KIND = Kind.PERSONKATEGORI


def create(person: Person, command: Create, id: str, context: DecisionContext) -> Decision:
    """Register a personkategori; it replaces the open one. `id` is the id of the new registration.

    Refused with 2002 or 2003 for an unknown or expired category, 4731 where the kontaktgruppe does not allow it, 4655 or
    4656 where the enrolment does not, 4654 for a conflicting absence, 4703 for a start that is not today, and 1014.
    """
    errors = [*_creation_errors(person, command, context)]
    if errors:
        return refused(*errors)
    new = decision.first_row(command, id, context)
    return accepted(id, person, opening(new, person, context))


def update(person: Person, command: Update, context: DecisionContext) -> Decision:
    """Set the end of a personkategori; `follow_group` opens the default again where the kontaktgruppe has one.

    Refused with 4589 for an unknown id, 8096 for an ended category, and 1014 without an end or before the start.
    """
    old = person.find(command.kind, command.id)
    if old is None:
        return refused(ServiceError(4589), *decision.end_errors(command.end))
    errors = [*decision.end_errors(command.end, old.start)]
    if not old.is_open(context.now):
        errors.append(ServiceError(8096, "personkategorien er afsluttet"))
    if errors or command.end is None:
        return refused(*errors)
    closed = old.ended(command.end, context.caller.identity, context.now)
    return accepted(old.id, person, (Changed(closed),))


def delete(person: Person, command: Delete, context: DecisionContext) -> Decision:
    """Delete a personkategori registered by mistake; its rows stay in the history, marked as deleted.

    Refused with 4589 for an unknown id, and 4575 unless the caller is the authority that registered it, or STAR.
    """
    old = person.find(command.kind, command.id)
    if old is None:
        return refused(ServiceError(4589))
    if not old.may_be_deleted_by(context.caller.identity):
        return refused(ServiceError(4575, "kun den myndighed, der har registreret, og STAR kan slette"))
    identity = context.caller.identity
    deleted = replace(old, is_deleted=True, registrant=identity, registered=context.now)
    return accepted(old.id, person, (Deleted(deleted),))


def follow_group(accepted_: Accepted, context: DecisionContext) -> Accepted:
    """Restore the invariant after a change: end a personkategori that does not fit, and open the default of the group.

    The registrant is the caller of the change. The default starts with a new group, also one dated back, but no earlier
    than the previous personkategori ended.
    """
    person, now = accepted_.person, context.now
    group, category = person.open_registration(Kind.KONTAKTGRUPPE, now), person.open_registration(KIND, now)
    rules = None if group is None else context.contract.group_rules.get(group.type)
    derived: list[Event] = []
    changed_at = next((row.end for row in accepted_.rows if row.end), None) or now
    standard = rules.default_category if rules else None
    if category and (rules is None or not _matches(category.type, rules, enrolled=person.tilmelding is not None)):
        closed = category.ended(changed_at, context.caller.identity, now)
        derived.append(Changed(closed))
        category = None
    if category is None and standard is not None and group is not None:
        if any(isinstance(event, Created) and event.registration is group for event in accepted_.events):
            changed_at = max(_ended(person, context), default=group.start)
        start = max(group.start, min(changed_at, now))
        derived.append(Created(decision.first_row(Create(KIND, standard, start), context.new.personkategori, context)))
    return accepted_.with_(derived)


def _ended(person: Person, context: DecisionContext) -> Iterator[datetime]:
    for row in person.registrations.values():
        if row.kind is KIND and row.end is not None and not (row.is_deleted or row.is_open(context.now)):
            yield row.end


def _matches(category: int, rules: GroupRules, *, enrolled: bool) -> bool:
    """Return whether both the group and the enrolment allow the category (Matchregler, starwiki pageId 95879347)."""
    against = rules.category_requires_no_enrolment if enrolled else rules.category_requires_enrolment
    return category in rules.categories and category not in against


def _creation_errors(person: Person, command: Create, context: DecisionContext) -> Iterator[ServiceError]:
    yield from decision.start_errors(command, context)
    code = context.contract.personkategorier.get(command.type)
    if code is None:
        yield ServiceError(2002, f"personkategori {command.type}")
        return
    if not code.valid(danish_day(context.now)):
        yield ServiceError(2003, f"personkategori {command.type}")
    group = person.open_registration(Kind.KONTAKTGRUPPE, context.now)
    if group is None:
        yield ServiceError(4731, "borgeren har ingen åben kontaktgruppe")
        return
    rules = context.contract.group_rules[group.type]
    if command.type not in rules.categories:
        yield ServiceError(4731)
    enrolled = person.tilmelding is not None
    if enrolled and command.type in rules.category_requires_no_enrolment:
        yield ServiceError(4655)
    if not enrolled and command.type in rules.category_requires_enrolment:
        yield ServiceError(4656)
    for fravaer in person.fravaer:
        conflict = context.contract.fravaer_conflicts.get((fravaer.type, group.type))
        if not conflict or not fravaer.is_valid(danish_day(context.now)) or not conflict.allowed_categories:
            continue
        if command.type not in conflict.allowed_categories:
            yield ServiceError(conflict.error_code)
