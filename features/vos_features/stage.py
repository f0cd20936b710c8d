"""The stage as the suite is told of it: addresses, what it can do, who may be played on it, which citizens it has.

Values only, so that a run can hand them to another process. Not here: how a target is written (`settings.target`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from vos_contracts.control.stage import PersonDto
from vos_contracts.model.identity import Bruger, Organisation
from vos_features.capabilities import Evne
from vos_simulators.access import TIDSFRIST_S, Adgang

UDEN_CERTIFIKAT = Adgang()
KALDER = "jobcentret"


@dataclass(frozen=True, slots=True)
class Rolle:
    """Who one may be in a role on this stage: the authority, the system and its certificate, and the user if not ours."""

    organisation: Organisation
    system: int = 0
    adgang: Adgang | None = None
    bruger: Bruger | None = None
    bruger_organisation: Organisation | None = None


@dataclass(frozen=True, slots=True)
class Webhookplads:
    """A webhook that the stage already delivers a role's messages to: the subscriber system, and our port on loopback."""

    system: str
    port: int


@dataclass(frozen=True, slots=True)
class Scenen:
    """One stage; `styring` None is a stage without a control API, which then must say its release (`udgave`) itself.

    `adresser` are those services that have an address of their own, by name. `roller` empty: everybody may be played, as
    the simulators are. `ur` is what the stage's time is where it cannot be asked. `frist` in seconds.
    """

    tjenester: str
    styring: str | None = None
    kontrakt: Path | None = None
    evner: frozenset[Evne] = frozenset(Evne)
    udgave: str | None = None
    ur: Callable[[], datetime] | None = None
    adresser: Mapping[str, str] = field(default_factory=dict)
    adgang: Adgang = UDEN_CERTIFIKAT
    roller: Mapping[str, Rolle] = field(default_factory=dict)
    pulje: tuple[PersonDto, ...] = ()
    webhooks: Mapping[str, Webhookplads] = field(default_factory=dict)
    frist: float = TIDSFRIST_S
    ro: float = 1.0
    """Seconds without a message after which a stage whose clock cannot be moved is taken to have sent all."""

    @property
    def kalder(self) -> str:
        """The role that calls where no scene says who does: jobcentret, or the first that one may be."""
        return KALDER if not self.roller or KALDER in self.roller else next(iter(self.roller))

    def adgang_som(self, rolle: str) -> Adgang:
        """Return what is shown on TLS in that role."""
        egen = self.roller.get(rolle)
        return self.adgang if egen is None or egen.adgang is None else egen.adgang
