"""The stage as the suite is told of it: addresses, what it can do, who may be played on it, which citizens it has.

Values only, so that a run can hand them to another process. Not here: how a target is written (`settings.target`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from vos_contracts.control.stage import PersonDto
from vos_contracts.model.identity import Organisation, User
from vos_features.capabilities import Capability
from vos_simulators.access import TIMEOUT_S, Access

WITHOUT_CERTIFICATE = Access()
CALLER = "jobcentret"


@dataclass(frozen=True, slots=True)
class AllowedRole:
    """Who one may be in a role on this stage: the authority, the system and its certificate, and the user if not ours."""

    organisation: Organisation
    system: int = 0
    access: Access | None = None
    user: User | None = None
    user_organisation: Organisation | None = None


@dataclass(frozen=True, slots=True)
class WebhookSlot:
    """A webhook that the stage already delivers a role's messages to: the subscriber system, and our port on loopback."""

    system: str
    port: int


@dataclass(frozen=True, slots=True)
class StageAccess:
    """One stage; `control` None is a stage without a control API, which then must say its release (`release`) itself.

    `addresses` are those services that have an address of their own, by name. `parties` empty: everybody may be played, as
    the simulators are. `clock` is what the stage's time is where it cannot be asked. `deadline` in seconds.
    """

    services: str
    control: str | None = None
    contract: Path | None = None
    capabilities: frozenset[Capability] = frozenset(Capability)
    release: str | None = None
    clock: Callable[[], datetime] | None = None
    addresses: Mapping[str, str] = field(default_factory=dict)
    access: Access = WITHOUT_CERTIFICATE
    parties: Mapping[str, AllowedRole] = field(default_factory=dict)
    pool: tuple[PersonDto, ...] = ()
    webhooks: Mapping[str, WebhookSlot] = field(default_factory=dict)
    deadline: float = TIMEOUT_S
    quiet: float = 1.0
    """Seconds without a message after which a stage whose clock cannot be moved is taken to have sent all."""

    @property
    def caller(self) -> str:
        """The role that calls where no scene says who does: jobcentret, or the first that one may be."""
        return CALLER if not self.parties or CALLER in self.parties else next(iter(self.parties))

    def access_som(self, party: str) -> Access:
        """Return what is shown on TLS in that role."""
        own = self.parties.get(party)
        return self.access if own is None or own.access is None else own.access
