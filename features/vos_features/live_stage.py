"""The stage of a run while it is played on: its control API, clock, release and journal, and what it lets a scenario do.

Not here: who plays on it (`vos_features.cast`), or how it is reached (`vos_features.lines`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from vos_contracts.contract import Contract
from vos_contracts.control.journal import JournalEntry
from vos_contracts.control.stage import StatusDto
from vos_contracts.tables.releases import PrsSoap, Release
from vos_contracts.wire.base import Call, Transport
from vos_contracts.wire.instants import DANISH_TIME
from vos_contracts.wire.soap.schemas import services
from vos_features.capabilities import Capability, omit
from vos_features.lines import StageLines
from vos_features.stage import StageAccess
from vos_simulators.control import Control
from vos_simulators.neighbours.client import Neighbour
from vos_simulators.stage_reader import OperationsReader

NOT_FOUND = 404


class ReleaseSwitch:
    """The release that the stage plays, and whether the scenario itself chose it."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._before = self.current = ""
        self.chosen_by_scenario = False

    def begin(self, release: str) -> None:
        """Note the release that the stage plays when a scenario begins."""
        self._before = self.current = release
        self.chosen_by_scenario = False

    def switch(self, release: str) -> None:
        """Move the stage to a release because the scenario is about it: nothing is left out then."""
        if release != self.current:
            self._control.change_release(release)
        self.current, self.chosen_by_scenario = release, True

    def restore(self) -> None:
        """Move the stage back to the release that the scenario began in, if it chose another."""
        if self.chosen_by_scenario:
            self._control.change_release(self._before)


class ScenarioClock:
    """The stage clock as scenarios move it; `now` is the stage's time in Denmark when it was last read."""

    def __init__(self, control: Control, *, is_reset: bool) -> None:
        self._control = control
        self._is_reset = is_reset
        self.now = datetime.min.replace(tzinfo=DANISH_TIME)

    def begin(self, now: datetime) -> None:
        """Note the stage's time when a scenario begins."""
        self.now = now.astimezone(DANISH_TIME)

    def set(self, danish: datetime) -> None:
        """Set the clock to that Danish hour (no offset), and wait until what fell due on the way has settled.

        Leaves the scenario out where the hour has passed already: the clock of a stage that is not reset never goes back.
        """
        instant = danish.replace(tzinfo=DANISH_TIME)
        if self.now > instant and not self._is_reset:
            omit("scenens ur er gået videre, og det går aldrig baglæns")
        self.begin(self._control.move_clock(instant).clock)

    def advance(self, duration: str) -> None:
        """Move the clock forward by an ISO 8601 duration, and wait as `set`."""
        self.begin(self._control.move_clock(forward=duration).clock)


class JournalCursor:
    """Reads the stage's journal; of a stage that is reset, not much of what was before the scenario."""

    def __init__(self, control: Control, *, is_reset: bool) -> None:
        self._control = control
        self._is_reset = is_reset
        self._from = self._read_to = 0

    def begin(self) -> None:
        """Begin a scenario where the last read ended."""
        self._from = self._read_to

    def read(self) -> tuple[JournalEntry, ...]:
        """Return the entries of the scenario so far."""
        answer = self._control.journal(self._from if self._is_reset else 0)
        self._read_to = answer.next_item
        return answer.entries


class Gate:
    """Leaves a scenario out, with the reason in Danish, where the stage cannot do what the scenario needs.

    What a release has withdrawn leaves no scenario out that chose the release itself.
    """

    def __init__(
        self, description: StageAccess, contract: Contract, release: ReleaseSwitch, services: Callable[[], Transport]
    ) -> None:
        self._capabilities = description.capabilities
        self._contract = contract
        self._release = release
        self._services = services
        self._service_is_there: dict[str, bool] = {}

    def can(self, capability: Capability) -> bool:
        """Return whether the stage can do that."""
        return capability in self._capabilities

    def require(self, capability: Capability) -> None:
        """Demand a capability."""
        if not self.can(capability):
            omit(capability.missing)

    def require_soap_registration(self) -> None:
        """Demand a release with registration by SOAP."""
        if self._rules.prs_soap is PrsSoap.WITHDRAWN and not self._release.chosen_by_scenario:
            omit(f"PersonRegistrationService er udgået i {self._release.current}")

    def require_wsrm(self) -> None:
        """Demand a queue in reach, and a release with WSRM."""
        self.require(Capability.FETCH_WSRM)
        if not self.has_wsrm and not self._release.chosen_by_scenario:
            omit(f"WSRM er udgået i {self._release.current}")

    def require_cpr_pointer(self) -> None:
        """Demand a release in which a CPR change moves the pointer."""
        if not self._rules.cpr_change_moves_pointer and not self._release.chosen_by_scenario:
            omit(f"et CPR-skift flytter ikke pegepinden i dette domæne i {self._release.current}")

    def require_service(self, name: str) -> None:
        """Demand that SOAP service; it is asked for its WSDL once per run."""
        if name not in self._service_is_there:
            answer = self._services().send(Call("GET", f"{services(self._contract)[name].path}?wsdl"))
            self._service_is_there[name] = answer.status != NOT_FOUND
        if not self._service_is_there[name]:
            omit(f"{name} er ikke på scenen")

    @property
    def has_wsrm(self) -> bool:
        """Whether the release that is played has WSRM."""
        return self._rules.wsrm

    @property
    def _rules(self) -> Release:
        return self._contract.releases[self._release.current]


class LiveStage:
    """One stage in one run; `description` is what the run was told of it."""

    def __init__(self, description: StageAccess, contract: Contract, lines: StageLines) -> None:
        self.description = description
        self.contract = contract
        self.lines = lines
        self.control = Control(lines.control)
        self.neighbours = Neighbour(lines.control)
        self.reader = OperationsReader(lines.control)
        self.release = ReleaseSwitch(self.control)
        self.gate = Gate(description, contract, self.release, lines.services)
        is_reset = self.gate.can(Capability.RESET)
        self.clock = ScenarioClock(self.control, is_reset=is_reset)
        self.journal = JournalCursor(self.control, is_reset=is_reset)

    def begin(self) -> None:
        """Begin a scenario: on an empty stage where it can be emptied, with the clock and the release as they stand."""
        if self.gate.can(Capability.RESET):
            self.control.reset()
        now, release = self._state()
        self.clock.begin(now)
        self.release.begin(release)
        self.journal.begin()
        self.lines.called.clear()

    def _state(self) -> tuple[datetime, str]:
        if self.gate.can(Capability.STATUS):
            status: StatusDto = self.control.status()
            return status.clock, status.release
        assert self.description.clock is not None, "the stage does not tell the time"
        assert self.description.release is not None, "the stage does not tell its release"
        return self.description.clock(), self.description.release
