"""The connections of a fuzz run to its stage, with the caller's identity and the citizens that the calls concern."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from generalproeve.base.exit_codes import CannotRun, Unreachable
from generalproeve.fuzz.connection import Connection
from generalproeve.run.opening import OpenStage
from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import Contract, load
from vos_contracts.model.identity import Identity
from vos_contracts.wire.base import Call, RemoteWireError, Response, Transport, UnreachableError
from vos_contracts.wire.rest.headers import Headers
from vos_features.capabilities import OF_CONTROL
from vos_features.cast import identities
from vos_features.lines import ServiceLine
from vos_features.stage import StageAccess
from vos_simulators.access import Access
from vos_simulators.control import Control, ControlRefused
from vos_simulators.parties import AKASSE
from vos_simulators.people import People, on_stage

UNANSWERED = "unanswered"
COUNT = 3
"""How many citizens are created on a stage that has a control API."""
_ADDRESS = re.compile(r"^https?://\S+: ")
"""The address in an error message; it is removed, because the address of a stage may differ between runs."""


class UnansweredError(RemoteWireError):
    """A call got no answer, although the stage is reachable."""

    def __init__(self, call: Call, cause: UnreachableError) -> None:
        super().__init__()
        self.call = call
        self._cause = cause

    def __str__(self) -> str:
        """Return the Danish text of the finding, with the cause but without the address."""
        return f"ubesvaret: {_ADDRESS.sub('', str(self._cause))}"


class Services:
    """A `Transport` that tells an unanswered call from an unreachable stage.

    `probe` is called when a call got no answer; it raises UnreachableError if the stage cannot be reached.
    """

    def __init__(self, line: Transport, probe: Callable[[], None]) -> None:
        self._line = line
        self._probe = probe

    def send(self, call: Call) -> Response:
        """Send a call and return its answer.

        Raises:
            UnansweredError: when the call got no answer, although the stage is reachable.
            UnreachableError: when the stage cannot be reached.
        """
        try:
            return self._line.send(call)
        except UnreachableError as exc:
            self._probe()
            raise UnansweredError(call, exc) from exc


@dataclass(frozen=True, slots=True)
class FuzzLines:
    """The connections to one stage, what is known about it, and the seed of the run.

    `control` is None when the stage has no control API or the profile does not allow all of it.
    """

    stage: StageAccess
    services: Services
    control: Transport | None
    contract: Contract
    release: str
    backend: str
    seed: int
    clock: datetime

    @property
    def caller(self) -> Identity:
        """The identity that makes the calls."""
        return identities(self.clock, self.stage.parties)[self.stage.caller]

    @property
    def access(self) -> Access:
        """The TLS certificates and trust of the caller."""
        return self.stage.access_of(self.stage.caller)

    @property
    def without_control(self) -> str:
        """The reason in Danish why the control API is not used; empty if it is used."""
        if self.control is not None:
            return ""
        if self.stage.control is None:
            return "scenen har intet kontrol-API"
        return f"profilen tillader ikke {', '.join(sorted(OF_CONTROL - self.stage.capabilities))}"


def check_reachable(stage: StageAccess) -> None:
    """Call every address of the services once, to see that it answers.

    Raises:
        UnreachableError: when one of the addresses gives no answer.
    """
    for address in dict.fromkeys((stage.services, *stage.addresses.values())):
        with Connection(address, stage.deadline, stage.access_of(stage.caller)) as line:
            line.send(Call("GET", "/"))


@contextmanager
def opened(arranged: OpenStage, seed: int) -> Iterator[FuzzLines]:
    """Open the connections to a stage, and close them at the end of the block.

    Raises:
        CannotRun: when the control API refuses a call in the block, or an answer in it cannot be understood.
        Unreachable: when the stage cannot be reached.
    """
    stage, description = arranged.stage, arranged.description
    contract = load(stage.contract)
    with ExitStack() as stack:

        def line(address: str, access: Access) -> Transport:
            return stack.enter_context(Connection(address, stage.deadline, access))

        access = stage.access_of(stage.caller)
        services: Transport = line(stage.services, access)
        if stage.addresses:
            own = {name: line(address, access) for name, address in stage.addresses.items()}
            services = ServiceLine(contract, services, own)
        control = None
        if stage.control is not None and stage.capabilities >= OF_CONTROL:
            control = line(stage.control, stage.access)
        try:
            yield FuzzLines(
                stage=stage,
                services=Services(services, partial(check_reachable, stage)),
                control=control,
                contract=contract,
                release=description.release,
                backend=str(description.backend),
                seed=seed,
                clock=description.clock,
            )
        except ControlRefused as refused:
            raise CannotRun(f"control API: {refused.rule}") from refused
        except RemoteWireError as exc:  # an answer to preparation or checking: the hunts catch those to generated calls
            raise CannotRun(f"target {description.target}: an answer cannot be understood: {exc}") from exc
        except UnreachableError as exc:
            raise Unreachable(f"target {description.target}: {exc}") from exc


def citizens(lines: FuzzLines) -> list[str]:
    """Return the CPR numbers to call about, the same ones each time.

    With a control API, the stage is emptied and citizens with these numbers are created on it. Without one, the
    numbers are those of the profile's pool of citizens, or numbers of no existing citizen if the profile has no pool.
    """
    if lines.control is None and lines.stage.pool:
        return [citizen.cpr for citizen in lines.stage.pool]
    people = People(seed=6)
    persons = [people.new(40, lines.clock.date()) for _ in range(COUNT)]
    if lines.control is not None:
        control = Control(lines.control)
        control.reset()
        control.set_up(*(on_stage(person, akasse=AKASSE) for person in persons))
    return [person.cpr for person in persons]


def good_headers(lines: FuzzLines) -> Callable[[int, bool], dict[str, str]]:
    """Return a function that writes valid headers from the number of a citizen and whether the call writes.

    The number may exceed the count of citizens: it is reduced modulo the count.
    """
    numbers, headers, identity = citizens(lines), Headers(lines.contract), lines.caller
    return lambda number, writing: headers.write(
        identity, numbers[number % len(numbers)], new_uuid() if writing else ""
    )
