"""What a reader sees: the current registrations, one, or the history - and what an a-kasse does not see.

Epic AC 1005.17.28.8: twelve contact groups, four years back, never a person category; the filter is in the data, not in
the access check.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from vos_contracts.contract import Contract
from vos_contracts.model.identity import Identity
from vos_contracts.model.registration import Kind, View
from vos_contracts.tables.access import OrganisationType
from vos_reference.domain.danish_time import danish_day
from vos_reference.domain.person import Person, Registration

AKASSE_YEAR = 4


@dataclass(frozen=True, slots=True)
class Shown:
    """One registration or one row of its history, as a reader sees it."""

    registration: Registration
    is_current: bool

    def view(self) -> View:
        """Return it as the contract's value."""
        item = self.registration
        return View(
            item.kind,
            item.id,
            item.type,
            item.event,
            item.start,
            item.end,
            item.is_deleted,
            self.is_current,
            item.registrant.active,
            item.registered,
        )


def current(person: Person, kind: Kind, reader: Identity, now: datetime, contract: Contract) -> tuple[Shown, ...]:
    """List the registrations that are open now."""
    open = (row for row in person.registrations.values() if row.kind is kind and row.is_open(now))
    return tuple(Shown(row, True) for row in _visible(person, open, reader, now, contract))


def en(person: Person, kind: Kind, id: str, reader: Identity, now: datetime, contract: Contract) -> Shown | None:
    """Return one registration as it stands, open or ended; None if unknown, deleted or hidden from the reader."""
    row = person.registrations.get(id)
    if row is None or row.kind is not kind or row.is_deleted:
        return None
    return next((Shown(en_, True) for en_ in _visible(person, (row,), reader, now, contract)), None)


def history(person: Person, kind: Kind, reader: Identity, now: datetime, contract: Contract) -> tuple[Shown, ...]:
    """List one row for every registration and change, newest first; the latest row of each that stands is current."""
    rows = (row for row in reversed(person.history) if row.kind is kind)
    return tuple(
        Shown(row, row is person.registrations[row.id] and not row.is_deleted)
        for row in _visible(person, rows, reader, now, contract)
    )


def _visible(
    person: Person, rows: Iterable[Registration], reader: Identity, now: datetime, contract: Contract
) -> Iterable[Registration]:
    """Leave out what an a-kasse does not see; how long ago is by how the registration stands now, not by the row."""
    if reader.active.type != OrganisationType.AKASSE:
        return rows
    limit = _years_before(danish_day(now), AKASSE_YEAR)
    return (
        row
        for row in rows
        if row.kind is Kind.KONTAKTGRUPPE
        and contract.group_rules[row.type].akasse_sees
        and _ended_since(person.registrations[row.id], limit)
    )


def _ended_since(stands: Registration, limit: date) -> bool:
    return stands.end is None or danish_day(stands.end) >= limit


def _years_before(day: date, year: int) -> date:
    try:
        return day.replace(year=day.year - year)
    except ValueError:  # 29 February in a year that has none
        return day.replace(year=day.year - year, day=28)
