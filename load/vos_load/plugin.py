"""What makes a Locust run ours: its command-line options, what is prepared before users are spawned, and what is kept after.

A run is prepared by the process that the command line started (alone or as master), which tells its workers; every process
records its own users' calls, and the master adds them up.
"""

from __future__ import annotations

import json
import logging
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gevent
import msgspec
from locust import events
from locust.env import Environment
from locust.runners import LocalRunner, MasterRunner, WorkerRunner

from vos_contracts.base import stopwatch
from vos_contracts.control.stage import RunKind
from vos_contracts.wire.base import RemoteWireError, UnreachableError
from vos_load.load_profile import LoadProfileError
from vos_load.options import (
    DEFAULT_HOST,
    DEFAULT_PROFILE,
    LoadTestError,
    add_options,
    check_host,
    describe_run,
    read_profile,
)
from vos_load.recording import NightlyRunRecord, Recording, add_up, pack, unpack
from vos_load.report import describe_machine, write_report
from vos_load.run import LoadRun, asked_citizens
from vos_load.session import LoadSession
from vos_load.shape import ProfileShape
from vos_load.summary import summarise
from vos_load.users import TRAFFIC_USERS, LoadUser, PairedUser, QueueUser
from vos_load.verdicts import EXIT_CODES, judge
from vos_simulators.control import Control, ControlRefused
from vos_simulators.transport import HttpTransport

PROFILE_SPAWN_RATE = 1000.0
"""Users a second where the profile decides how many there are: at once."""
WORKERS_READY_S = 60.0
"""How long workers may take to get ready: each reads the contract, which takes half a second of a core."""
PREFIX = "vos_load: "
"""Begins the line on standard error that says why a run could not be made."""

logger = logging.getLogger(__name__)


events.init_command_line_parser.add_listener(add_options)


def set_up(environment: Environment, **_: object) -> None:
    """Read the options, and take part in the run."""
    logging.getLogger("httpx").setLevel(logging.WARNING)  # a line for each call to the control API
    if isinstance(environment.runner, WorkerRunner):
        _WorkerPart(environment, environment.runner)
        return
    try:
        test = LoadTest(environment)
    except (LoadTestError, LoadProfileError) as error:
        sys.exit(f"{PREFIX}{error}")
    assert isinstance(environment.shape_class, ProfileShape), "the locustfile has it"
    environment.shape_class.test = test
    ProfileShape.use_common_options = test.users_given  # without --users the page has no fields that the shape ignores


events.init.add_listener(set_up)


def _begin_with(environment: Environment, begin: Any) -> None:
    """Call `begin` when the run begins: closed users at once, open traffic when all its users are there."""
    environment.events.test_start.add_listener(lambda environment, **_: begin(when_open=False))
    environment.events.spawning_complete.add_listener(lambda user_count, **_: begin(when_open=True))


class _Process:
    """What master-less process and worker have in common: a session, and the notes of its users' calls."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.session: LoadSession | None = None
        self._begun = False
        environment.events.request.add_listener(self._record)

    def start_session(self, run: LoadRun, index: int = 0, processes: int = 1) -> None:
        """Take a run on; its users come next."""
        self.session = LoadUser.session = LoadSession(self.environment, run, index, processes)
        self._begun = False

    def begin_session(self, *, when_open: bool) -> None:
        """Start the run's clock, once."""
        if self.session is not None and not self._begun and self.session.open is when_open:
            self._begun = True
            self.session.begin()

    def _record(
        self,
        request_type: str,
        name: str,
        response_time: float,
        exception: object,
        context: Mapping[str, Any],
        **_: object,
    ) -> None:
        if self.session is None:
            return
        t, due = self.session.t(), context.get("due")
        from_due = None if due is None else (t - due) * 1000
        self.session.recorder.call(t, name, request_type, response_time, from_due, str(exception) if exception else "")


