"""Start the real command in a process of its own, wait until it says that it is ready, and end it."""

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


def hoerer_ctrl_c() -> None:
    """What a shell starts in the background ignores Ctrl-C, and so would all that it starts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass
class Proces:
    """A stage that runs in its own process."""

    popen: subprocess.Popen[str]
    klar: dict[str, Any]

    @property
    def tjenester(self) -> str:
        return str(self.klar["services"])

    @property
    def styring(self) -> str:
        return str(self.klar["control"])

    def draeb(self) -> None:
        """Kill without warning."""
        self.popen.kill()
        self.popen.wait(timeout=30)

    def afbryd(self) -> int:
        """Interrupt as Ctrl-C does, and return the exit code."""
        self.popen.send_signal(signal.SIGINT)
        return self.popen.wait(timeout=30)


@contextlib.contextmanager
def scene_i_proces(
    *flag: str, mappe: Path, python: str = sys.executable, program: tuple[str, ...] = ("-m", "generalproeve")
) -> Iterator[Proces]:
    """Run `generalproeve up --json` in that folder."""
    kommando = [python, *program, "up", "--json", "--port", "0", *flag]
    with subprocess.Popen(
        kommando, cwd=mappe, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as popen:
        try:
            assert popen.stdout is not None
            linje = popen.stdout.readline()
            if not linje:
                assert popen.stderr is not None
                raise AssertionError(f"the stage did not start: {popen.stderr.read()}")
            yield Proces(popen, json.loads(linje))
        finally:
            if popen.poll() is None:
                popen.kill()


def boejet_scene_i_proces(
    kommando: Path, bygger: str, *flag: str, mappe: Path
) -> contextlib.AbstractContextManager[Proces]:
    """Run a bent stage on a rehearsal's day, with its data in scene.db in that folder."""
    altid = ("--control-port", "0", "--db", "scene.db", "--clock", "2024-11-18T09:00:00+01:00")
    return scene_i_proces(*altid, *flag, mappe=mappe, program=(str(kommando), bygger))
