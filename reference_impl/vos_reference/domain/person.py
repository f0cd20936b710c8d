"""A citizen as rules see one: registrations, enrolment, sickness, absences and memberships, all frozen.

The id is the epic's "pegepind": registrations hang on it, a CPR change moves only the pointer. A registration is a row of
the history; a change is a new row with the same id, and no row is ever altered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Self

from vos_contracts.model.identity import Identity, Organisation
from vos_contracts.model.neighbours import GroupChange, ReEnrolment
from vos_contracts.model.registration import Kind
from vos_contracts.tables.access import OrganisationType
from vos_reference.domain.danish_time import danish_day

ALWAYS = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Registration:
    """One row of the history of one contact group or person category."""

    id: str
    kind: Kind
    type: int
    event: datetime | None
    start: datetime
    end: datetime | None
    is_deleted: bool
    registrant: Identity
    registered: datetime

    def is_open(self, now: datetime) -> bool:
        """Say whether the registration is in force or still to come; one that ends today is ended, whatever the hour."""
        return not self.is_deleted and (self.end is None or danish_day(self.end) > danish_day(now))

    def ended(self, end: datetime, registrant: Identity, now: datetime) -> Self:
        """Return the row that ends this registration, never before it began."""
        return replace(self, end=max(end, self.start), registrant=registrant, registered=now)

    def may_be_deleted_by(self, identity: Identity) -> bool:
        """Say whether the caller is the authority that made the registration, or STAR; nobody else deletes it."""
        return identity.active == self.registrant.active or identity.active.type == OrganisationType.STAR


@dataclass(frozen=True, slots=True)
class Membership:
    """A membership of an authority - municipality, jobcentre, fund, operator - in a half-open period of days."""

    organisation: Organisation
    since: date
    until: date | None = None

    def is_valid(self, day: date) -> bool:
        """Say whether the membership holds on that day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Tilmelding:
    """An enrolment as a job-seeker, by its category; `until` is the first day without it, also when it lies ahead."""

    category: int
    since: date = ALWAYS
    until: date | None = None
    registrant: Identity | None = None


@dataclass(frozen=True, slots=True)
class Fravaer:
    """An absence of one type in a half-open period of days."""

    type: int
    since: date
    until: date | None = None
    id: str = ""

    def is_valid(self, day: date) -> bool:
        """Say whether the absence is open on that day or later."""
        return self.until is None or day < self.until


@dataclass(frozen=True, slots=True)
class Period:
    """A flexjob activity or an aktivitetstillaeg in a half-open period of days."""

    id: str
    since: date
    until: date | None = None

    def is_valid(self, day: date) -> bool:
        """Say whether it holds on that day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Recovery:
    """A recovery that is registered and not yet carried out: when, by whom, and what it was to register as well."""

    on_date: date
    registrant: Identity
    tilmelding: ReEnrolment | None = None
    group: GroupChange | None = None


@dataclass(frozen=True, slots=True)
class Illness:
    """The open sickness and what the citizen came from; `begun` is False while its first day lies ahead.

    `kontaktgruppe` is 24 or 25 for a KSD case, None for an absence alone; `until` is the last day of a closed period.
    """

    id: str
    since: date
    kontaktgruppe: int | None
    registrant: Identity
    begun: bool = True
    until: date | None = None
    fravaer_id: str = ""
    remembered_group: int | None = None
    remembered_tilmeldekategori: int | None = None
    recovery: Recovery | None = None


@dataclass(frozen=True)
class Person:
    """A snapshot of one citizen; `history` is oldest first."""

    id: str
    cpr: str
    born: date
    dead: date | None = None
    memberships: tuple[Membership, ...] = ()
    guests: tuple[Membership, ...] = ()
    tilmelding: Tilmelding | None = None
    former_tilmeldinger: tuple[Tilmelding, ...] = ()
    fravaer: tuple[Fravaer, ...] = ()
    fleksjob: tuple[Period, ...] = ()
    aktivitetstillaeg: tuple[Period, ...] = ()
    illness: Illness | None = None
    history: tuple[Registration, ...] = ()

    @cached_property
    def registrations(self) -> dict[str, Registration]:
        """The latest row of each registration, by id."""
        return {row.id: row for row in self.history}

    @property
    def master_data(self) -> tuple[object, ...]:
        """What the extract of citizens numbers the changes of: number, birth, death, memberships."""
        return self.cpr, self.born, self.dead, self.memberships

    def open_registration(self, kind: Kind, now: datetime) -> Registration | None:
        """Return the open registration of that kind, if any; there is never more than one."""
        for row in reversed(self.registrations.values()):
            if row.kind is kind and row.is_open(now):
                return row
        return None

    def find(self, kind: Kind, id: str) -> Registration | None:
        """Return the registration of that kind and id; None if there is none or it was deleted."""
        row = self.registrations.get(id)
        return row if row is not None and row.kind is kind and not row.is_deleted else None

    def affiliated(self, organisation_type: int, day: date) -> Organisation | None:
        """Return the citizen's organisation of that type on that day, if any."""
        for membership in self.memberships:
            if membership.organisation.type == organisation_type and membership.is_valid(day):
                return membership.organisation
        return None

    def with_(self, rows: Iterable[Registration]) -> Person:
        """Return the citizen with these rows added to the history."""
        return replace(self, history=(*self.history, *rows))
