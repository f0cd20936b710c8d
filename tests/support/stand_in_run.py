"""Play scenes with the stand-in party in one or more roles, in processes of their own."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PART = Path(__file__).parent / "stand_in.py"


@dataclass(frozen=True)
class Played:
    """How a run went: its scenes, its exit code, and the tasks with how they went."""

    scenarios: list[dict[str, Any]]
    code: int
    tasks: list[dict[str, Any]]

    def verdict(self) -> dict[str, str]:
        """Return why each scene fell that did not pass and was not left out."""
        return {
            scenario["stage"]: scenario["reason"]
            for scenario in self.scenarios
            if scenario["verdict"] not in {"passed", "omitted"}
        }


@contextlib.contextmanager
def begun(
    folder: Path, target: str, cast: Sequence[str], *flag: str, errors: str = "", deadline: float = 10
) -> Iterator[subprocess.Popen[str]]:
    """Begin a run and its stand-in; both are ended with the block."""
    tasks = folder / "tasks.ndjson"
    command = [sys.executable, "-m", "generalproeve", "test", target, "--out", "out", "--json", "--tasks", str(tasks)]
    command += [part_ for item in cast for part_ in ("--cast", item)]
    command += ["--unattended", "--cast-deadline", str(deadline), *flag]
    with (
        subprocess.Popen([sys.executable, str(PART), str(tasks), errors], cwd=folder) as part,
        subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True, encoding="utf-8") as run,
    ):
        try:
            yield run
        finally:
            for item in (run, part):
                if item.poll() is None:
                    item.terminate()


def finished(folder: Path, run: subprocess.Popen[str]) -> Played:
    """Wait until a run is over."""
    out, _ = run.communicate(timeout=600)
    linjer = (folder / "tasks.ndjson").read_text("utf-8").splitlines()
    return Played(json.loads(out)["scenes"], run.returncode, [json.loads(line) for line in linjer])


def scenario(
    folder: Path, target: str, cast: Sequence[str], *flag: str, errors: str = "", deadline: float = 10
) -> Played:
    """Play to the end."""
    with begun(folder, target, cast, *flag, errors=errors, deadline=deadline) as run:
        return finished(folder, run)
