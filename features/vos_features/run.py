"""One run of scenarios on a stage: the objects that live for the whole run, and the beginning and end of a scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from vos_contracts.base.ids import new_uuid
from vos_contracts.model import neighbours as neighbour
from vos_contracts.wire.soap.schemas import services
from vos_features.capabilities import Capability
from vos_features.cast import Cast, Hear
from vos_features.citizens import CitizenSource, Pool, SeedingSource
from vos_features.live_stage import LiveStage
from vos_simulators.parties import QUEUE_OWNERS
from vos_simulators.party import CastMember
from vos_simulators.people import People

SEED = 17281728


class SuiteRun:
    """Stage, cast and source of citizens; `omit_step` reports a step that is omitted while the scenario continues."""

    def __init__(
        self,
        stage: LiveStage,
        hear: Hear,
        external: Mapping[str, CastMember],
        omit_step: Callable[[str], None],
    ) -> None:
        self.stage = stage
        self.cast = Cast(stage, hear, external)
        self.omit_step = omit_step
        self.people = People(SEED if stage.gate.can(Capability.RESET) else int(new_uuid().replace("-", ""), 16))
        self.citizens = self._citizens()

    def begin_scenario(self) -> None:
        """Begin a scenario: reset the stage if it can be reset, and empty all inboxes."""
        self.stage.begin()
        self.cast.begin()

    def end_scenario(self) -> None:
        """End a scenario: take back the citizen and restore the release."""
        called = self.stage.lines.called | self.cast.paths_called_by_external()
        neighbours = {services(self.stage.contract)[name].path for name in neighbour.SERVICES}
        self.citizens.deliver(irreparable=not called.isdisjoint(neighbours))
        self.stage.release.restore()

    def _citizens(self) -> CitizenSource:
        pool = self.stage.description.pool
        if self.stage.gate.can(Capability.SEED_CITIZENS) or not pool:
            return SeedingSource(self.stage.control)
        return Pool(pool, self._forget_messages, lambda: self.cast.parties)

    def _forget_messages(self) -> None:
        gate = self.stage.gate
        if gate.can(Capability.FETCH_WSRM) and gate.has_wsrm:
            self.cast.empty_inboxes(QUEUE_OWNERS)
