"""What STAR's neighbour services tell VisiteringOgStatus, as values.

The enrolment, sickness, absence and flexjob services are not the service under test; what follows for contact group and
person category is decided in its domain and nowhere else. Not here: the JSON of the internal interface (`control.neighbours`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vos_contracts.model.identity import Identitet

TJENESTER = ("UnemploymentEnrollmentService", "IllnessCompositeService", "IllnessRecoveryInformationService")
"""The neighbour services that stand on the stage by SOAP; each can be left out."""


class Sygekilde(StrEnum):
    """Who tells of sickness: an absence (IllnessCompositeService), or a KSD case from work or from unemployment."""

    FRAVAER = "fravaer"
    BESKAEFTIGELSE = "beskaeftigelse"
    LEDIGHED = "ledighed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tilmeld:
    """Enrol as a job-seeker from that day, or change the enrolment category."""

    kategori: int
    ledighedsgrad: int
    dato: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Afmeld:
    """End the enrolment on that day, today or later."""

    dato: date
    aarsag: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sygemeld:
    """Report sickness from that day; `til` is the last day of a closed period."""

    id: str
    kilde: Sygekilde
    fra: date
    til: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gruppeskift:
    """The contact group that a recovery opens; None as type ends the open one."""

    type: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gentilmelding:
    """The enrolment that a recovery makes."""

    kategori: int
    ledighedsgrad: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Raskmeld:
    """Report recovery on that day, past, present or future, and what else is registered in the same call."""

    id: str
    dato: date
    tilmelding: Gentilmelding | None = None
    gruppe: Gruppeskift | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrerFravaer:
    """Register an absence of one type."""

    id: str
    type: int
    fra: date
    til: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AfslutFravaer:
    """End an absence; `til` is the first day without it."""

    id: str
    til: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrerFleksjob:
    """Register a flexjob activity in the citizen's plan; the batch job moves the contact group."""

    id: str
    fra: date
    til: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AfslutFleksjob:
    """End a flexjob activity; `til` is the first day without it."""

    id: str
    til: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrerTillaeg:
    """Grant aktivitetstillaeg from that day."""

    id: str
    fra: date


Nabokommando = (
    Tilmeld
    | Afmeld
    | Sygemeld
    | Raskmeld
    | RegistrerFravaer
    | AfslutFravaer
    | RegistrerFleksjob
    | AfslutFleksjob
    | RegistrerTillaeg
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nabokald:
    """One call over the internal interface; `tjeneste` is `Service.Metode`, for the access matrix."""

    tjeneste: str
    cpr: str
    identitet: Identitet
    kommando: Nabokommando
