"""Extracts for BI, in pages: every row of the history once, by number, and citizens as of now (epic AC 1005.17.28.4).

A client that continues after the last number it has read gets the rows added since. Not here: files and pseudonyms
(`vos_simulators.bi`).
"""

from __future__ import annotations

from vos_contracts.control.operations import CitizenRow, ExtractPage, RegistrationRow
from vos_reference.application.runtime import Runtime
from vos_reference.domain.person import Membership, Person, Registration


def registrations(runtime: Runtime, after: int, count: int) -> ExtractPage:
    """Return the next page of the history, at most `count` rows after the number `after`.

    Raises:
        StoreUnavailable: the page cannot be read now.
    """
    with runtime.store.reading() as t:
        findings = t.rows_after(after, count)
        generation = t.generation()
    return ExtractPage(
        generation=generation,
        next_item=findings[-1][0] if findings else after,
        registrations=tuple(_registration(*finding) for finding in findings),
    )


def citizens(runtime: Runtime, after: int, count: int) -> ExtractPage:
    """Return the next page of new or changed citizens, at most `count` after the number `after`.

    Raises:
        StoreUnavailable: the page cannot be read now.
    """
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
    """Format a membership as `type/code since/until`, with an empty `until` for one without an end."""
    until = "" if membership.until is None else membership.until.isoformat()
    return f"{membership.organisation} {membership.since.isoformat()}/{until}"
