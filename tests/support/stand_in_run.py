"""Run scenarios with the stand-in in one or more roles; the run and the stand-in are processes of their own."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STAND_IN = Path(__file__).parent / "stand_in.py"


@dataclass(frozen=True)
class Played:
    """A finished run: its scenarios, exit code, and the lines of its task file."""

    scenarios: list[dict[str, Any]]
    code: int
    tasks: list[dict[str, Any]]

    def verdict(self) -> dict[str, str]:
        """Return the reason of every scenario that neither passed nor was omitted, by name."""
        return {
            scenario["scenario"]: scenario["reason"]
            for scenario in self.scenarios
            if scenario["verdict"] not in {"passed", "omitted"}
        }


@contextlib.contextmanager
def started(
    folder: Path, target: str, cast: Sequence[str], *flags: str, mistake: str = "", deadline: float = 10
) -> Iterator[subprocess.Popen[str]]:
    """Start a run and its stand-in; both are terminated at the end of the block."""
    tasks = folder / "tasks.ndjson"
    command = [sys.executable, "-m", "generalproeve", "test", target, "--out", "out", "--json", "--tasks", str(tasks)]
    command += [argument for choice in cast for argument in ("--cast", choice)]
    command += ["--unattended", "--cast-deadline", str(deadline), *flags]
    with (
        subprocess.Popen([sys.executable, str(STAND_IN), str(tasks), mistake], cwd=folder) as stand_in,
        subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True, encoding="utf-8") as run,
    ):
        try:
            yield run
        finally:
            for process in (run, stand_in):
                if process.poll() is None:
                    process.terminate()


def finished(folder: Path, run: subprocess.Popen[str]) -> Played:
    """Wait for the end of a run and return its result."""
    out, _ = run.communicate(timeout=600)
    lines = (folder / "tasks.ndjson").read_text("utf-8").splitlines()
    return Played(json.loads(out)["scenarios"], run.returncode, [json.loads(line) for line in lines])


def play(
    folder: Path, target: str, cast: Sequence[str], *flags: str, mistake: str = "", deadline: float = 10
) -> Played:
    """Start a run with its stand-in and wait for its end."""
    with started(folder, target, cast, *flags, mistake=mistake, deadline=deadline) as run:
        return finished(folder, run)
