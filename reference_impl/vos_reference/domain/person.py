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

from vos_contracts.koder.aktoerer import Organisationstype
from vos_contracts.model.identity import Identitet, Organisation
from vos_contracts.model.neighbours import Gentilmelding, Gruppeskift
from vos_contracts.model.registration import Art
from vos_reference.domain.tid import dansk_dag

ALTID = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Registrering:
    """One row of the history of one contact group or person category."""

    id: str
    art: Art
    type: int
    haendelse: datetime | None
    start: datetime
    slut: datetime | None
    er_slettet: bool
    registrant: Identitet
    registreret: datetime

    def aaben(self, now: datetime) -> bool:
        """Say whether the registration is in force or still to come; one that ends today is ended, whatever the hour."""
        return not self.er_slettet and (self.slut is None or dansk_dag(self.slut) > dansk_dag(now))

    def afsluttet(self, slut: datetime, registrant: Identitet, now: datetime) -> Self:
        """Return the row that ends this registration, never before it began."""
        return replace(self, slut=max(slut, self.start), registrant=registrant, registreret=now)

    def may_be_deleted_by(self, identitet: Identitet) -> bool:
        """Say whether the caller is the authority that made the registration, or STAR; nobody else deletes it."""
        return identitet.aktiv == self.registrant.aktiv or identitet.aktiv.type == Organisationstype.STAR


@dataclass(frozen=True, slots=True)
class Tilknytning:
    """A membership of an authority - municipality, jobcentre, fund, operator - in a half-open period of days."""

    organisation: Organisation
    fra: date
    til: date | None = None

    def gaelder(self, dag: date) -> bool:
        """Say whether the membership holds on that day."""
        return self.fra <= dag and (self.til is None or dag < self.til)


@dataclass(frozen=True, slots=True)
class Tilmelding:
    """An enrolment as a job-seeker, by its category; `til` is the first day without it, also when it lies ahead."""

    kategori: int
    fra: date = ALTID
    til: date | None = None
    registrant: Identitet | None = None


@dataclass(frozen=True, slots=True)
class Fravaer:
    """An absence of one type in a half-open period of days."""

    type: int
    fra: date
    til: date | None = None
    id: str = ""

    def gaelder(self, dag: date) -> bool:
        """Say whether the absence is open on that day or later."""
        return self.til is None or dag < self.til


@dataclass(frozen=True, slots=True)
class Forloeb:
    """A flexjob activity or an aktivitetstillaeg in a half-open period of days."""

    id: str
    fra: date
    til: date | None = None

    def gaelder(self, dag: date) -> bool:
        """Say whether it holds on that day."""
        return self.fra <= dag and (self.til is None or dag < self.til)


@dataclass(frozen=True, slots=True)
class Raskmelding:
    """A recovery that is registered and not yet carried out: when, by whom, and what it was to register as well."""

    dato: date
    registrant: Identitet
    tilmelding: Gentilmelding | None = None
    gruppe: Gruppeskift | None = None


@dataclass(frozen=True, slots=True)
class Sygdom:
    """The open sickness and what the citizen came from; `begyndt` is False while its first day lies ahead.

    `kontaktgruppe` is 24 or 25 for a KSD case, None for an absence alone; `til` is the last day of a closed period.
    """

    id: str
    fra: date
    kontaktgruppe: int | None
    registrant: Identitet
    begyndt: bool = True
    til: date | None = None
    fravaer_id: str = ""
    husket_gruppe: int | None = None
    husket_tilmeldekategori: int | None = None
    raskmelding: Raskmelding | None = None


@dataclass(frozen=True)
class Person:
    """A snapshot of one citizen; `historik` is oldest first."""

    id: str
    cpr: str
    foedt: date
    doed: date | None = None
    tilknytninger: tuple[Tilknytning, ...] = ()
    gaester: tuple[Tilknytning, ...] = ()
    tilmelding: Tilmelding | None = None
    tidligere_tilmeldinger: tuple[Tilmelding, ...] = ()
    fravaer: tuple[Fravaer, ...] = ()
    fleksjob: tuple[Forloeb, ...] = ()
    tillaeg: tuple[Forloeb, ...] = ()
    sygdom: Sygdom | None = None
    historik: tuple[Registrering, ...] = ()

    @cached_property
    def registreringer(self) -> dict[str, Registrering]:
        """The latest row of each registration, by id."""
        return {raekke.id: raekke for raekke in self.historik}

    @property
    def master_data(self) -> tuple[object, ...]:
        """What the extract of citizens numbers the changes of: number, birth, death, memberships."""
        return self.cpr, self.foedt, self.doed, self.tilknytninger

    def aaben(self, art: Art, now: datetime) -> Registrering | None:
        """Return the open registration of that kind, if any; there is never more than one."""
        for raekke in reversed(self.registreringer.values()):
            if raekke.art is art and raekke.aaben(now):
                return raekke
        return None

    def find(self, art: Art, id: str) -> Registrering | None:
        """Return the registration of that kind and id; None if there is none or it was deleted."""
        raekke = self.registreringer.get(id)
        return raekke if raekke is not None and raekke.art is art and not raekke.er_slettet else None

    def tilknyttet(self, organisationstype: int, dag: date) -> Organisation | None:
        """Return the citizen's organisation of that type on that day, if any."""
        for en in self.tilknytninger:
            if en.organisation.type == organisationstype and en.gaelder(dag):
                return en.organisation
        return None

    def med(self, raekker: Iterable[Registrering]) -> Person:
        """Return the citizen with these rows added to the history."""
        return replace(self, historik=(*self.historik, *raekker))
