"""What STAR's neighbour services tell VisiteringOgStatus, as values.

The enrolment, sickness, absence and flexjob services are not the service under test; what follows for contact group and
person category is decided in its domain and nowhere else. Not here: the JSON of the internal interface (`control.neighbours`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vos_contracts.model.identity import Identity

SERVICES = ("UnemploymentEnrollmentService", "IllnessCompositeService", "IllnessRecoveryInformationService")
"""The neighbour services that stand on the stage by SOAP; each can be left out."""


class IllnessSource(StrEnum):
    """Who tells of sickness: an absence (IllnessCompositeService), or a KSD case from work or from unemployment."""

    FRAVAER = "fravaer"
    EMPLOYMENT = "employment"
    UNEMPLOYMENT = "unemployment"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTilmelding:
    """Enrol as a job-seeker from that day, or change the enrolment category."""

    category: int
    unemployment_degree: int
    on_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EndTilmelding:
    """End the enrolment on that day, today or later."""

    on_date: date
    cause: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportIllness:
    """Report sickness from that day; `until` is the last day of a closed period."""

    id: str
    source: IllnessSource
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupChange:
    """The contact group that a recovery opens; None as type ends the open one."""

    type: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReEnrolment:
    """The enrolment that a recovery makes."""

    category: int
    unemployment_degree: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRecovery:
    """Report recovery on that day, past, present or future, and what else is registered in the same call."""

    id: str
    on_date: date
    tilmelding: ReEnrolment | None = None
    group: GroupChange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFravaer:
    """Register an absence of one type."""

    id: str
    type: int
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndFravaer:
    """End an absence; `until` is the first day without it."""

    id: str
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFleksjob:
    """Register a flexjob activity in the citizen's plan; the batch job moves the contact group."""

    id: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndFleksjob:
    """End a flexjob activity; `until` is the first day without it."""

    id: str
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterAktivitetstillaeg:
    """Grant aktivitetstillaeg from that day."""

    id: str
    since: date


NeighbourCommand = (
    CreateTilmelding
    | EndTilmelding
    | ReportIllness
    | ReportRecovery
    | RegisterFravaer
    | EndFravaer
    | RegisterFleksjob
    | EndFleksjob
    | RegisterAktivitetstillaeg
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighbourCall:
    """One call over the internal interface; `service` is `Service.Method`, for the access matrix."""

    service: str
    cpr: str
    identity: Identity
    command: NeighbourCommand
