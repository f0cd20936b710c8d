"""Locust's users: the party that calls the REST services, the one that calls the SOAP services, and the owner of the queue.

A call is carried out by a user's task and told to Locust by its `request` event, as any Locust user's. Two kinds of traffic:

* closed: a user waits for its answer, thinks, and calls again;
* open: a process draws when calls are due and which; its users, a pool, carry them out. Latency is also counted from when a
  call was due, so that a stall counts for all calls that were due meanwhile (no coordinated omission).

Importing this patches the process, as importing Locust does: only the process that makes the calls may.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, ClassVar, cast

import numpy as np
from locust import User, tag, task
from locust.env import Environment
from locust.exception import StopUser

from vos_contracts.tables.releases import PrsSoap
from vos_contracts.wire.base import Call, RemoteWireError, Response, UnreachableError
from vos_load.arrivals import peak_rate
from vos_load.client import Exchange
from vos_load.load_profile import CREATES, LoadChannel, LoadOperation, LoadProfile
from vos_load.paired import PairedComparison
from vos_load.run import LoadRun
from vos_load.session import LoadSession, TimedArrival
from vos_simulators.control import Control
from vos_simulators.inboxes.wsrm_poller import WsrmPoller, WsrmRefused
from vos_simulators.transport import HttpTransport

OPEN_SECONDS = 8
"""Open traffic has users enough to go on for so long without an answer, at the profile's peak."""
MAX_USERS = 500
"""Users of open traffic in one process: what the client has connections for."""


def operation_task(operation: LoadOperation, *tags: str) -> Any:
    """Make the task that carries out an operation."""

    def perform(user: LoadUser) -> None:
        user.perform(operation)

    perform.__name__ = operation.value
    return tag(*tags)(task(perform))


def _wait_first(user: LoadUser) -> None:
    """Do nothing: the first task of a user that waits for a call to be due."""


class LoadUser(User):
    """A user whose tasks are operations; the profile's mix weights the tasks that Locust's tags leave."""

    abstract = True
    channel: ClassVar[LoadChannel]
    session: ClassVar[LoadSession]
    """This process's part of the run; set before users are spawned."""
    serial: ClassVar[bool] = False
    """Whether each operation waits for the one before it: a call then counts as begun in time when it is queued in time."""

    @classmethod
    def weighted_tasks(cls, profile: LoadProfile) -> tuple[list[Callable[..., Any]], list[float]]:
        """Return the tasks that the profile's mix and Locust's tags ask for, and their weights."""
        mix = profile.mix.get(cls.channel, {})
        tasks = cast("list[Callable[..., Any]]", cls.tasks)
        chosen = [(one, mix[LoadOperation(one.__name__)]) for one in tasks if LoadOperation(one.__name__) in mix]
        return [one for one, _ in chosen], [weight for _, weight in chosen]

    @classmethod
    def share(cls, profile: LoadProfile) -> float:
        """Return this kind of user's share of the profile's calls."""
        total = sum(weight for channel in profile.mix.values() for weight in channel.values())
        return sum(cls.weighted_tasks(profile)[1]) / total if total else 0.0

    @classmethod
    def open_count(cls, run: LoadRun, processes: int) -> int:
        """Return how many users of this kind open traffic has in all."""
        assert run.profile.rate is not None, "open traffic has a rate"
        share = cls.share(run.profile)
        needed = math.ceil(peak_rate(run.profile.rate, run.seconds) * share * OPEN_SECONDS)
        return max(2, min(needed, int(MAX_USERS * processes * share)))

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.arrival: TimedArrival | None = None
        self.session.join(type(self))

    def on_start(self) -> None:
        """Begin: a user of open traffic waits for a call that is due."""
        if self.session.open:
            self._schedule(_wait_first)
        else:
            self._rng = np.random.default_rng(self.session.rng.integers(2**63))
            self._tasks, weights = self.weighted_tasks(self.session.run.profile)
            self._choices = np.array(weights) / sum(weights)
            self._choose()

    def on_stop(self) -> None:
        """Give back what was taken and never begun."""
        if self.arrival is not None:
            self.session.give_back(type(self), self.arrival)

    def wait_time(self) -> float:
        """Choose the next task, and return the seconds until then; closed users end with the run's time.

        Raises:
            StopUser: the run's time is up.
        """
        if self.session.open:
            self.arrival = self.session.next_arrival(type(self))
            self._schedule(self.arrival.task)
            return 0.0
        if self.session.t() >= self.session.run.seconds:
            raise StopUser
        self._choose()
        return float(self._rng.exponential(self.mean_think()))

    def mean_think(self) -> float:
        """Return how many seconds a closed user thinks on average."""
        users = self.session.run.profile.users
        assert users is not None, "closed traffic has users"
        return users.think_seconds

    def perform(self, operation: LoadOperation) -> None:
        """Carry out one operation, and when the run's time is up also those that still wait: Locust ends users after a task."""
        if not self.session.open:
            close_after = bool(self._rng.random() < self.session.run.profile.new_connection_share)
            self.carry_out(operation, None, close_after=close_after)
            return
        arrival, self.arrival = self.arrival, None
        while arrival is not None:
            if not self.serial:
                self.session.begun(arrival)
            self.carry_out(LoadOperation(arrival.task.__name__), arrival.due, close_after=arrival.close_after)
            arrival = self.session.overdue(type(self))

    def carry_out(self, operation: LoadOperation, due: float | None, *, close_after: bool) -> None:
        """Make the operation's call about the next citizen."""
        session = self.session
        operation, citizen, id_ = session.citizens.take(operation)
        try:
            made = session.call(
                operation, self.channel, self.channel, citizen.cpr, id_=id_, number=citizen.groups_created, due=due,
                close_after=close_after,
            )  # fmt: skip
            if made is not None and operation in CREATES:
                session.citizens.created(operation, citizen, made[0])
        finally:
            session.citizens.release(operation, citizen)

    def _schedule(self, chosen: Callable[[Any], None]) -> None:
        assert self._taskset_instance is not None, "a user that runs has one"
        self._taskset_instance.schedule_task(chosen)

    def _choose(self) -> None:
        self._schedule(self._tasks[int(self._rng.choice(len(self._tasks), p=self._choices))])


