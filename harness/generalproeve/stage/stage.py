"""The stage: start the reference and its neighbours on real loopback sockets, here or in a thread, and stop them."""

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
from generalproeve.base.sockets import address, bind
from generalproeve.settings.exposure import control_token, require_permission
from generalproeve.settings.stage import StageSettings
from generalproeve.settings.values import without_password
from generalproeve.stage.front import servere
from generalproeve.stage.http.server import Server, new_loop
from generalproeve.stage.latency import model as latency
from generalproeve.stage.log_lines import hold_log_clean
from generalproeve.stage.reference import REFERENCE, build_reference
from vos_contracts.contract import Contract
from vos_contracts.tables.releases import STANDARD
from vos_features.stage import StageAccess


@dataclass(frozen=True, slots=True)
class Stage:
    """A running stage: its addresses, its contract, where its data lie, the neighbour services that were left out,
    and the broker of the domain events as it may be shown (None: in the process). `control` None: it has no control API.
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
    """The release that it was started in."""
    latency: str | None = None
    """The model by which it was started to answer slowly."""

    @property
    def stage(self) -> StageAccess:
        """The stage as the suite is told of it: it can do everything."""
        return StageAccess(self.services, self.control, self.contract_folder)


Ready = Callable[[Stage], None]


class _Performance:
    """One run of a stage in one event loop."""

    def __init__(self, setup: StageSettings, builder: str) -> None:
        self._setup = setup
        self._builder = builder
        self._servere: list[Server] = []
        self._stopped = False

    def stop(self) -> None:
        """Ask the servers to finish what they have and end, also those that are not there yet."""
        self._stopped = True
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # a call cut off by the stop is no error
        for server in self._servere:
            server.should_exit = True

    def scenario(self, ready: Ready) -> None:
        """Build, bind, serve until stopped, close; `ready` is called when both ports answer."""
        setup = self._setup
        hold_log_clean()
        host, control_host = setup.host, setup.control_host
        require_permission((("host", host), ("control_host", control_host)), allowed=setup.allow_remote)
        token = control_token(setup.control_token, host, control_host)
        if setup.port == setup.control_port != 0:
            raise CannotRun(f"port and control_port are both {setup.port}: the control API needs a port of its own")
        slowly = None if setup.latency is None else latency.load(setup.latency)
        with contextlib.ExitStack() as cleanup:
            slots = [(host, setup.port), (control_host, setup.control_port)]
            sock = [bind(*room) for room in slots[: 2 if setup.control else 1]]
            for item in sock:
                cleanup.callback(item.close)
            db = setup.db
            if db is None:
                folder = cleanup.enter_context(tempfile.TemporaryDirectory(prefix="generalproeve-"))
                db = Path(folder) / "scene.db"
            application = build_reference(self._builder, setup, db)
            cleanup.callback(application.close)
            contract = application.runtime.contract
            stage = Stage(
                address(host, sock[0], "http" if setup.tls is None else "https"),
                address(control_host, sock[1], token=token) if setup.control else None,
                contract,
                setup.contract,
                db,
                setup.db is None,
                setup.without,
                None if setup.broker is None else without_password(setup.broker),
                setup.release,
                None if slowly is None else slowly.name,
            )
            self._servere = servere(application, setup, slowly, token)
            if self._stopped:
                self.stop()
            gc.collect()
            gc.freeze()  # what the stage was built of stays; only what calls leave behind is looked at again
            cleanup.callback(gc.unfreeze)
            with new_loop() as loop:
                loop.run_until_complete(self._server_to_stop(sock, application.run(), lambda: ready(stage)))

    async def _server_to_stop(
        self, sock: list[socket.socket], run: Coroutine[Any, Any, None], ready: Callable[[], None]
    ) -> None:
        """Serve, and let the stage do what it does by itself meanwhile."""
        works = asyncio.ensure_future(run)
        tasks = [
            asyncio.ensure_future(server.serve(sockets=[item]))
            for server, item in zip(self._servere, sock, strict=True)
        ]
        while not all(server.started for server in self._servere):
            if any(task.done() for task in tasks):
                break
            await asyncio.sleep(0.001)
        else:
            ready()
        try:
            await asyncio.gather(*tasks)
        finally:
            self.stop()  # all of it, where one has failed
            await asyncio.gather(*tasks, return_exceptions=True)
            works.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await works


def serve_until_signal(setup: StageSettings, ready: Ready, builder: str = REFERENCE) -> None:
    """Play a stage in this thread until SIGINT or SIGTERM; errors: CannotRun, or what `ready` raised.

    `ready` runs beside the stage's own loop, so that it may call the stage; if it fails, the stage ends.
    """
    performance = _Performance(setup, builder)
    breach: list[BaseException] = []

    def ved_signal(number: int, frame: FrameType | None) -> None:
        performance.stop()

    def ved_since_of(stage: Stage) -> None:
        def execute() -> None:
            try:
                ready(stage)
            except BaseException as exc:
                breach.append(exc)
                performance.stop()

        threading.Thread(target=execute, name="ready", daemon=True).start()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ved_signal)
    performance.scenario(ved_since_of)
    if breach:
        raise breach[0]


@contextlib.contextmanager
def embedded(setup: StageSettings, builder: str = REFERENCE) -> Iterator[Stage]:
    """Play a stage in a thread for as long as the block lasts; errors: CannotRun, or what broke the stage."""
    performance = _Performance(setup, builder)
    ready = threading.Event()
    is_open: list[Stage] = []
    breach: list[BaseException] = []

    def when_ready(stage: Stage) -> None:
        is_open.append(stage)
        ready.set()

    def execute() -> None:
        try:
            performance.scenario(when_ready)
        except BaseException as exc:
            breach.append(exc)
        finally:
            ready.set()

    thread = threading.Thread(target=execute, name="stage", daemon=True)
    thread.start()
    ready.wait()
    try:
        if is_open:
            yield is_open[0]
    finally:
        performance.stop()
        thread.join()
    if breach:
        raise breach[0]
