"""A role played by a real system: instruct it, wait for its call, and return the response as if the call were ours.

The expected call is encoded by the simulated party's codecs, parsed like an observed call, and never sent.
Not here: presenting the instructions (`instructions`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Protocol

from generalproeve.cast.comparison import CallComparison, FieldDifference
from generalproeve.cast.observations import Observations, ObservedCall
from vos_contracts.base import stopwatch
from vos_contracts.model.identity import Identity
from vos_contracts.wire.base import Call, Response
from vos_contracts.wire.calls import CallReader, ReadCall
from vos_features.capabilities import skip_over

POLL_S = 0.2
"""Polling interval for the keyboard and the deadline while waiting."""


class CalledNot(Exception):
    """The real system made no call and no near miss within the deadline: the step cannot be judged."""


class Choice(Enum):
    """A choice of the operator at the keyboard while a call is awaited."""

    SKIP = auto()
    RETRY = auto()
    GIVE_UP = auto()


@dataclass(frozen=True, slots=True)
class Task:
    """One call that a real system must make at `address` within `deadline` seconds."""

    number: int
    party: str
    role: str
    step: str
    call: ReadCall
    address: str
    deadline: float


class HasAddress(Protocol):
    """An object whose address is known once it is open."""

    address: str


class Instructor(Protocol):
    """Tells people or machines what a real system must do and whether it did, and returns the operator's choices."""

    def assign(self, task: Task) -> None:
        """Announce the task."""

    def wait(self, task: Task, remaining: float, closest: Sequence[FieldDifference]) -> Choice | None:
        """Show the remaining seconds and the differences of the nearest miss; return the operator's choice, if any."""

    def finish(self, task: Task, observed: ObservedCall) -> None:
        """Report that the party made the call."""

    def expire(self, task: Task, closest: Sequence[FieldDifference]) -> None:
        """Report that the deadline has passed, with the differences of the nearest miss, if any."""


@dataclass
class ExternalCast:
    """The state that all external roles of a run share; `keep` records a call as evidence of the current step."""

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
    """One role of the scenarios played by a real system; implements `CastMember`."""

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
        """The identities that the system used in the current scenario, call by call."""
        return tuple(self._callers)

    @property
    def paths(self) -> frozenset[str]:
        """The paths that the system has called in the current scenario."""
        return frozenset(self._paths)

    def begin(self) -> None:
        """Forget the calls of the previous scenario."""
        self._callers.clear()
        self._paths.clear()

    def send(self, call: Call) -> Response:
        """Wait until the system has made this call, and return its response.

        Raises:
            AssertionError: there was a near miss; the message lists the differences.
            CalledNot: there was neither the call nor a near miss.
        """
        cast = self._cast
        if cast.given_up:
            skip_over("resten er opgivet ved tastaturet")
        expected = cast.reader.read(call)
        assert expected.registers, (
            f"{expected.method} {expected.path} is not a registration: a party cannot be instructed to make it"
        )
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
                    self._discard_near_misses(expected)
                    deadline = stopwatch.seconds() + task.deadline
                    continue
                case None:
                    pass
            if remaining <= 0:
                cast.instructor.expire(task, closest)
                self._discard_near_misses(expected)
                self._fail(task, closest)

    def _fail(self, task: Task, closest: Sequence[FieldDifference]) -> None:
        if closest:
            raise AssertionError(f"{task.party} kaldte anderledes end ventet: " + "; ".join(map(str, closest)))
        raise CalledNot(f"{task.party} kaldte ikke inden for {task.deadline:g} s: {task.step}")

    def _closest(self, expected: ReadCall) -> Sequence[FieldDifference]:
        """Return the differences of the near miss with the fewest; empty if there was none."""
        near_misses = [self._cast.comparison.differences(expected, other.read) for other in self._near_misses(expected)]
        return min(near_misses, key=len, default=())

    def _near_misses(self, expected: ReadCall) -> list[ObservedCall]:
        return [
            observed
            for observed in self._cast.observations.untaken()
            if observed.party == self._party and self._cast.comparison.is_near_miss(expected, observed.read)
        ]

    def _discard_near_misses(self, expected: ReadCall) -> None:
        """Record the near misses as evidence of this step, so that none counts for the next step."""
        for observed in self._near_misses(expected):
            observed.taken = True
            self._cast.keep(observed)
            self._paths.add(observed.read.path)