class _WorkerPart(_Process):
    """A worker's part: it is told the run by its master, and sends what it has recorded with Locust's own reports."""

    def __init__(self, environment: Environment, runner: WorkerRunner) -> None:
        super().__init__(environment)
        self._runner = runner
        environment.process_exit_code = 0  # the master's verdict counts
        runner.register_message("load_run", self._receive)
        _begin_with(environment, self.begin_session)
        environment.events.report_to_master.add_listener(self._report)

    def _receive(self, environment: Environment, msg: Any) -> None:
        run = msgspec.json.decode(msg.data["run"], type=LoadRun)
        self.start_session(run, int(msg.data["index"]), int(msg.data["processes"]))
        self._runner.send_message("load_ready")

    def _report(self, client_id: str, data: dict[str, Any]) -> None:
        if self.session is None:
            return
        if self._begun and self.session.t() > self.session.run.seconds and not self._runner.user_count:
            self.session.close()
            data["load_done"] = True
        data["load_recording"] = pack(self.session.recorder.take())


class LoadTest(_Process):
    """The run as the process that the command line started sees it."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        options: Any = environment.parsed_options
        self.options = options
        runner = environment.runner
        assert isinstance(runner, LocalRunner | MasterRunner), "workers have their own part"
        self.runner = runner
        self.master = runner if isinstance(runner, MasterRunner) else None
        self.users_given = options.num_users is not None
        self.broken = ""
        self._given_run: LoadRun | None = None
        if options.run_file:
            self._given_run = msgspec.json.decode(Path(options.run_file).read_bytes(), type=LoadRun)
        self.profile = read_profile(options) if self._given_run is None else self._given_run.profile
        self.run: LoadRun
        self.stage: dict[str, str] = {}
        self.user_count = 0
        self.spawn_rate = float(options.spawn_rate or 1) if self.users_given else PROFILE_SPAWN_RATE
        self._begun_at: float | None = None
        self._finished = False
        self._workers: set[str] = set()
        self._ready_workers: set[str] = set()
        self._done_workers: set[str] = set()
        if self.master is not None:
            self.master.register_message("load_ready", lambda environment, msg: self._ready_workers.add(msg.node_id))
        self._parts: list[Recording] = []
        self._nightly: gevent.Greenlet | None = None
        self._nightly_run: NightlyRunRecord | None = None
        if environment.host is None and options.headless:
            environment.host = DEFAULT_HOST
        if environment.host is not None and self._given_run is None:
            check_host(options, environment.host)
        self._choose_users()
        _begin_with(environment, self._begin)
        environment.events.worker_report.add_listener(self._add_part)
        environment.events.quitting.add_listener(self._quitting)
        if options.result_file:
            gevent.signal_handler(signal.SIGINT, self._interrupt)
            gevent.spawn(self._tell_progress)

    def _choose_users(self) -> None:
        """Leave the kinds of user that the profile has calls for, weighted by its mix."""
        environment = self.environment
        environment._filter_tasks_by_tags()
        profile = self.profile
        if profile.pairs is not None:
            if self.master is not None:
                raise LoadTestError("a comparison is one call at a time: no --master or --processes")
            environment.user_classes[:] = [PairedUser]
            return
        kinds = [kind for kind in TRAFFIC_USERS if kind in environment.user_classes and kind.share(profile) > 0]
        for kind in kinds:
            kind.weight = kind.share(profile)
            if profile.users is not None and kind is QueueUser and len(kinds) > 1:
                kind.fixed_count = int(profile.users.count > 1 and round(profile.users.count * kind.weight) >= 1)
                kind.weight = 0.0
        if profile.users is not None:
            kinds = [kind for kind in kinds if kind.weight or kind.fixed_count]
        if not kinds:
            raise LoadTestError("the profile has no calls for these users and tags")
        environment.user_classes[:] = kinds

    def prepare(self) -> bool:
        """Get the run ready before users are spawned: citizens, clock, workers. False where it cannot be, which is logged."""
        try:
            self._prepare()
        except LoadTestError as error:
            self.broken = str(error)
        except (UnreachableError, RemoteWireError, ControlRefused, msgspec.DecodeError) as error:
            self.broken = f"the stage cannot be prepared: {error}"
        if self.broken:
            logger.error("%s", self.broken)
        return not self.broken

    def _prepare(self) -> None:
        self.broken, self._finished, self._begun_at, self._parts = "", False, None, []
        if self._given_run is not None:
            self.run = self._given_run
        else:
            self.run, self.stage = describe_run(self.options, self.profile, self.environment.host)
        pairs = self.profile.pairs
        if pairs is not None:
            needed = pairs.block * len(self.run.columns) + asked_citizens(self.run)
            if len(self.run.citizens) < needed:
                raise LoadTestError(
                    f"people: {len(self.run.citizens)} are too few; a round of the comparison takes {needed}"
                )
        if self.profile.nightly is not None and self.run.control is None:
            raise LoadTestError("the profile's nightly needs a control API; give --control")
        self.environment.stop_timeout = self.environment.stop_timeout or self.run.timeout
        processes = 1
        if self.master is None:
            self.start_session(self.run)
        else:
            processes = self._tell_workers(self.master)
        if pairs is not None:
            self.user_count = 1
        elif self.profile.users is not None:
            self.user_count = self.profile.users.count
        else:
            for kind in TRAFFIC_USERS:
                kind.fixed_count = kind.open_count(self.run, processes) if kind in self.environment.user_classes else 0
            self.user_count = sum(kind.fixed_count for kind in TRAFFIC_USERS)

    def _tell_workers(self, master: MasterRunner) -> int:
        """Send the run to the workers, without the control API, which they do not use."""
        clients = [*master.clients.ready, *master.clients.running, *master.clients.spawning]
        if not clients:
            raise LoadTestError("no worker has come")
        if len(self.run.citizens) < len(clients):
            raise LoadTestError(f"people: {len(self.run.citizens)} cannot be divided over {len(clients)} processes")
        told = msgspec.json.encode(msgspec.structs.replace(self.run, control=None)).decode()
        self._workers, self._ready_workers, self._done_workers = {client.id for client in clients}, set(), set()
        for index, client in enumerate(clients):
            data = {"run": told, "index": index, "processes": len(clients)}
            master.send_message("load_run", data, client_id=client.id)
        deadline = stopwatch.seconds() + WORKERS_READY_S
        while not self._workers <= self._ready_workers:
            if stopwatch.seconds() > deadline:
                raise LoadTestError(f"the workers did not get ready within {WORKERS_READY_S:.0f} seconds")
            gevent.sleep(0.02)
        return len(clients)

    def _begin(self, *, when_open: bool) -> None:
        if self._begun_at is not None or (self.profile.rate is not None) is not when_open:
            return
        self._begun_at = stopwatch.seconds()
        self.begin_session(when_open=when_open)
        if self.profile.nightly is not None:
            self._nightly = gevent.spawn(self._run_nightly)

    def over(self, settle: float) -> bool:
        """Return whether the run's time is up, or everything done, or workers lost."""
        if self.session is not None and self.session.finished:
            return True
        if self._lost_workers():
            return True
        if self._begun_at is None or self.profile.pairs is not None:
            return self._begun_at is not None and not self.runner.user_count
        return stopwatch.seconds() - self._begun_at > self.run.seconds + settle

    def drained(self) -> bool:
        """Return whether all calls under way have been answered and recorded."""
        if self._nightly is not None and not self._nightly.ready():
            return False
        if self.master is None:
            return not self.runner.user_count
        return self._workers - self._lost_workers() <= self._done_workers

    def finish(self) -> None:
        """Note that the run has come to its end by itself."""
        self._finished = True
        if lost := self._lost_workers():
            self.broken = f"{len(lost)} of {len(self._workers)} workers were lost"

    def _lost_workers(self) -> set[str]:
        if self.master is None:
            return set()
        clients = self.master.clients
        return self._workers - {client.id for client in (*clients.ready, *clients.spawning, *clients.running)}

    def _add_part(self, client_id: str, data: dict[str, Any]) -> None:
        if "load_recording" in data:
            self._parts.append(unpack(data["load_recording"]))
            self._parts = [add_up(self._parts[0].width, self._parts)]
        if data.get("load_done"):
            self._done_workers.add(client_id)

    def _run_nightly(self) -> None:
        """Run the nightly jobs beside the traffic, when their time has come."""
        assert self.profile.nightly is not None, "asked for"
        assert self.run.control is not None, "checked before"
        started = stopwatch.seconds()
        gevent.sleep(self.profile.nightly.at * self.run.seconds)
        begun = stopwatch.seconds() - started
        with HttpTransport(self.run.control, timeout=None, access=self.run.control_tls.access()) as transport:
            done = Control(transport).batch(RunKind.FULL)
        self._nightly_run = NightlyRunRecord(
            begun=begun, ended=stopwatch.seconds() - started, seen=done.seen, changed=done.changed
        )  # fmt: skip

    def recording(self) -> Recording | None:
        """Return what was measured; None where no run was begun."""
        if self._begun_at is None:
            return None
        if self.session is not None:
            self.session.close()
            self._parts.append(self.session.recorder.take())
        whole = add_up(self._parts[0].width if self._parts else 1.0, self._parts)
        elapsed = stopwatch.seconds() - (self._begun_at if self.session is None else self.session.started)
        timed = self._finished and self.profile.pairs is None
        whole.seconds = min(elapsed, self.run.seconds) if timed else elapsed
        whole.interrupted = not self._finished
        whole.nightly = self._nightly_run
        return whole

    def _quitting(self, environment: Environment, **_: object) -> None:
        """Keep what was measured, and let the profile's thresholds decide the exit code."""
        for exception in self.runner.exceptions.values():
            self.broken = self.broken or str(exception["msg"])
        if self.broken:
            sys.stderr.write(f"{PREFIX}{self.broken}\n")
            environment.process_exit_code = 2
            return
        recording = self.recording()
        if recording is None:
            return
        if self.options.result_file:
            Path(self.options.result_file).write_bytes(msgspec.json.encode(recording))
            environment.process_exit_code = 0
            return
        result = summarise(
            recording, self.profile, name=self.options.profile or DEFAULT_PROFILE, seed=self.run.seed,
            started=self.run.clock.isoformat(timespec="seconds"), stage=self.stage, machine=describe_machine(),
        )  # fmt: skip
        judge(result, self.profile.threshold, nightly_expected=self.profile.nightly is not None)
        environment.process_exit_code = EXIT_CODES[result.verdict]
        logger.info("Verdict of the profile's thresholds: %s %s", result.verdict, result.not_judged or "")
        if self.options.report:
            logger.info("Report: %s", write_report(result, Path(self.options.report))["report.html"])

    def _interrupt(self) -> None:
        """End the run at once, and keep what was measured until now."""
        self.environment.stop_timeout = 0.0
        self.runner.quit()
        if self.environment.web_ui is not None:
            self.environment.web_ui.stop()

    def _tell_progress(self) -> None:
        """Tell the process that started us how far the run has come: one JSON line a second on standard output."""
        if self.environment.web_ui is not None:
            _print({"ui": f"http://{self.options.web_host}:{self.options.web_port}"})
        if self.master is not None:
            _print({"master": f"{self.options.master_bind_host}:{self.options.master_bind_port}"})
        while True:
            gevent.sleep(1.0)
            if self._begun_at is not None:
                total = self.environment.stats.total
                said: dict[str, object] = {"t": round(stopwatch.seconds() - self._begun_at, 1)}
                if self.session is not None and self.profile.pairs is not None:
                    said["round"] = self.session.rounds_played
                _print({**said, "calls": total.num_requests, "errors": total.num_failures})


def _print(said: Mapping[str, object]) -> None:
    print(json.dumps(said), flush=True)  # noqa: T201 - the line to the process that started us
