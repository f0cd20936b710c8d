"""One process's part of a run: what its users share, the calls that they make, and the arrivals of open traffic.

Not here: the users (`users`), how the run is prepared and what is kept of it (`plugin`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gevent
import numpy as np
from gevent.queue import Queue
from locust.env import Environment

from vos_contracts.base import stopwatch
from vos_contracts.contract import load
from vos_contracts.wire.base import Call
from vos_load.arrivals import draw_arrivals
from vos_load.calls import LoadCalls, UnusableAnswer
from vos_load.citizens import CitizenPool
from vos_load.client import Exchange, LoadClients
from vos_load.load_profile import LoadChannel, LoadOperation
from vos_load.recording import Recorder
from vos_load.run import LoadRun

if TYPE_CHECKING:
    from vos_load.users import LoadUser

CLOCK_MARGIN = timedelta(seconds=1)
"""How far behind the target's clock callers say that it is: nothing that they register lies in its future."""
IN_TIME_MS = 100.0
"""A call begun later than that after it was due was not offered in time."""
NO_ANSWER = "no answer when the run ended"


class FailedCall(Exception):
    """What Locust counts a failed call under."""


@dataclass(frozen=True, slots=True)
class TimedArrival:
    """A call that is due: when, in seconds into the run, and by which task of the user."""

    due: float
    task: Callable[[Any], None]
    close_after: bool


class LoadSession:
    """One process's part of one run: what its users share."""

    def __init__(self, environment: Environment, run: LoadRun, index: int = 0, processes: int = 1) -> None:
        self.environment = environment
        self.run = run
        self.recorder = Recorder(run.seconds)
        self.contract = load(Path(run.contract) if run.contract else None)
        self.calls = LoadCalls(self.contract)
        self.clients = LoadClients(run.services, run.addresses, run.timeout, run.tls)
        self.citizens = CitizenPool(run.citizens[index::processes])
        self.rng = np.random.default_rng([run.seed, index])
        self.index, self.processes = index, processes
        self.finished = False
        """Whether everything that the profile asks for has been done."""
        self.rounds_played = 0
        """Rounds of a comparison."""
        self.started = stopwatch.seconds()
        self._arrivals: dict[type[LoadUser], Queue[TimedArrival]] = {}
        self._users: dict[type[LoadUser], int] = {}
        self._offering: list[gevent.Greenlet] = []

    @property
    def open(self) -> bool:
        """Whether the traffic is open."""
        return self.run.profile.rate is not None

    def begin(self) -> None:
        """Start the run's clock, and for open traffic the arrivals: each process has its users' part of them."""
        self.started = stopwatch.seconds()
        if not self.open:
            return
        for number, (kind, count) in enumerate(sorted(self._users.items(), key=lambda item: item[0].__name__)):
            rng = np.random.default_rng([self.run.seed, self.index, number])
            self._offering.append(
                gevent.spawn(self._offer, kind, count / kind.open_count(self.run, self.processes), rng)
            )

    def warmed_up(self) -> None:
        """Forget what was measured until now, and start the run's clock again."""
        self.recorder.take()
        self.environment.stats.reset_all()
        self.started = stopwatch.seconds()

    def t(self) -> float:
        """Return the seconds since the run began."""
        return stopwatch.seconds() - self.started

    def now(self) -> datetime:
        """Return what the target's clock says, or a little less."""
        passed = timedelta() if self.run.clock_stands else timedelta(seconds=self.t())
        return self.run.clock + passed - CLOCK_MARGIN

    def report(self, operation: LoadOperation, column: str, exchange: Exchange, error: str, due: float | None) -> None:
        """Tell Locust of one call; the recorder hears of it as Locust's statistics do (`plugin`)."""
        self.environment.events.request.fire(
            request_type=column, name=operation, response_time=exchange.ms,
            response_length=0 if exchange.answer is None else len(exchange.answer.body),
            exception=FailedCall(error) if error else None, context={"due": due},
        )  # fmt: skip

    def call(
        self,
        operation: LoadOperation,
        channel: LoadChannel,
        column: str,
        cpr: str,
        *,
        id_: str = "",
        number: int = 0,
        due: float | None = None,
        close_after: bool = False,
    ) -> tuple[str, float] | None:
        """Make one call and report it under `column`; return the new id and the milliseconds, None for a failure."""
        now = self.now()
        call = self.calls.write(operation, channel, cpr, self.run.identity(now), now, id_=id_, number=number)
        exchange = self.exchange(call, operation, column, due, close_after=close_after)
        new_id, error = "", exchange.error
        if exchange.answer is not None:
            try:
                new_id = self.calls.understand(operation, channel, exchange.answer)
            except UnusableAnswer as refused:
                error = str(refused)
        self.report(operation, column, exchange, error, due)
        return None if error else (new_id, exchange.ms)

    def exchange(
        self, call: Call, operation: LoadOperation, column: str, due: float | None, *, close_after: bool = False
    ) -> Exchange:
        """Send and time a call; one that is cut short by the end of the run is reported here."""
        try:
            return self.clients.exchange(call, self.calls.service(call), close_after=close_after)
        except gevent.GreenletExit:
            self.report(operation, column, Exchange(None, 0.0), NO_ANSWER, due)
            raise

    def join(self, kind: type[LoadUser]) -> None:
        """Let a user in."""
        self._users[kind] = self._users.get(kind, 0) + 1
        self._arrivals.setdefault(kind, Queue())

    def next_arrival(self, kind: type[LoadUser]) -> TimedArrival:
        """Wait until a call is due; a user that is stopped while it waits has taken none."""
        arrival: TimedArrival = self._arrivals[kind].get()
        return arrival

    def begun(self, arrival: TimedArrival) -> None:
        """Note that a call that was due is begun now."""
        self.recorder.due(arrival.due, max(self.t() - arrival.due, 0) * 1000, IN_TIME_MS)

    def overdue(self, kind: type[LoadUser]) -> TimedArrival | None:
        """Return a call that still waits when the run's time is up, None where there is none or the time is not up."""
        queue = self._arrivals[kind]
        if self.t() <= self.run.seconds or queue.empty():
            return None
        arrival: TimedArrival = queue.get_nowait()
        return arrival

    def give_back(self, kind: type[LoadUser], arrival: TimedArrival) -> None:
        """Give back what a user was stopped before it began."""
        self._arrivals[kind].put(arrival)

    def close(self) -> None:
        """Stop offering calls; those that were due and never begun count as unanswered."""
        gevent.killall(self._offering)
        for kind, queue in self._arrivals.items():
            while not queue.empty():
                arrival = queue.get()
                if not kind.serial:
                    self.begun(arrival)
                operation = LoadOperation(arrival.task.__name__)
                self.report(operation, kind.channel, Exchange(None, 0.0), NO_ANSWER, arrival.due)

    def _offer(self, kind: type[LoadUser], share: float, rng: np.random.Generator) -> None:
        """Put calls into the users' queue when they are due."""
        rate = self.run.profile.rate
        assert rate is not None, "open traffic has a rate"
        tasks, weights = kind.weighted_tasks(self.run.profile)
        choices = np.array(weights) / sum(weights)
        for due in draw_arrivals(rate, self.run.seconds, rng, share * kind.share(self.run.profile)):
            chosen = tasks[int(rng.choice(len(tasks), p=choices))]
            arrival = TimedArrival(due, chosen, bool(rng.random() < self.run.profile.new_connection_share))
            wait = due - self.t()
            if wait > 0:
                gevent.sleep(wait)
            if kind.serial:
                self.begun(arrival)
            self._arrivals[kind].put(arrival)
