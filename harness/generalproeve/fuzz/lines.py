"""The connections to a fuzzed stage, who calls on them, the citizens called about, and what judging its answers needs."""

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
"""Citizens put on the stage."""
_ADDRESS = re.compile(r"^https?://\S+: ")
"""The stage's address, which differs from run to run."""


class UnansweredError(RemoteWireError):
    """No answer came to a call, from a stage that is there."""

    def __init__(self, call: Call, breach: UnreachableError) -> None:
        super().__init__()
        self.call = call
        self._breach = breach

    def __str__(self) -> str:
        """Say so, and why."""
        return f"ubesvaret: {_ADDRESS.sub('', str(self._breach))}"


class Services:
    """A `Transport`; `probe` asks for the stage itself, and raises UnreachableError where it is gone."""

    def __init__(self, line: Transport, probe: Callable[[], None]) -> None:
        self._line = line
        self._probe = probe

    def send(self, call: Call) -> Response:
        """Send and wait; errors: UnansweredError, and UnreachableError where nobody is there."""
        try:
            return self._line.send(call)
        except UnreachableError as exc:
            self._probe()
            raise UnansweredError(call, exc) from exc


@dataclass(frozen=True, slots=True)
class FuzzLines:
    """Services and control API (None: it has none that may be used) of one stage, its contract, release and clock, and the
    seed of the run."""

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
        """What the caller shows on TLS."""
        return self.stage.access_of(self.stage.caller)

    @property
    def without_control(self) -> str:
        """Say why the control API is not used; empty if it is."""
        if self.control is not None:
            return ""
        if self.stage.control is None:
            return "scenen har intet kontrol-API"
        return f"profilen tillader ikke {', '.join(sorted(OF_CONTROL - self.stage.capabilities))}"


def check_reachable(stage: StageAccess) -> None:
    """Errors: UnreachableError where nobody is there, at any of its addresses."""
    for address in dict.fromkeys((stage.services, *stage.addresses.values())):
        with Connection(address, stage.deadline, stage.access_of(stage.caller)) as line:
            line.send(Call("GET", "/"))


@contextmanager
def opened(arranged: OpenStage, seed: int) -> Iterator[FuzzLines]:
    """Open them; errors in the block become CannotRun or Unreachable."""
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
        except RemoteWireError as exc:  # of a call that is not itself tried
            raise CannotRun(f"target {frame.target}: an answer cannot be understood: {exc}") from exc
        except UnreachableError as exc:
            raise Unreachable(f"target {frame.target}: {exc}") from exc


def citizens(lines: FuzzLines) -> list[str]:
    """Return their CPR numbers, the same each time.

    A stage with a control API that may be used is emptied, and they are put on it; of another they are the pool's, and where
    it has none, numbers that nobody has.
    """
    if lines.control is None and lines.stage.pool:
        return [item.cpr for item in lines.stage.pool]
    people = People(seed=6)
    people_on_stage = [people.new(40, lines.clock.date()) for _ in range(COUNT)]
    if lines.control is not None:
        control = Control(lines.control)
        control.reset()
        control.set_up(*(on_stage(item, akasse=AKASSE) for item in people_on_stage))
    return [item.cpr for item in people_on_stage]


def good_headers(lines: FuzzLines) -> Callable[[int, bool], dict[str, str]]:
    """Return what makes the caller's headers about one of the citizens."""
    cpr, headers, identity = citizens(lines), Headers(lines.contract), lines.caller
    return lambda number, writing: headers.write(identity, cpr[number % len(cpr)], new_uuid() if writing else "")
