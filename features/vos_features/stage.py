"""Description of a stage for the suite: addresses, capabilities, allowed roles, and its pool of citizens.

Plain values, so that a run can pass them to another process. Not here: the syntax of targets (`settings.target`).
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
    """The identity allowed for a role on this stage; unset fields keep the simulated identity."""

    organisation: Organisation
    system: int = 0
    access: Access | None = None
    user: User | None = None
    user_organisation: Organisation | None = None


@dataclass(frozen=True, slots=True)
class WebhookSlot:
    """A webhook that the stage is already configured to deliver to: the subscriber system, and our port on loopback."""

    system: str
    port: int


@dataclass(frozen=True, slots=True)
class StageAccess:
    """One stage; without `control` it has no control API, and `release` and `clock` must be given.

    `addresses` holds the services with an address of their own, by name. Empty `parties` allow every role with its simulated
    identity. `clock` returns the time of a stage without status. `deadline` is the timeout of a call in seconds.
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
    """Seconds without a message after which delivery is taken as complete on a stage whose clock cannot be moved."""

    @property
    def caller(self) -> str:
        """The role of calls outside scenarios: jobcentret, or the first allowed role."""
        return CALLER if not self.parties or CALLER in self.parties else next(iter(self.parties))

    def access_of(self, party: str) -> Access:
        """Return the TLS settings of that role."""
        own = self.parties.get(party)
        return self.access if own is None or own.access is None else own.access
