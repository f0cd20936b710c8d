"""Fleksjob activities in the citizen's plan.

An activity changes no kontaktgruppe by itself; the nightly job moves the citizen between groups 7 and 10 (epic AC
1005.17.28.11).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from vos_contracts.model.neighbours import EndFleksjob, RegisterFleksjob
from vos_contracts.tables.errors import ServiceError
from vos_reference.domain.decision import Accepted, Decision, refused
from vos_reference.domain.person import Period, Person


def register(person: Person, command: RegisterFleksjob) -> Decision:
    """Register an activity; refused with 4977 for an id in use and 4636 for an end before the start."""
    errors = []
    if any(item.id == command.id for item in person.fleksjob):
        errors.append(ServiceError(4977))
    if command.until is not None and command.until < command.since:
        errors.append(ServiceError(4636))
    if errors:
        return refused(*errors)
    activity = Period(command.id, command.since, command.until)
    return Accepted(command.id, replace(person, fleksjob=(*person.fleksjob, activity)), ())


def end(person: Person, command: EndFleksjob) -> Decision:
    """End an activity; refused with 4589 for an unknown id and 4636 for an end before the start."""
    found = next((item for item in person.fleksjob if item.id == command.id), None)
    if found is None:
        return refused(ServiceError(4589))
    if command.until < found.since:
        return refused(ServiceError(4636))
    fleksjob = tuple(replace(item, until=command.until) if item is found else item for item in person.fleksjob)
    return Accepted(command.id, replace(person, fleksjob=fleksjob), ())


def ended_between(person: Person, since: date, until: date) -> bool:
    """Return whether an activity ended from `since` to `until`, both included, and none is in progress on `until`."""
    return any(item.until is not None and since <= item.until <= until for item in person.fleksjob) and not any(
        item.is_valid(until) for item in person.fleksjob
    )
