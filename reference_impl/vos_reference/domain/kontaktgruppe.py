"""Rules for registering, ending and deleting a kontaktgruppe (epic AC 1005.17.28.2 and its service table).

| error | rule |
| --- | --- |
| 4644 | at most one kontaktgruppe is open, and the open one is not opened again |
| 4645 | no open absence conflicts with the group |
| 4675, 2003 | the group exists, and is valid today |
| 4703 | the registration starts today |
| 6033 | the citizen is under the age limit of the group |
| 8096 | only KSD and DFDG open, change and close groups 24 and 25; an ended group does not change |
| 100028 | the end is not in the future |
| 100029 | the group of an enrolled citizen changes only with the enrolment |

100028 and 100029 depend on release and channel. Not here: the consequences for the personkategori
(`personkategori.follow_group`), access (`access`) and recipients (`recipients`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from vos_contracts.model.registration import Create, Delete, Kind, Update
from vos_contracts.tables.errors import ServiceError
from vos_contracts.tables.releases import EndDateSoap, FutureEnd
from vos_reference.domain import decision
from vos_reference.domain.danish_time import age, danish_day
from vos_reference.domain.decision import Changed, Decision, DecisionContext, Deleted, Event, accepted, opening, refused
from vos_reference.domain.person import Person, Registration

KIND = Kind.KONTAKTGRUPPE


def create(person: Person, command: Create, id: str, context: DecisionContext) -> Decision:
    """Register a kontaktgruppe; it replaces another open one, and is refused with 4644 where the same one is open.

    `id` is the id of the new registration.
    """
    errors = [*_creation_errors(person, command, context)]
    if errors:
        return refused(*errors)
    new = decision.first_row(command, id, context)
    return accepted(id, person, opening(new, person, context))


def update(person: Person, command: Update, context: DecisionContext) -> Decision:
    """Set the end of a kontaktgruppe.

    Refused with 4589 for an unknown id, 1014 without an end or before the start, 8096 for an ended group or one of KSD
    and DFDG, and 100028 for an end in the future.
    """
    old = person.find(command.kind, command.id)
    if old is None:
        return refused(ServiceError(4589), *decision.end_errors(command.end))
    errors = [*decision.end_errors(command.end, old.start)]
    if not (_changeable(old.type, context) and old.is_open(context.now)):
        errors.append(ServiceError(8096))
    errors += _future_end_date(person, command.end, context)
    if errors or command.end is None:
        return refused(*errors)
    closed = old.ended(command.end, context.caller.identity, context.now)
    return accepted(old.id, person, (Changed(closed),))


def delete(person: Person, command: Delete, context: DecisionContext) -> Decision:
    """Delete a kontaktgruppe registered by mistake; its rows stay in the history, marked as deleted (DECISIONS.md).

    Refused with 4589 for an unknown id, 8096 for a group of KSD and DFDG, and 4575 unless the caller is the authority that
    registered it, or STAR.
    """
    old = person.find(command.kind, command.id)
    if old is None:
        return refused(ServiceError(4589))
    if not _changeable(old.type, context):
        return refused(ServiceError(8096))
    if not old.may_be_deleted_by(context.caller.identity):
        return refused(ServiceError(4575, "kun den myndighed, der har registreret, og STAR kan slette"))
    identity = context.caller.identity
    deleted = replace(old, is_deleted=True, registrant=identity, registered=context.now)
    return accepted(old.id, person, (Deleted(deleted),))


def change(person: Person, group: int, time: datetime, context: DecisionContext) -> tuple[Event, ...]:
    """Return the events that move the citizen to a group as a consequence of another change; none if it is open already.

    An open group with a future end is replaced by a new one of the same type, or an enrolled citizen would be left without
    a group on that day. A group dated back starts no earlier than the previous one ended, so that no two groups overlap in
    the history; its `event` keeps `time`.
    """
    open_row = person.open_registration(KIND, context.now)
    if open_row is not None and open_row.type == group and open_row.end is None:
        return ()
    start = max((time, *_earliest(person, open_row)))
    new = decision.first_row(Create(KIND, group, start, event=time), context.new.kontaktgruppe, context)
    return opening(new, person, context)


def _earliest(person: Person, open_row: Registration | None) -> Iterator[datetime]:
    if open_row is not None:
        yield open_row.start
    for row in person.registrations.values():
        if row.kind is KIND and row.end is not None and not row.is_deleted and row is not open_row:
            yield row.end


def close(person: Person, time: datetime, context: DecisionContext) -> tuple[Event, ...]:
    """Return the event that closes the open group without a successor, as a consequence of another change."""
    open_row = person.open_registration(KIND, context.now)
    if open_row is None:
        return ()
    return (Changed(open_row.ended(time, context.caller.identity, context.now)),)


def fravaer_conflict(person: Person, group: int, context: DecisionContext) -> Iterator[ServiceError]:
    """4645: an open absence conflicts with the group, whatever the personkategori."""
    for fravaer in person.fravaer:
        conflict = context.contract.fravaer_conflicts.get((fravaer.type, group))
        if conflict and fravaer.is_valid(context.day) and not conflict.allowed_categories:
            yield ServiceError(conflict.error_code)


def too_old_for(person: Person, group: int, context: DecisionContext) -> bool:
    """Return whether the citizen has reached the age limit of the group (6033)."""
    limit = context.contract.group_rules[group].age_below
    return limit is not None and age(person.born, context.day) >= limit


def group_for_age(person: Person, group: int, context: DecisionContext) -> int:
    """Return the group, or its successor for a citizen who has reached its age limit."""
    if not too_old_for(person, group, context):
        return group
    return context.contract.group_rules[group].becomes_at_30 or group


def _creation_errors(person: Person, command: Create, context: DecisionContext) -> Iterator[ServiceError]:
    yield from decision.start_errors(command, context)
    yield from _future_end_date(person, command.end, context)
    code = context.contract.kontaktgrupper.get(command.type)
    if code is None:
        yield ServiceError(4675)
        return
    if not code.valid(context.day):
        yield ServiceError(2003, f"kontaktgruppe {command.type}")
    open_row = person.open_registration(KIND, context.now)
    if open_row is not None and open_row.type == command.type:
        yield ServiceError(4644)
    if not _changeable(command.type, context) or (open_row is not None and not _changeable(open_row.type, context)):
        yield ServiceError(8096)
    if too_old_for(person, command.type, context):
        yield ServiceError(6033)
    yield from fravaer_conflict(person, command.type, context)
    if _changes_enrolled(person, command.type, context):
        yield ServiceError(100029)


def _changeable(group: int, context: DecisionContext) -> bool:
    rules = context.contract.group_rules.get(group)
    return rules is None or rules.changeable_by_caller


def _changes_enrolled(person: Person, group: int, context: DecisionContext) -> bool:
    """100029: the group of an enrolled citizen cannot be changed by itself (epic, service table).

    Enforced on REST in every release, on SOAP from the release of the converter. Without an open group, only a group of the
    citizen's tilmeldekategori can be registered.
    """
    if person.tilmelding is None:
        return False
    if context.caller.classic_soap and not context.release.error_100029_soap:
        return False
    open_row = person.open_registration(KIND, context.now)
    if open_row is not None:
        return open_row.type != group
    category = context.contract.tilmeldekategorier.get(person.tilmelding.category)
    return category is None or group not in category.groups()


def _future_end_date(person: Person, end: datetime | None, context: DecisionContext) -> Iterator[ServiceError]:
    """100028: the end is in the future (epic, service table).

    Enforced on REST in every release; on classic SOAP for enrolled citizens only before 2024-4, for everyone since.
    """
    if end is None:
        return
    by_instant = context.release.future_end is FutureEnd.INSTANT
    if end <= context.now if by_instant else danish_day(end) <= context.day:
        return
    only_enrolled = context.caller.classic_soap and context.release.error_100028_soap is EndDateSoap.ENROLLED
    if person.tilmelding is not None or not only_enrolled:
        yield ServiceError(100028)