class RestUser(LoadUser):
    """The party's system on the REST services."""

    channel = LoadChannel.REST
    create_kontaktgruppe = operation_task(LoadOperation.CREATE_KONTAKTGRUPPE, "rest", "create")
    create_personkategori = operation_task(LoadOperation.CREATE_PERSONKATEGORI, "rest", "create")
    end_kontaktgruppe = operation_task(LoadOperation.END_KONTAKTGRUPPE, "rest", "end")
    end_personkategori = operation_task(LoadOperation.END_PERSONKATEGORI, "rest", "end")
    read_kontaktgruppe = operation_task(LoadOperation.READ_KONTAKTGRUPPE, "rest", "read")
    read_history = operation_task(LoadOperation.READ_HISTORY, "rest", "read")
    read_status = operation_task(LoadOperation.READ_STATUS, "rest", "read")
    read_code_list = operation_task(LoadOperation.READ_CODE_LIST, "rest", "read")


class SoapUser(LoadUser):
    """The party's system on the SOAP services."""

    channel = LoadChannel.SOAP
    create_kontaktgruppe = operation_task(LoadOperation.CREATE_KONTAKTGRUPPE, "soap", "create")
    create_personkategori = operation_task(LoadOperation.CREATE_PERSONKATEGORI, "soap", "create")
    end_kontaktgruppe = operation_task(LoadOperation.END_KONTAKTGRUPPE, "soap", "end")
    end_personkategori = operation_task(LoadOperation.END_PERSONKATEGORI, "soap", "end")
    read_kontaktgruppe = operation_task(LoadOperation.READ_KONTAKTGRUPPE, "soap", "read")
    read_history = operation_task(LoadOperation.READ_HISTORY, "soap", "read")


class QueueUser(LoadUser):
    """The owner of the WSRM queue. One in a whole run, whatever its processes: a queue has one open sequence at a time."""

    channel = LoadChannel.SOAP
    fixed_count = 1
    serial = True
    empty_queue = operation_task(LoadOperation.EMPTY_QUEUE, "soap", "wsrm")

    @classmethod
    def open_count(cls, run: LoadRun, processes: int) -> int:
        """Return one."""
        return 1

    def mean_think(self) -> float:
        """Return the seconds that make this one user's part of the calls what the profile's mix says."""
        users = self.session.run.profile.users
        assert users is not None, "closed traffic has users"
        return users.think_seconds / max(users.count * self.share(self.session.run.profile), 1e-9)

    def carry_out(self, operation: LoadOperation, due: float | None, *, close_after: bool) -> None:
        """Empty the queue: open a sequence, fetch what it holds, and end it; each call is reported by itself."""
        session = self.session
        transport = _ReportedTransport(session, due)
        try:
            poller = WsrmPoller(session.run.identity(session.now()), session.contract, transport)
            inventory = poller.create()
            for message_type, _ in inventory.entries:
                poller.fetch(inventory.id, message_type)
            (poller.end if inventory.entries else poller.close)(inventory.id)
        except (WsrmRefused, UnreachableError, RemoteWireError) as error:
            if not transport.failed:  # an answer of 200 that is no success
                session.report(LoadOperation.EMPTY_QUEUE, self.channel, Exchange(None, 0.0), str(error), None)


class PairedUser(User):
    """The one caller of a comparison, from its first round to its last."""

    abstract = False
    fixed_count = 1

    @task
    def compare(self) -> None:
        """Play all rounds, and leave what stands behind SOAP as it was."""
        session = LoadUser.session
        run = session.run
        if run.control is None:
            PairedComparison(session, lambda backend: None).play()
        else:
            with HttpTransport(run.control, access=run.control_tls.access()) as transport:
                api = Control(transport)
                before = api.status().backend
                try:
                    PairedComparison(session, api.force_backend).play()
                finally:
                    api.force_backend(None)
                    if api.status().backend is not before and before is not PrsSoap.WITHDRAWN:
                        api.force_backend(before)  # it was forced before the run
        session.finished = True
        raise StopUser


class _ReportedTransport:
    """A `Transport` whose calls are reported as calls that empty the queue; the first one was due."""

    def __init__(self, session: LoadSession, due: float | None) -> None:
        self._session = session
        self._due = due
        self.failed = False

    def send(self, call: Call) -> Response:
        """Send, time and report.

        Raises:
            UnreachableError: no answer came.
        """
        session, due = self._session, self._due
        self._due = None
        exchange = session.exchange(call, LoadOperation.EMPTY_QUEUE, QueueUser.channel, due)
        error = exchange.error
        if exchange.answer is not None and exchange.answer.status != 200:
            error = f"status {exchange.answer.status}"
        self.failed = bool(error)
        session.report(LoadOperation.EMPTY_QUEUE, QueueUser.channel, exchange, error, due)
        if exchange.answer is None:
            raise UnreachableError(call.path)
        return exchange.answer


TRAFFIC_USERS: tuple[type[LoadUser], ...] = (RestUser, SoapUser, QueueUser)
