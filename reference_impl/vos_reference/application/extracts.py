"""Rows for BI in pages: every row of the history once, by number, and citizens as of now (epic AC 1005.17.28.4).

A reader who asks after the number where it stopped gets what came since. Not here: files and pseudonyms (the reader's own).
"""

from __future__ import annotations

from vos_contracts.control.operations import CitizenRow, ExtractPage, RegistrationRow
from vos_reference.application.runtime import Runtime
from vos_reference.domain.person import Membership, Person, Registration


def registrations(runtime: Runtime, after: int, count: int) -> ExtractPage:
    """List the next rows of the history; errors: StoreUnavailable."""
    with runtime.store.reading() as t:
        findings = t.rows_after(after, count)
        generation = t.generation()
    return ExtractPage(
        generation=generation,
        next_item=findings[-1][0] if findings else after,
        registrations=tuple(_registration(*finding) for finding in findings),
    )


def citizens(runtime: Runtime, after: int, count: int) -> ExtractPage:
    """List the next new or changed citizens; errors: StoreUnavailable."""
    with runtime.store.reading() as t:
        findings = t.citizens_after(after, count)
        generation = t.generation()
    return ExtractPage(
        generation=generation,
        next_item=findings[-1][0] if findings else after,
        citizens=tuple(_citizen(nr, person) for nr, person in findings),
    )


def _registration(nr: int, person_id: str, row: Registration) -> RegistrationRow:
    registrant = row.registrant
    return RegistrationRow(
        nr=nr,
        citizen_id=person_id,
        id=row.id,
        kind=row.kind,
        type=row.type,
        event=row.event,
        start=row.start,
        end=row.end,
        is_deleted=row.is_deleted,
        registered=row.registered,
        organisation_type=registrant.active.type,
        organisation_code=registrant.active.code,
        system=registrant.system,
        user_type=registrant.user.type,
        user_id=registrant.user.id,
        user_name=registrant.user.name,
    )


def _citizen(nr: int, person: Person) -> CitizenRow:
    return CitizenRow(
        nr=nr,
        citizen_id=person.id,
        cpr=person.cpr,
        born=person.born,
        dead=person.dead,
        memberships=tuple(sorted(_membership(membership) for membership in person.memberships)),
    )


def _membership(membership: Membership) -> str:
    """Write a membership as type/code and its half-open period of days."""
    return f"{membership.organisation} {membership.since.isoformat()}/{'' if membership.until is None else membership.until.isoformat()}"
