"""The stage of a run while it is played on: its control API, clock, release and journal, and what it lets a scenario do.

Not here: who plays on it (`vos_features.cast`), or how it is reached (`vos_features.lines`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from vos_contracts.control.journal import Post
from vos_contracts.control.stage import StatusDto
from vos_contracts.koder.udgave import PrsSoap, Udgave
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.wire.base import Kald, Transport
from vos_contracts.wire.soap_skema import tjenester
from vos_contracts.wire.tid import DANSK_TID
from vos_features.capabilities import Evne
from vos_features.lines import Linjer
from vos_features.omission import udelad
from vos_features.stage import Scenen
from vos_simulators.control import Styring
from vos_simulators.neighbours.client import Nabo
from vos_simulators.stage_reader import Driftslaeser

NOT_FOUND = 404


class ReleaseSwitch:
    """The release that the stage plays, and whether the scenario itself chose it."""

    def __init__(self, control: Styring) -> None:
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
            self._control.skift_udgave(release)
        self.current, self.chosen_by_scenario = release, True

    def restore(self) -> None:
        """Move the stage back to the release that the scenario began in, if it chose another."""
        if self.chosen_by_scenario:
            self._control.skift_udgave(self._before)


class ScenarioClock:
    """The stage clock as scenarios move it; `now` is the stage's time in Denmark when it was last read."""

    def __init__(self, control: Styring, *, is_reset: bool) -> None:
        self._control = control
        self._is_reset = is_reset
        self.now = datetime.min.replace(tzinfo=DANSK_TID)

    def begin(self, now: datetime) -> None:
        """Note the stage's time when a scenario begins."""
        self.now = now.astimezone(DANSK_TID)

    def set(self, danish: datetime) -> None:
        """Set the clock to that Danish hour (no offset), and wait until what fell due on the way has settled.

        Leaves the scenario out where the hour has passed already: the clock of a stage that is not reset never goes back.
        """
        instant = danish.replace(tzinfo=DANSK_TID)
        if self.now > instant and not self._is_reset:
            udelad("scenens ur er gået videre, og det går aldrig baglæns")
        self.begin(self._control.flyt_ur(instant).ur)

    def advance(self, duration: str) -> None:
        """Move the clock forward by an ISO 8601 duration, and wait as `set`."""
        self.begin(self._control.flyt_ur(frem=duration).ur)


class JournalCursor:
    """Reads the stage's journal; of a stage that is reset, not much of what was before the scenario."""

    def __init__(self, control: Styring, *, is_reset: bool) -> None:
        self._control = control
        self._is_reset = is_reset
        self._from = self._read_to = 0

    def begin(self) -> None:
        """Begin a scenario where the last read ended."""
        self._from = self._read_to

    def read(self) -> tuple[Post, ...]:
        """Return the entries of the scenario so far."""
        answer = self._control.journal(self._from if self._is_reset else 0)
        self._read_to = answer.naeste
        return answer.poster


class Gate:
    """Leaves a scenario out, with the reason in Danish, where the stage cannot do what the scenario needs.

    What a release has withdrawn leaves no scenario out that chose the release itself.
    """

    def __init__(
        self, description: Scenen, contract: Kontrakt, release: ReleaseSwitch, services: Callable[[], Transport]
    ) -> None:
        self._capabilities = description.evner
        self._contract = contract
        self._release = release
        self._services = services
        self._service_is_there: dict[str, bool] = {}

    def can(self, capability: Evne) -> bool:
        """Say whether the stage can do that."""
        return capability in self._capabilities

    def require(self, capability: Evne) -> None:
        """Demand a capability."""
        if not self.can(capability):
            udelad(capability.mangler)

    def require_soap_registration(self) -> None:
        """Demand a release with registration by SOAP."""
        if self._rules.prs_soap is PrsSoap.UDGAAET and not self._release.chosen_by_scenario:
            udelad(f"PersonRegistrationService er udgået i {self._release.current}")

    def require_wsrm(self) -> None:
        """Demand a queue in reach, and a release with WSRM."""
        self.require(Evne.FETCH_WSRM)
        if not self.has_wsrm and not self._release.chosen_by_scenario:
            udelad(f"WSRM er udgået i {self._release.current}")

    def require_cpr_pointer(self) -> None:
        """Demand a release in which a CPR change moves the pointer."""
        if not self._rules.cprskift_flytter_pegepind and not self._release.chosen_by_scenario:
            udelad(f"et CPR-skift flytter ikke pegepinden i dette domæne i {self._release.current}")

    def require_service(self, name: str) -> None:
        """Demand that SOAP service; it is asked for its WSDL once per run."""
        if name not in self._service_is_there:
            answer = self._services().send(Kald("GET", f"{tjenester(self._contract)[name].sti}?wsdl"))
            self._service_is_there[name] = answer.status != NOT_FOUND
        if not self._service_is_there[name]:
            udelad(f"{name} er ikke på scenen")

    @property
    def has_wsrm(self) -> bool:
        """Whether the release that is played has WSRM."""
        return self._rules.wsrm

    @property
    def _rules(self) -> Udgave:
        return self._contract.udgaver[self._release.current]


class LiveStage:
    """One stage in one run; `description` is what the run was told of it."""

    def __init__(self, description: Scenen, contract: Kontrakt, lines: Linjer) -> None:
        self.description = description
        self.contract = contract
        self.lines = lines
        self.control = Styring(lines.styring)
        self.neighbours = Nabo(lines.styring)
        self.reader = Driftslaeser(lines.styring)
        self.release = ReleaseSwitch(self.control)
        self.gate = Gate(description, contract, self.release, lines.tjenester)
        is_reset = self.gate.can(Evne.RESET)
        self.clock = ScenarioClock(self.control, is_reset=is_reset)
        self.journal = JournalCursor(self.control, is_reset=is_reset)

    def begin(self) -> None:
        """Begin a scenario: on an empty stage where it can be emptied, with the clock and the release as they stand."""
        if self.gate.can(Evne.RESET):
            self.control.nulstil()
        now, release = self._state()
        self.clock.begin(now)
        self.release.begin(release)
        self.journal.begin()
        self.lines.kaldte.clear()

    def _state(self) -> tuple[datetime, str]:
        if self.gate.can(Evne.STATUS):
            status: StatusDto = self.control.status()
            return status.ur, status.udgave
        assert self.description.ur is not None, "the stage does not tell the time"
        assert self.description.udgave is not None, "the stage does not tell its release"
        return self.description.ur(), self.description.udgave
