"""The stage: run the reference and the neighbour services on loopback sockets, in this thread or another one."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from generalproeve.base.exit_codes import CannotRun
from generalproeve.base.masking import mask, visible
from generalproeve.base.sockets import address, bind
from generalproeve.settings.exposure import control_token, require_permission
from generalproeve.settings.stage import StageSettings
from generalproeve.settings.values import without_password
from generalproeve.stage.front import new_servers
from generalproeve.stage.http.server import Server, new_loop
from generalproeve.stage.latency import model as models
from generalproeve.stage.reference import REFERENCE, build_reference
from vos_contracts.contract import Contract
from vos_contracts.tables.releases import STANDARD
from vos_features.stage import StageAccess


class LogLine(logging.Formatter):
    """Formats a record and its traceback, masked and escaped."""

    def format(self, record: logging.LogRecord) -> str:
        """Format, then mask and escape."""
        return visible(mask(super().format(record)))


def mask_log_records() -> None:
    """Use this formatter for logging's handler of last resort: the stage configures no logging of its own."""
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(LogLine())


STARTED_EVERY_S = 0.001
"""Polling interval for uvicorn's `started`, which has no event to wait for."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A running stage.

    `services` and `control` are base URLs; `control` is None without a control API. `broker` is the URL of the RabbitMQ
    with its password masked, None for the in-process broker. `release` and `latency` are those it was started with.
    """

    services: str
    control: str | None
    contract: Contract
    contract_folder: Path | None
    db: Path
    db_is_temporary: bool
    without: tuple[str, ...] = ()
    broker: str | None = None
    release: str = STANDARD
    latency: str | None = None

    @property
    def stage(self) -> StageAccess:
        """The stage as the suite takes it, with all capabilities."""
        return StageAccess(self.services, self.control, self.contract_folder)


Ready = Callable[[Stage], None]


class _StageRun:
    """One run of a stage in one event loop, from binding to closing."""

    def __init__(self, settings: StageSettings, builder: str) -> None:
        self._settings = settings
        self._builder = builder
        self._servers: list[Server] = []
        self._stopped = False

    def stop(self) -> None:
        """Ask the servers to finish their requests and exit; also takes effect on servers that are yet to be made."""
        self._stopped = True
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # a request cut off by the stop is no error
        for server in self._servers:
            server.should_exit = True

    def serve(self, ready: Ready) -> None:
        """Bind, build, serve until stopped, close; `ready` is called when all ports answer.

        Raises:
            CannotRun: a setting, a port, the contract or the latency model cannot be used.
        """
        settings = self._settings
        mask_log_records()
        host, control_host = settings.host, settings.control_host
        require_permission((("host", host), ("control_host", control_host)), allowed=settings.allow_remote)
        token = control_token(settings.control_token, host, control_host)
        if settings.port == settings.control_port != 0:
            raise CannotRun(f"port and control_port are both {settings.port}: the control API needs a port of its own")
        latency = None if settings.latency is None else models.load(settings.latency)
        with contextlib.ExitStack() as cleanup:
            endpoints = [(host, settings.port), (control_host, settings.control_port)]
            sockets = [bind(*endpoint) for endpoint in endpoints[: 2 if settings.control else 1]]
            for sock in sockets:
                cleanup.callback(sock.close)
            db = settings.db
            if db is None:
                folder = cleanup.enter_context(tempfile.TemporaryDirectory(prefix="generalproeve-"))
                db = Path(folder) / "stage.db"
            application = build_reference(self._builder, settings, db)
            cleanup.callback(application.close)
            stage = Stage(
                services=address(host, sockets[0], "http" if settings.tls is None else "https"),
                control=address(control_host, sockets[1], token=token) if settings.control else None,
                contract=application.runtime.contract,
                contract_folder=settings.contract,
                db=db,
                db_is_temporary=settings.db is None,
                without=settings.without,
                broker=None if settings.broker is None else without_password(settings.broker),
                release=settings.release,
                latency=None if latency is None else latency.name,
            )
            self._servers = new_servers(application, settings, latency, token)
            if self._stopped:
                self.stop()
            gc.collect()
            gc.freeze()  # the objects of the start are long-lived: later collections look at those of requests only
            cleanup.callback(gc.unfreeze)
            with new_loop() as loop:
                loop.run_until_complete(self._serve_until_stopped(sockets, application.run(), lambda: ready(stage)))

    async def _serve_until_stopped(
        self, sockets: list[socket.socket], background: Coroutine[Any, Any, None], ready: Callable[[], None]
    ) -> None:
        """Serve on the sockets with the background work beside; if one server fails, stop the others."""
        background_task = asyncio.ensure_future(background)
        tasks = [
            asyncio.ensure_future(server.serve(sockets=[sock]))
            for server, sock in zip(self._servers, sockets, strict=True)
        ]
        while not all(server.started for server in self._servers):
            if any(task.done() for task in tasks):
                break
            await asyncio.sleep(STARTED_EVERY_S)
        else:
            ready()
        try:
            await asyncio.gather(*tasks)
        finally:
            self.stop()
            await asyncio.gather(*tasks, return_exceptions=True)
            background_task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await background_task


def serve_until_signal(settings: StageSettings, ready: Ready, builder: str = REFERENCE) -> None:
    """Run a stage in this thread until SIGINT or SIGTERM.

    `ready` runs in a thread of its own, so that it may call the stage; if it raises, the stage stops.

    Raises:
        CannotRun: the stage cannot be started.
        BaseException: whatever `ready` raised.
    """
    run = _StageRun(settings, builder)
    failures: list[BaseException] = []

    def on_signal(number: int, frame: FrameType | None) -> None:
        run.stop()

    def on_ready(stage: Stage) -> None:
        def execute() -> None:
            try:
                ready(stage)
            except BaseException as error:
                failures.append(error)
                run.stop()

        threading.Thread(target=execute, name="ready", daemon=True).start()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, on_signal)
    run.serve(on_ready)
    if failures:
        raise failures[0]


@contextlib.contextmanager
def embedded(settings: StageSettings, builder: str = REFERENCE) -> Iterator[Stage]:
    """Run a stage in a thread for as long as the block lasts.

    Raises:
        CannotRun: the stage cannot be started.
        BaseException: the error that ended the stage early.
    """
    run = _StageRun(settings, builder)
    ready = threading.Event()
    started: list[Stage] = []
    failures: list[BaseException] = []

    def on_ready(stage: Stage) -> None:
        started.append(stage)
        ready.set()

    def execute() -> None:
        try:
            run.serve(on_ready)
        except BaseException as error:
            failures.append(error)
        finally:
            ready.set()

    thread = threading.Thread(target=execute, name="stage", daemon=True)
    thread.start()
    ready.wait()
    try:
        if started:
            yield started[0]
    finally:
        run.stop()
        thread.join()
    if failures:
        raise failures[0]
