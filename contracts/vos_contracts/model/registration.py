"""The registrations of PersonVisiteringService v1 and PersonRegistrationService v9 as values, the same for both channels.

Type, event time and start time are absent from an update: they cannot be changed (epic AC 1005.17.28.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from vos_contracts.model.identity import Organisation


class Art(StrEnum):
    """What is registered: a contact group or a person category."""

    KONTAKTGRUPPE = "kontaktgruppe"
    PERSONKATEGORI = "personkategori"

    @property
    def navn(self) -> str:
        """The name as STAR writes it in method names."""
        return self.value.capitalize()

    @property
    def flertal(self) -> str:
        """The plural, as STAR writes it in method names."""
        return {Art.KONTAKTGRUPPE: "Kontaktgrupper", Art.PERSONKATEGORI: "Personkategorier"}[self]


class Aendringstype(IntEnum):
    """What happened to a registration; the numbers are the WSB's (starwiki FYS/4342317058)."""

    OPRETTET = 1
    AENDRET = 2
    SLETTET = 3


@dataclass(frozen=True, slots=True)
class Opret:
    """Register a new contact group or category; `id` is the caller's own identifier or None."""

    art: Art
    type: int
    start: datetime
    haendelse: datetime | None = None
    slut: datetime | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Opdater:
    """Set the end time of a registration."""

    art: Art
    id: str
    slut: datetime | None


@dataclass(frozen=True, slots=True)
class Slet:
    """Delete an erroneous registration; its rows stay in the history."""

    art: Art
    id: str


Registreringskommando = Opret | Opdater | Slet


def metode(kommando: Registreringskommando) -> str:
    """Name the PersonVisiteringService method that a command is, for access and error tables."""
    match kommando:
        case Opret(id=None):
            return f"Create{kommando.art.navn}"
        case Opret():
            return f"Create{kommando.art.navn}MedIdentifier"
        case Opdater():
            return f"Update{kommando.art.navn}"
        case Slet():
            return f"Delete{kommando.art.navn}"


def soapmetode(kommando: Opret | Opdater) -> str:
    """Name the PersonRegistrationService operation that a command is; an own identifier makes no other of it."""
    verbum = "Create" if isinstance(kommando, Opret) else "Update"
    return verbum + {Art.KONTAKTGRUPPE: "ContactGroup", Art.PERSONKATEGORI: "PersonCategory"}[kommando.art]


@dataclass(frozen=True, slots=True)
class Visning:
    """One registration or one row of its history, as a read returns it."""

    art: Art
    id: str
    type: int
    haendelse: datetime | None
    start: datetime
    slut: datetime | None
    er_slettet: bool
    er_aktuel: bool
    myndighed: Organisation
    registreret: datetime
