"""A role played by a real system: say what it must do, wait until it has, and return its answer as if the call were ours.

The expected call is written by the codecs of the simulated party, read as the real one's will be, and never sent.
Not here: how any of it is shown (`instructions`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Protocol

from generalproeve.cast.comparison import CallComparison, Difference
from generalproeve.cast.observations import Observations, ObservedCall
from vos_contracts.base import stopwatch
from vos_contracts.model.identity import Identity
from vos_contracts.wire.base import Call, Response
from vos_contracts.wire.calls import CallReader, ReadCall
from vos_features.omission import skip_over

POLL_S = 0.2
"""How often the keyboard and the clock are looked at while waiting."""


class CalledNot(Exception):
    """The real system made no call that could have been meant: there is nothing to judge."""


class Choice(Enum):
    """What somebody at the keyboard may ask for while we wait."""

    SKIP = auto()
    RETRY = auto()
    GIVE_UP = auto()


@dataclass(frozen=True, slots=True)
class Task:
    """What a real system must do now: the call, at that address, within `deadline` seconds."""

    number: int
    party: str
    role: str
    step: str
    call: ReadCall
    address: str
    deadline: float


class HasAddress(Protocol):
    """What has an address that is known once it is open."""

    address: str


class Instructor(Protocol):
    """Tells people and machines what a real system must do and how it went, and hears what they choose."""

    def assign(self, task: Task) -> None:
        """The party must do this now."""

    def wait(self, task: Task, remaining: float, closest: Sequence[Difference]) -> Choice | None:
        """So many seconds remain, and the closest call differs so; return what somebody chose, if anything."""

    def finish(self, task: Task, observed: ObservedCall) -> None:
        """The party did."""

    def expire(self, task: Task, closest: Sequence[Difference]) -> None:
        """The deadline passed; the closest call, if any, differed so."""


@dataclass
class ExternalCast:
    """What all external roles of a run share; `keep` takes a call as evidence of the step that is played."""

    observations: Observations
    reader: CallReader
    comparison: CallComparison
    instructor: Instructor
    deadline: float
    step: Callable[[], str]
    keep: Callable[[ObservedCall], None]
    given_up: bool = False
    tasks: int = 0


class ExternalRole:
    """One role of the scenarios that a real system plays: a `CastMembers`."""

    def __init__(self, cast: ExternalCast, party: str, role: str, system: int, at: HasAddress) -> None:
        self._cast = cast
        self._party = party
        self._role = role
        self._at = at
        self.system = system
        self._callers: list[Identity] = []
        self._paths: set[str] = set()

    @property
    def callers(self) -> Sequence[Identity]:
        """Return who the system has said it was in the scenario, call by call."""
        return tuple(self._callers)

    @property
    def paths(self) -> frozenset[str]:
        """Return the paths that the system has called in the scenario."""
        return frozenset(self._paths)

    def begin(self) -> None:
        """Begin a scenario."""
        self._callers.clear()
        self._paths.clear()

    def send(self, call: Call) -> Response:
        """Wait until the system has made this call, and return what it was answered.

        Raises:
            AssertionError: a call came close; says how it differs.
            CalledNot: no call came that could have been meant.
        """
        cast = self._cast
        if cast.given_up:
            skip_over("resten er opgivet ved tastaturet")
        expected = cast.reader.read(call)
        assert expected.registers, f"{expected.method} {expected.path} is no call that a party can be asked to make"
        if expected.caller is not None:
            expected = replace(expected, caller=replace(expected.caller, system=self.system))
        cast.tasks += 1
        task = Task(cast.tasks, self._party, self._role, cast.step(), expected, self._at.address, cast.deadline)
        cast.instructor.assign(task)
        observed = self._wait(task)
        self._paths.add(observed.read.path)
        if observed.read.caller is not None:
            self._callers.append(observed.read.caller)
        cast.instructor.finish(task, observed)
        cast.keep(observed)
        return observed.response

    def _wait(self, task: Task) -> ObservedCall:
        cast, expected = self._cast, task.call
        deadline = stopwatch.seconds() + task.deadline
        while True:
            observed = cast.observations.take(
                lambda other: not cast.comparison.differences(expected, other.read), min(POLL_S, task.deadline)
            )
            if observed is not None:
                return observed
            closest = self._closest(expected)
            remaining = deadline - stopwatch.seconds()
            match cast.instructor.wait(task, max(remaining, 0.0), closest):
                case Choice.SKIP:
                    skip_over(f"{task.party} sprang over: {task.step}")
                case Choice.GIVE_UP:
                    cast.given_up = True
                    skip_over("opgivet ved tastaturet")
                case Choice.RETRY:
                    self._discard_attempts(expected)
                    deadline = stopwatch.seconds() + task.deadline
                    continue
                case None:
                    pass
            if remaining <= 0:
                cast.instructor.expire(task, closest)
                self._discard_attempts(expected)
                self._fail(task, closest)

    def _fail(self, task: Task, closest: Sequence[Difference]) -> None:
        if closest:
            raise AssertionError(f"{task.party} kaldte anderledes end ventet: " + "; ".join(map(str, closest)))
        raise CalledNot(f"{task.party} kaldte ikke inden for {task.deadline:g} s: {task.step}")

    def _closest(self, expected: ReadCall) -> Sequence[Difference]:
        """Return the differences of the attempt that has fewest; empty where there was no attempt."""
        attempts = [self._cast.comparison.differences(expected, other.read) for other in self._attempts(expected)]
        return min(attempts, key=len, default=())

    def _attempts(self, expected: ReadCall) -> list[ObservedCall]:
        return [
            observed
            for observed in self._cast.observations.untaken()
            if observed.party == self._party and self._cast.comparison.is_attempt(expected, observed.read)
        ]

    def _discard_attempts(self, expected: ReadCall) -> None:
        """Keep the attempts at this step as its evidence, and let none be an attempt at the next."""
        for observed in self._attempts(expected):
            observed.taken = True
            self._cast.keep(observed)
            self._paths.add(observed.read.path)
