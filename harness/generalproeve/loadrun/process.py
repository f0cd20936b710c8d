"""The Locust process that makes the calls: started with a run, listened to, and asked for what it measured.

Not here: what the figures mean (`vos_load.summary`).
"""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import msgspec
import psutil

from generalproeve.base.exit_codes import CannotRun
from generalproeve.base.sockets import bind
from vos_load import locustfile
from vos_load.recording import Recording
from vos_load.run import LoadRun

STOP_S = 20.0
"""How long a process may take to end when it is asked to; then it is killed."""
MIB = 2**20
PREFIX = "vos_load: "
"""Begins the line in which a Locust process says why it could not run."""

Progress = Callable[[Mapping[str, Any]], None]
"""Hears each line that the process says."""


@dataclass(slots=True)
class Measured:
    """What was measured, and the stage's memory in MiB by second."""

    recording: Recording
    memory: list[tuple[float, float]] = field(default_factory=list)


def make_calls(
    run: LoadRun,
    progress: Progress,
    *,
    processes: int = 1,
    ui: int | None = None,
    master: str | None = None,
    pid: int | None = None,
) -> Measured:
    """Make the calls in one process, in several of this machine, or by workers that come to `master` (HOST:PORT).

    Raises:
        CannotRun: the process could not make them.
    """
    with tempfile.TemporaryDirectory(prefix="generalproeve-load-") as folder:
        run_file, result_file, errors = (
            Path(folder, "run.json"),
            Path(folder, "result.json"),
            Path(folder, "errors.txt"),
        )
        run_file.write_bytes(msgspec.json.encode(run))
        flags = ["--run-file", str(run_file), "--result-file", str(result_file), "--host", run.services]
        flags += ["--headless"] if ui is None else ["--web-host", "127.0.0.1", "--web-port", str(ui)]
        if master is not None:
            flags += [
                "--master",
                "--expect-workers",
                str(processes),
                "--expect-workers-max-wait",
                "60",
                *_at("bind-", master),
            ]
        elif processes > 1:
            own = f"127.0.0.1:{_free_port()}"
            flags += ["--processes", str(processes), *_at("bind-", own), *_at("", own)]
        with started_process([*_locust(), *flags], errors) as process:
            assert process.stdout is not None
            with _forward_interrupt(process):
                memory = _listen(process.stdout, progress, pid)
            if process.wait(STOP_S) != 0 or not result_file.is_file():
                raise CannotRun(f"the calls could not be made: {_reason(errors)}")
        return Measured(msgspec.json.decode(result_file.read_bytes(), type=Recording, strict=False), memory)


def work_for(master: str) -> int:
    """Be a worker of a master on this or another machine; return the process's exit code."""
    return subprocess.run([*_locust(), "--worker", *_at("", master)], check=False).returncode


@contextlib.contextmanager
def started_process(
    command: Sequence[str], errors: Path, *, own_session: bool = False
) -> Iterator[subprocess.Popen[str]]:
    """Run a process for as long as the block lasts; its standard error goes to a file, which never fills as a pipe does.

    In a session of its own no Ctrl-C reaches it.
    """
    with errors.open("w", encoding="utf-8") as opened:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=opened, text=True, start_new_session=own_session
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _locust() -> list[str]:
    return [sys.executable, "-m", "locust", "-f", str(locustfile()), "--skip-log-setup"]


def _at(kind: str, address: str) -> list[str]:
    host, _, port = address.rpartition(":")
    return [f"--master-{kind}host", host, f"--master-{kind}port", port]


def _reason(errors: Path) -> str:
    lines = errors.read_text("utf-8", "replace").strip().splitlines()
    own = [line.removeprefix(PREFIX) for line in lines if line.startswith(PREFIX)]
    return "".join((own or lines)[-1:])


def _listen(lines: IO[str], progress: Progress, pid: int | None) -> list[tuple[float, float]]:
    """Hand on what the process says, and read the stage's memory each time."""
    memory: list[tuple[float, float]] = []
    stage = None if pid is None else psutil.Process(pid)
    for line in lines:
        said = json.loads(line)
        if "t" in said and stage is not None:
            with contextlib.suppress(psutil.Error):
                memory.append((float(said["t"]), round(stage.memory_info().rss / MIB, 2)))
        progress(said)
    return memory


@contextlib.contextmanager
def _forward_interrupt(process: subprocess.Popen[str]) -> Iterator[None]:
    """Let Ctrl-C end the calls, so that what was measured until then is reported; a terminal sends it to both."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda number, _: process.send_signal(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _free_port() -> int:
    socket = bind("127.0.0.1", 0)
    port = int(socket.getsockname()[1])
    socket.close()
    return port
