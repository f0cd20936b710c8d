"""The citizens of a run: put on the stage before it, and handed out to the users during it.

A process has citizens of its own. Not here: the calls about them (`users`, `paired`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import cycle

from vos_contracts.control.stage import ClockMode, PersonDto, RegistrationDto
from vos_contracts.wire.base import Transport
from vos_contracts.wire.instants import midnight
from vos_load.calls import KONTAKTGRUPPER, PERSONKATEGORI
from vos_load.load_profile import CREATES, ENDS, LoadOperation
from vos_load.run import LoadRun
from vos_simulators.control import Control
from vos_simulators.parties import AKASSE
from vos_simulators.people import People, on_stage
from vos_simulators.stage_reader import OperationsReader

BATCH = 1000
"""Citizens that one call to the control API puts on the stage."""


def populate(run: LoadRun, control: Transport) -> None:
    """Put the profile's number of citizens on the stage, and read its clock, into the run.

    For traffic each has a contact group and a category. Those of the same seed that are there already are left as they are.
    """
    api = Control(control)
    status = api.status()
    people = People(run.seed)
    citizens = [people.new(31 + number % 29, status.clock.date()) for number in range(run.profile.people)]
    known = set()
    if status.people:
        known = {citizen.cpr for page in OperationsReader(control).state() for citizen in page.citizens}
    with_group = run.profile.pairs is None
    new = [
        _described(on_stage(citizen, akasse=AKASSE), status.clock, with_group=with_group)
        for citizen in citizens
        if citizen.cpr not in known
    ]
    for start in range(0, len(new), BATCH):
        api.set_up(*new[start : start + BATCH])
    status = api.status()
    run.clock, run.clock_stands = status.clock, status.clock_state is ClockMode.FROZEN
    run.citizens = tuple(citizen.cpr for citizen in citizens)


def invent(seed: int, count: int, today: date) -> tuple[str, ...]:
    """Make up CPR numbers that nobody has: a stub answers them, a real stage refuses them."""
    people = People(seed)
    return tuple(people.new(18 + number % 60, today).cpr for number in range(count))


def _described(person: PersonDto, now: datetime, *, with_group: bool) -> PersonDto:
    if with_group:
        start = midnight(now)
        person.kontaktgrupper = (RegistrationDto(type=KONTAKTGRUPPER[-1], start=start),)
        person.personkategorier = (RegistrationDto(type=PERSONKATEGORI, start=start),)
    return person


@dataclass(slots=True, eq=False)
class LoadCitizen:
    """One citizen as the callers know them: what can be ended, and whether something is being registered right now."""

    cpr: str
    groups_created: int = 0
    has_group: bool = True
    busy: bool = False


class CitizenPool:
    """Hands out citizens in turn, so that no two registrations of one citizen are under way at a time."""

    def __init__(self, cprs: Sequence[str]) -> None:
        self._all = [LoadCitizen(cpr) for cpr in cprs]
        self._turn = cycle(self._all)
        self._open: dict[LoadOperation, dict[LoadCitizen, str]] = {operation: {} for operation in CREATES}

    def take(self, operation: LoadOperation) -> tuple[LoadOperation, LoadCitizen, str]:
        """Choose a citizen for an operation: the operation to carry out, the citizen, and the id that is to be ended.

        Where nothing can be ended yet it is created instead. The caller gives a citizen back with `release`.
        """
        if operation in ENDS:
            open_ids = self._open[ENDS[operation]]
            citizen = next((one for one in open_ids if not one.busy), None)
            if citizen is not None:
                id_ = open_ids.pop(citizen)
                if operation is LoadOperation.END_KONTAKTGRUPPE:
                    self._open[LoadOperation.CREATE_PERSONKATEGORI].pop(citizen, None)
                    citizen.has_group = False
                citizen.busy = True
                return operation, citizen, id_
            operation = ENDS[operation]
        citizen = self._next(operation)
        citizen.busy = citizen.busy or operation in CREATES
        return operation, citizen, ""

    def created(self, operation: LoadOperation, citizen: LoadCitizen, id_: str) -> None:
        """Remember what can be ended. A new group may have ended the category, which then cannot be ended again."""
        if operation is LoadOperation.CREATE_KONTAKTGRUPPE:
            citizen.groups_created += 1
            citizen.has_group = True
            self._open[LoadOperation.CREATE_PERSONKATEGORI].pop(citizen, None)
        self._open[operation].pop(citizen, None)
        self._open[operation][citizen] = id_

    def release(self, operation: LoadOperation, citizen: LoadCitizen) -> None:
        """Let others register of the citizen again."""
        if operation in ENDS or operation in CREATES:
            citizen.busy = False

    def _next(self, operation: LoadOperation) -> LoadCitizen:
        """Return the next citizen that the operation is possible for; where there is none, the next one all the same."""
        for _ in self._all:
            citizen = next(self._turn)
            no_group = operation is LoadOperation.CREATE_PERSONKATEGORI and not citizen.has_group
            if not no_group and not (operation in CREATES and citizen.busy):
                return citizen
        return next(self._turn)
