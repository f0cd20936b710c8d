"""A decision and what it rests on: the events that happened, the rows they left, or every error that could be established.

A refusal is a value; it never shares a type with a wire breach or with our own bugs. The events are the facts from which
every message follows (`recipients`). Also here: what contact groups and person categories have in common.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import ClassVar

from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl, sorteret
from vos_contracts.koder.udgave import Udgave
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.identity import Identitet
from vos_contracts.model.registration import Aendringstype, Opret
from vos_reference.domain.person import Person, Registrering
from vos_reference.domain.tid import dansk_dag


@dataclass(frozen=True, slots=True)
class Oprettet:
    """A registration was made."""

    aendringstype: ClassVar[Aendringstype] = Aendringstype.OPRETTET
    registrering: Registrering


@dataclass(frozen=True, slots=True)
class Aendret:
    """The end of a registration was set; `efterfoelger` is the one that takes over, None if it closes altogether."""

    aendringstype: ClassVar[Aendringstype] = Aendringstype.AENDRET
    registrering: Registrering
    efterfoelger: Registrering | None = None


@dataclass(frozen=True, slots=True)
class Slettet:
    """A registration was deleted as erroneous."""

    aendringstype: ClassVar[Aendringstype] = Aendringstype.SLETTET
    registrering: Registrering


@dataclass(frozen=True, slots=True)
class CprSkiftet:
    """The citizen's data are found under a new number; it touches no registration."""

    gammelt: str
    nyt: str
    registrant: Identitet


Haendelse = Oprettet | Aendret | Slettet


@dataclass(frozen=True, slots=True)
class Kalder:
    """The caller and the channel: `klassisk_soap` when SOAP reaches the domain without the converter."""

    identitet: Identitet
    klassisk_soap: bool = False


@dataclass(frozen=True, slots=True)
class NyeIder:
    """Identifiers for what a decision may have to open: it mints none itself."""

    kontaktgruppe: str = "ny-kontaktgruppe"
    personkategori: str = "ny-personkategori"


@dataclass(frozen=True)
class Vilkaar:
    """What a decision rests on besides the citizen: the instant, the release, the contract's tables, the caller, new ids."""

    now: datetime
    udgave: Udgave
    kontrakt: Kontrakt
    kalder: Kalder
    nye: NyeIder = NyeIder()

    @cached_property
    def dag(self) -> date:
        """The day in Denmark."""
        return dansk_dag(self.now)


@dataclass(frozen=True, slots=True)
class Udfoert:
    """The command was carried out: `id` names the registration, `person` is the citizen afterwards."""

    id: str
    person: Person
    haendelser: tuple[Haendelse, ...]

    @property
    def raekker(self) -> tuple[Registrering, ...]:
        """The new rows of the history, in order."""
        return tuple(haendelse.registrering for haendelse in self.haendelser)

    def med(self, afledte: Iterable[Haendelse]) -> Udfoert:
        """Return the decision with what followed from it."""
        alle = tuple(afledte)
        if not alle:
            return self
        person = self.person.med([haendelse.registrering for haendelse in alle])
        return Udfoert(self.id, person, (*self.haendelser, *alle))


@dataclass(frozen=True, slots=True)
class Afvist:
    """The command was refused and nothing changed; errors are sorted by number."""

    fejl: tuple[Fejl, ...]


Beslutning = Udfoert | Afvist


def afvist(*fejl: Fejl) -> Afvist:
    """Refuse with these errors."""
    return Afvist(sorteret(fejl))


def udfoert(id: str, person: Person, haendelser: Iterable[Haendelse]) -> Udfoert:
    """Carry out: the events' rows become the newest of the citizen's history."""
    return Udfoert(id, person, ()).med(haendelser)


def aabning(ny: Registrering, forrige: Registrering | None, vilkaar: Vilkaar) -> tuple[Haendelse, ...]:
    """Open a registration; an open one of the same kind ends where the new one starts."""
    if forrige is None:
        return (Oprettet(ny),)
    lukket = forrige.afsluttet(ny.start, vilkaar.kalder.identitet, vilkaar.now)
    return (Aendret(lukket, efterfoelger=ny), Oprettet(ny))


def first_row(kommando: Opret, id: str, vilkaar: Vilkaar) -> Registrering:
    """Return the first row of a registration."""
    return Registrering(
        id=id,
        art=kommando.art,
        type=kommando.type,
        haendelse=kommando.haendelse,
        start=kommando.start,
        slut=kommando.slut,
        er_slettet=False,
        registrant=vilkaar.kalder.identitet,
        registreret=vilkaar.now,
    )


def start_errors(kommando: Opret, vilkaar: Vilkaar) -> Iterator[Fejl]:
    """4703: a registration starts today, by the Danish calendar; and it ends no earlier than it starts."""
    if dansk_dag(kommando.start) != dansk_dag(vilkaar.now):
        yield Fejl(4703)
    if kommando.slut is not None:
        yield from end_errors(kommando.slut, kommando.start)


def end_errors(slut: datetime | None, start: datetime | None = None) -> Iterator[Fejl]:
    """The end must be given on an update, and not lie before the start."""
    if slut is None:
        yield Fejl(VALIDERER_IKKE, "sluttidspunkt: skal angives")
    elif start is not None and slut < start:
        yield Fejl(VALIDERER_IKKE, "sluttidspunkt: må ikke ligge før starttidspunkt")
