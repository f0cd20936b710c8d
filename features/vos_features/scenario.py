"""One scenario as it is played: its citizen, the last call's answer, and what followed from it.

The citizen is described by the "Givet" steps and put on the stage by the first step that needs it there
(`put_citizen_on_stage`); every later step reads `cpr`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from vos_contracts.control.stage import CprChangeResponseDto, PersonDto, RunDto
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Kind, RegistrationCommand, RegistrationView
from vos_contracts.wire.instants import midnight
from vos_contracts.wire.messages.wsrm import SequenceInventory
from vos_contracts.wire.rest.registration import Refusal
from vos_features.capabilities import Capability
from vos_features.citizens import Wish
from vos_features.run import SuiteRun
from vos_simulators.inboxes.domains import Domain, domain_views
from vos_simulators.party import Channel, Party
from vos_simulators.people import Citizen, on_stage

TODAY, YESTERDAY = 0, -1
"""Days from the stage's day, as `Scenario.day` takes them."""


class Scenario:
    """The state of one scenario, on the stage and with the cast of its run."""

    def __init__(self, run: SuiteRun) -> None:
        self.run = run
        self.stage = run.stage
        self.cast = run.cast
        listeners = domain_views(run.stage.contract.event_recipients, run.stage.reader)
        self.domains: Mapping[str, Domain] = {domain.name: domain for domain in listeners}

        self.citizen: Citizen | None = None
        self.setup: PersonDto | None = None
        """What the citizen is before it is on the stage."""
        self.start_is_said = False
        """Whether the scenario says since when the citizen has what it has."""
        self._is_exact = False
        self._is_on_stage = False
        self.ids: dict[Kind, str] = {}
        """The id of the citizen's latest registration of each kind."""
        self.ids_before: frozenset[str] = frozenset()
        """The registrations that the citizen has had before the scenario, and that the scenario knows nothing of."""
        self._ids_from_pool: frozenset[str] = frozenset()
        """The registrations that a citizen from a pool has from before, as the scenario says."""
        self.watched_cpr: str | None = None
        """The citizen whose messages alone are looked at, on a stage that others play on too."""

        self.answer: str | Refusal | None = None
        self.rest_answer: str | Refusal | None = None
        """The latest answer to a registration over REST, whose HTTP status counts."""
        self.own_id: str | None = None
        """The identifier that the caller gave."""
        self.illness: tuple[str, date] | None = None
        """The citizen's illness: its id at the service that was told, and its first day."""
        self.illness_id: str | None = None
        """The id of the illness that a neighbour service told of."""
        self.neighbour_id: str | None = None
        """The id of the absence or activity that a neighbour service told of last."""
        self.transfers: list[SequenceInventory] = []
        """The transfers that were opened from a queue, latest last."""
        self.cpr_subscribers: set[Organisation] = set()
        """Whose queues are told of CPR changes."""
        self.batch_run: RunDto | None = None
        self.cpr_change: CprChangeResponseDto | None = None
        self._numbers: dict[str, str] = {}

    @property
    def now(self) -> datetime:
        """The stage's time."""
        return self.stage.clock.now

    def day(self, days: int) -> datetime:
        """Return midnight in Denmark, that many days from the stage's day."""
        return midnight(self.now) + timedelta(days=days)

    def years_ago(self, years: int, extra_days: int = 0) -> datetime:
        """Return the instant that many years, and days, ago."""
        return self.now.replace(year=self.now.year - years) - timedelta(days=extra_days)

    def think_up_citizen(self, age: int, *, is_member: bool) -> None:
        """Describe a citizen of that age; a member of the a-kasse if so."""
        self._describe(self.run.people.new(age, self.now.date()), is_member=is_member, is_exact=False)

    def think_up_citizen_born(self, day: date, *, is_member: bool) -> None:
        """Describe a citizen who is born on that day."""
        self._describe(self.run.people.born(day), is_member=is_member, is_exact=True)

    def _describe(self, citizen: Citizen, *, is_member: bool, is_exact: bool) -> None:
        self.citizen, self._is_exact = citizen, is_exact
        self.setup = on_stage(
            citizen,
            jobcenter=self.cast.authority_of("jobcentret"),
            kommune=self.cast.authority_of("kommunen"),
            akasse=self.party("a-kassen").identity.active if is_member else None,
        )

    def describe_citizen(self, **fields: object) -> None:
        """Say more of the citizen before it is on the stage; the fields are those of `PersonDto`."""
        assert self.setup is not None, "scenariet har ingen borger endnu"
        assert not self._is_on_stage, "borgeren findes allerede i miljøet"
        self.setup = _with(self.setup, fields)

    def put_citizen_on_stage(self) -> None:
        """Put the citizen on the stage with everything said of it so far; a second call does nothing.

        Leaves the scenario out where the stage has no such citizen.
        """
        if self._is_on_stage:
            return
        assert self.citizen is not None, "scenariet har ingen borger endnu"
        assert self.setup is not None
        found = self.run.citizens.find(Wish(self.citizen, self.setup, self._is_exact), self.now)
        self.citizen, self.ids_before, self._ids_from_pool = found.citizen, found.before, found.known
        self.ids.update(found.ids)
        if not self.stage.gate.can(Capability.RESET):
            self.watched_cpr = self.citizen.cpr
        self._is_on_stage = True

    @property
    def cpr(self) -> str:
        """The citizen's number.

        Raises:
            RuntimeError: no step has put the citizen on the stage.
        """
        if self.citizen is None or not self._is_on_stage:
            raise RuntimeError("borgeren findes ikke i miljøet: intet trin har kaldt put_citizen_on_stage")
        return self.citizen.cpr

    def meant_start(self, view: RegistrationView) -> datetime:
        """Return the registration's start; of one from before the scenario, whose day it leaves open, yesterday."""
        is_from_before = view.id in self._ids_from_pool and view.start < self.day(YESTERDAY)
        return self.day(YESTERDAY) if is_from_before and not self.start_is_said else view.start

    def change_cpr(self, born: date | None = None) -> None:
        """Let CPR tell of a new number, with the same birth date if no other; the citizen has it if the pointer moves."""
        old = self.cpr
        assert self.citizen is not None
        born = born or self.citizen.born
        new = replace(self.citizen, cpr=self.run.people.born(born).cpr, born=born)
        self.cpr_change = self.stage.control.cpr_change(old, new.cpr)
        self._numbers = {"gamle": old, "nye": new.cpr}
        if self.cpr_change.moved:
            self.citizen = new

    def id_of(self, kind: Kind) -> str:
        """Return the id of the citizen's latest registration of that kind."""
        assert kind in self.ids, (
            f"borgeren har ingen {kind}, som scenariet kender: {self.answer or 'intet er registreret'}"
        )
        return self.ids[kind]

    def number(self, which: str) -> str:
        """Return the "gamle" or "nye" number of the latest CPR change."""
        assert self._numbers, "CPR har intet fortalt"
        return self._numbers[which]

    def party(self, role: str) -> Party:
        """Return who plays that role; leaves the scenario out where nobody may."""
        return self.cast.party(role)

    def register(self, role: str, command: RegistrationCommand, channel: Channel) -> None:
        """Let that role register about the citizen, and remember the answer."""
        if channel is Channel.PRS:
            self.stage.gate.require_soap_registration()
        self.answer = self.party(role).register(self.cpr, command, channel)
        if channel is Channel.PVS:
            self.rest_answer = self.answer
        if isinstance(self.answer, str):
            self.ids[command.kind] = self.answer


def _with(setup: PersonDto, fields: dict[str, object]) -> PersonDto:
    values = {name: getattr(setup, name) for name in setup.__struct_fields__}
    return PersonDto(**{**values, **fields})


@pytest.fixture
def scenario(run: SuiteRun) -> Scenario:
    """The scenario that is played."""
    return Scenario(run)


__all__ = ["Scenario", "scenario"]
