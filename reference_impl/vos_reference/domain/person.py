"""A citizen as the rules see one: registrations, enrolment, illness, absences and memberships, as frozen values.

Registrations refer to the citizen's id; the CPR number is a pointer to it (the epic's "pegepind") that a CPR change moves.
The history is append-only: a change of a registration is a new row with the same id. Periods of days are half-open: the
last day is excluded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Self

from vos_contracts.model.identity import Identity, Organisation
from vos_contracts.model.neighbours import GroupChange, ReEnrolment
from vos_contracts.model.reading import Helbredsbegraensning
from vos_contracts.model.registration import Kind
from vos_contracts.tables.access import OrganisationType
from vos_reference.domain.danish_time import danish_day

ALWAYS = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Registration:
    """One row of the history of one kontaktgruppe or personkategori.

    `registrant` and `registered` belong to this row, not to the first one. `event` is the time of the underlying event, where
    it differs from the start.
    """

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
        """Return whether the registration is in force or still to come.

        One that ends today counts as ended from the start of the Danish day, whatever the hour of its end.
        """
        return not self.is_deleted and (self.end is None or danish_day(self.end) > danish_day(now))

    def ended(self, end: datetime, registrant: Identity, now: datetime) -> Self:
        """Return the row that ends this registration at `end`, or at its start if that is later."""
        return replace(self, end=max(end, self.start), registrant=registrant, registered=now)

    def may_be_deleted_by(self, identity: Identity) -> bool:
        """Return whether the caller may delete the registration: the authority that registered it, or STAR."""
        return identity.active == self.registrant.active or identity.active.type == OrganisationType.STAR


@dataclass(frozen=True, slots=True)
class Membership:
    """The citizen belongs to an authority (kommune, jobcenter, akasse, operator) in a period of days."""

    organisation: Organisation
    since: date
    until: date | None = None

    def is_valid(self, day: date) -> bool:
        """Return whether the day is in the period."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Tilmelding:
    """An enrolment as a job-seeker; `category` is the tilmeldekategori, `until` the first day without it, past or future."""

    category: int
    since: date = ALWAYS
    until: date | None = None
    registrant: Identity | None = None


@dataclass(frozen=True, slots=True)
class Fravaer:
    """An absence of one type (fravaerstype) in a period of days."""

    type: int
    since: date
    until: date | None = None
    id: str = ""

    def is_valid(self, day: date) -> bool:
        """Return whether the absence is open on that day or starts later."""
        return self.until is None or day < self.until


@dataclass(frozen=True, slots=True)
class Period:
    """A fleksjob activity or an aktivitetstillaeg in a period of days."""

    id: str
    since: date
    until: date | None = None

    def is_valid(self, day: date) -> bool:
        """Return whether the day is in the period."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Recovery:
    """A recovery that is registered and not yet carried out: its day, its reporter, and the enrolment and group asked for."""

    on_date: date
    registrant: Identity
    tilmelding: ReEnrolment | None = None
    group: GroupChange | None = None


@dataclass(frozen=True, slots=True)
class Illness:
    """The citizen's current or planned illness; `begun` is False until its first day.

    `kontaktgruppe` is 24 or 25 for a KSD case, None for an absence only; `until` is the last day of a closed period. The
    remembered group and tilmeldekategori are those from before the illness.
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
    """A snapshot of one citizen; `history` is oldest first, `illness` None for a citizen who is not ill."""

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
    helbredsbegraensninger: tuple[Helbredsbegraensning, ...] = ()
    illness: Illness | None = None
    history: tuple[Registration, ...] = ()

    @cached_property
    def registrations(self) -> dict[str, Registration]:
        """The newest row of each registration, by id."""
        return {row.id: row for row in self.history}

    @property
    def master_data(self) -> tuple[object, ...]:
        """The fields whose changes the extract of citizens reports."""
        return self.cpr, self.born, self.dead, self.memberships

    def open_registration(self, kind: Kind, now: datetime) -> Registration | None:
        """Return the open registration of that kind, or None; the rules allow at most one."""
        for row in reversed(self.registrations.values()):
            if row.kind is kind and row.is_open(now):
                return row
        return None

    def beyond(self, kind: Kind, instant: datetime) -> Iterator[Registration]:
        """Yield the registrations of that kind that hold after the instant, oldest first."""
        for row in self.registrations.values():
            if row.kind is kind and not row.is_deleted and (row.end is None or row.end > max(instant, row.start)):
                yield row

    def find(self, kind: Kind, id: str) -> Registration | None:
        """Return the newest row of the registration with that kind and id; None if there is none or it is deleted."""
        row = self.registrations.get(id)
        return row if row is not None and row.kind is kind and not row.is_deleted else None

    def authority_of_type(self, organisation_type: int, day: date) -> Organisation | None:
        """Return the citizen's authority of that type on that day, or None."""
        for membership in self.memberships:
            if membership.organisation.type == organisation_type and membership.is_valid(day):
                return membership.organisation
        return None

    def with_(self, rows: Iterable[Registration]) -> Person:
        """Return the citizen with these rows appended to the history."""
        return replace(self, history=(*self.history, *rows))
