"""The connections to a fuzzed stage, with the caller, the citizens and the contract by which answers are judged."""

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
"""The number of citizens that are put on the stage."""
_ADDRESS = re.compile(r"^https?://\S+: ")
"""The stage's address at the beginning of a message; it differs from run to run."""


class UnansweredError(RemoteWireError):
    """A stage that can be reached did not answer a call."""

    def __init__(self, call: Call, breach: UnreachableError) -> None:
        super().__init__()
        self.call = call
        self._breach = breach

    def __str__(self) -> str:
        """Return the message, without the address."""
        return f"ubesvaret: {_ADDRESS.sub('', str(self._breach))}"


class Services:
    """A `Transport` that tells an unanswered call from a stage that is gone; `probe` raises UnreachableError for the latter."""

    def __init__(self, line: Transport, probe: Callable[[], None]) -> None:
        self._line = line
        self._probe = probe

    def send(self, call: Call) -> Response:
        """Send a call and return the answer.

        Raises:
            UnansweredError: the stage is reachable and did not answer.
            UnreachableError: the stage is not reachable.
        """
        try:
            return self._line.send(call)
        except UnreachableError as exc:
            self._probe()
            raise UnansweredError(call, exc) from exc


@dataclass(frozen=True, slots=True)
class FuzzLines:
    """A stage for one run: services, control API (None if it may not be used), contract, release, clock, and the seed."""

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
        """Who calls."""
        return identities(self.clock, self.stage.parties)[self.stage.caller]

    @property
    def access(self) -> Access:
        """The caller's TLS settings."""
        return self.stage.access_of(self.stage.caller)

    @property
    def without_control(self) -> str:
        """The Danish reason why the control API is not used; empty if it is."""
        if self.control is not None:
            return ""
        if self.stage.control is None:
            return "scenen har intet kontrol-API"
        return f"profilen tillader ikke {', '.join(sorted(OF_CONTROL - self.stage.capabilities))}"


def check_reachable(stage: StageAccess) -> None:
    """Make one call to each address of the stage.

    Raises:
        UnreachableError: an address does not answer.
    """
    for address in dict.fromkeys((stage.services, *stage.addresses.values())):
        with Connection(address, stage.deadline, stage.access_of(stage.caller)) as line:
            line.send(Call("GET", "/"))


@contextmanager
def opened(arranged: OpenStage, seed: int) -> Iterator[FuzzLines]:
    """Open the connections for the block.

    Raises:
        CannotRun: the control API refused a call, or an answer in the block cannot be read.
        Unreachable: the stage did not answer in the block.
    """
    stage, frame = arranged.stage, arranged.frame
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
                release=frame.release,
                backend=str(frame.backend),
                seed=seed,
                clock=frame.clock,
            )
        except ControlRefused as refused:
            raise CannotRun(f"control API: {refused.rule}") from refused
        except RemoteWireError as exc:  # the answer to a call that the hunt itself needs
            raise CannotRun(f"target {frame.target}: an answer cannot be understood: {exc}") from exc
        except UnreachableError as exc:
            raise Unreachable(f"target {frame.target}: {exc}") from exc


def citizens(lines: FuzzLines) -> list[str]:
    """Return the CPR numbers to call about, the same each time.

    A stage whose control API may be used is emptied and gets these citizens. Otherwise they are those of the pool, or, without
    a pool, numbers that nobody has.
    """
    if lines.control is None and lines.stage.pool:
        return [citizen.cpr for citizen in lines.stage.pool]
    people = People(seed=6)
    people_on_stage = [people.new(40, lines.clock.date()) for _ in range(COUNT)]
    if lines.control is not None:
        control = Control(lines.control)
        control.reset()
        control.set_up(*(on_stage(citizen, akasse=AKASSE) for citizen in people_on_stage))
    return [citizen.cpr for citizen in people_on_stage]


def good_headers(lines: FuzzLines) -> Callable[[int, bool], dict[str, str]]:
    """Return a function that writes the caller's valid headers about one of the citizens."""
    cpr, headers, identity = citizens(lines), Headers(lines.contract), lines.caller
    return lambda number, writing: headers.write(identity, cpr[number % len(cpr)], new_uuid() if writing else "")
