"""A decision: carried out, with rows and events, or refused, with every error that could be established.

A refusal is a value; it never shares a type with a wire breach or with our own bugs (DESIGN rule 2).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from vos_contracts.koder.fejl import Fejl, sorteret
from vos_contracts.koder.udgave import Udgave
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.identity import Identitet
from vos_reference.domain.haendelser import Aendret, Haendelse, Oprettet
from vos_reference.domain.person import Person, Registrering
from vos_reference.domain.tid import dansk_dag


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


@dataclass(frozen=True, slots=True)
class Vilkaar:
    """What a decision rests on besides the citizen: the instant, the release, the contract's tables, the caller, new ids."""

    now: datetime
    udgave: Udgave
    kontrakt: Kontrakt
    kalder: Kalder
    nye: NyeIder = NyeIder()

    @property
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
        person = self.person.med(haendelse.registrering for haendelse in alle)
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
