"""The commands that STAR's neighbour services send to VisiteringOgStatus, as values.

The services for enrolment, sickness, absence and fleksjob are not under test. The consequences for kontaktgruppe and
personkategori are decided in the domain of VisiteringOgStatus only. Not here: the JSON of the interface (`control.neighbours`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vos_contracts.model.identity import Identity

SERVICES = ("UnemploymentEnrollmentService", "IllnessCompositeService", "IllnessRecoveryInformationService")
"""The neighbour services that the stage offers over SOAP; each can be left out."""


class IllnessSource(StrEnum):
    """The source of a report of sickness: an absence (IllnessCompositeService), or a KSD case from work or unemployment."""

    FRAVAER = "fravaer"
    EMPLOYMENT = "employment"
    UNEMPLOYMENT = "unemployment"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTilmelding:
    """Create a tilmelding as a job-seeker from that day, or change its tilmeldekategori."""

    category: int
    unemployment_degree: int
    on_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EndTilmelding:
    """End the tilmelding on that day, today or later."""

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
    """The kontaktgruppe that a recovery opens; type None ends the open one."""

    type: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReEnrolment:
    """The tilmelding that a recovery creates."""

    category: int
    unemployment_degree: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRecovery:
    """Report recovery on that day, past or future, with the tilmelding and kontaktgruppe registered in the same call."""

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
    """Register a fleksjob in the citizen's plan; a nightly job moves the kontaktgruppe."""

    id: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndFleksjob:
    """End a fleksjob; `until` is the first day without it."""

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
