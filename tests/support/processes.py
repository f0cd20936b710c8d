"""Start `generalproeve up` in a process of its own, wait until it reports that it is ready, and end it."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


def accept_ctrl_c() -> None:
    """Restore the handler of SIGINT: a background process of a shell ignores it, and its children inherit that."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def accept_signals() -> None:
    """Restore the handlers of the signals that end a process: one started by `nohup` or in the background ignores some."""
    accept_ctrl_c()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


@dataclass
class StageProcess:
    """A running stage in a process of its own; `ready` is its JSON report."""

    popen: subprocess.Popen[str]
    ready: dict[str, Any]

    @property
    def services(self) -> str:
        return str(self.ready["services"])

    @property
    def control(self) -> str:
        return str(self.ready["control"])

    def kill(self) -> None:
        """Kill the process and wait for its end."""
        self.popen.kill()
        self.popen.wait(timeout=30)

    def interrupt(self) -> int:
        """Send SIGINT like Ctrl-C and return the exit code."""
        self.popen.send_signal(signal.SIGINT)
        return self.popen.wait(timeout=30)


@contextlib.contextmanager
def stage_process(
    *flag: str, folder: Path, python: str = sys.executable, program: tuple[str, ...] = ("-m", "generalproeve")
) -> Iterator[StageProcess]:
    """Run `generalproeve up --json` in that folder; the process is killed at the end of the block."""
    command = [python, *program, "up", "--json", "--port", "0", *flag]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as popen:
        try:
            assert popen.stdout is not None
            line = popen.stdout.readline()
            if not line:
                assert popen.stderr is not None
                raise AssertionError(f"the stage did not start: {popen.stderr.read()}")
            yield StageProcess(popen, json.loads(line))
        finally:
            if popen.poll() is None:
                popen.kill()


def bent_stage_process(
    command: Path, builder: str, *flag: str, folder: Path
) -> contextlib.AbstractContextManager[StageProcess]:
    """Run a stage with planted faults on a frozen clock, with its database stage.db in that folder."""
    always = ("--control-port", "0", "--db", "stage.db", "--clock", "2024-11-18T09:00:00+01:00")
    return stage_process(*always, *flag, folder=folder, program=(str(command), builder))
