"""Run `generalproeve` in this process: no start of an interpreter, which is most of the time of a short command."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from generalproeve import cli


@dataclass(frozen=True)
class Finished:
    """What a command printed."""

    stdout: str
    stderr: str


def run_command(*arguments: str, folder: Path, code: int = 0, **environment: str) -> Finished:
    """Run the command in the folder and require the exit code; the terminal is 200 columns wide."""
    isolation = CliRunner().isolation(env={"COLUMNS": "200", **environment})
    with contextlib.chdir(folder), isolation as (stdout, stderr, _):
        returned = cli.run(list(arguments))
        finished = Finished(stdout.getvalue().decode(), stderr.getvalue().decode())
    assert returned == code, finished.stdout + finished.stderr
    return finished
