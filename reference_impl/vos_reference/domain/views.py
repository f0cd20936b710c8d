"""The registrations that a reader sees: the current ones, one by id, or the history.

An akasse sees twelve kontaktgrupper, four years back, and never a personkategori; the filter applies to the data, not to
the access check (epic AC 1005.17.28.8).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from vos_contracts.contract import Contract
from vos_contracts.model.identity import Identity
from vos_contracts.model.registration import Kind, RegistrationView
from vos_contracts.tables.access import OrganisationType
from vos_reference.domain.danish_time import danish_day
from vos_reference.domain.person import Person, Registration

AKASSE_YEARS = 4


@dataclass(frozen=True, slots=True)
class Shown:
    """One row as a reader sees it; `is_current` is true for the newest row of a registration that is not deleted."""

    registration: Registration
    is_current: bool

    def view(self) -> RegistrationView:
        """Return the row as a value of the contract."""
        item = self.registration
        return RegistrationView(
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
    open_rows = (row for row in person.registrations.values() if row.kind is kind and row.is_open(now))
    return tuple(Shown(row, True) for row in _visible(person, open_rows, reader, now, contract))


def single(person: Person, kind: Kind, id: str, reader: Identity, now: datetime, contract: Contract) -> Shown | None:
    """Return the newest row of one registration, open or ended; None if unknown, deleted or hidden from the reader."""
    row = person.registrations.get(id)
    if row is None or row.kind is not kind or row.is_deleted:
        return None
    return next((Shown(visible, True) for visible in _visible(person, (row,), reader, now, contract)), None)


def history(person: Person, kind: Kind, reader: Identity, now: datetime, contract: Contract) -> tuple[Shown, ...]:
    """List the rows of every registration and change, newest first."""
    rows = (row for row in reversed(person.history) if row.kind is kind)
    return tuple(
        Shown(row, row is person.registrations[row.id] and not row.is_deleted)
        for row in _visible(person, rows, reader, now, contract)
    )


def _visible(
    person: Person, rows: Iterable[Registration], reader: Identity, now: datetime, contract: Contract
) -> Iterable[Registration]:
    """Filter the rows for an akasse; the four years count from the registration's present end, not from the row's."""
    if reader.active.type != OrganisationType.AKASSE:
        return rows
    limit = _years_before(danish_day(now), AKASSE_YEARS)
    return (
        row
        for row in rows
        if row.kind is Kind.KONTAKTGRUPPE
        and contract.group_rules[row.type].visible_to_akasse
        and _ended_since(person.registrations[row.id], limit)
    )


def _ended_since(stands: Registration, limit: date) -> bool:
    return stands.end is None or danish_day(stands.end) >= limit


def _years_before(day: date, year: int) -> date:
    try:
        return day.replace(year=day.year - year)
    except ValueError:  # 29 February in a year that has none
        return day.replace(year=day.year - year, day=28)
