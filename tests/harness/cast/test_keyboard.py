"""The terminal instructor, driven through a pseudo-terminal: instruction, countdown and keys."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from support.processes import accept_ctrl_c
from vos_contracts.base import stopwatch

pty, termios = pytest.importorskip("pty"), pytest.importorskip("termios")
DEADLINE_S = 90.0
_CONTROL_CHARACTERS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_COUNTER = re.compile(r"venter på kaldet, (\d+) s +s spring over +r prøv igen +g giv op")
CHOICE = "overgår til kontaktgruppe 23"
STEP = "Når jobcentret registrerer kontaktgruppe 23 via PVS"
Play = Callable[..., "Terminal"]


class Terminal:
    """The command `test`, run in a pseudo-terminal."""

    def __init__(self, folder: Path, *flag: str) -> None:
        self._folder = folder
        self._ours, self._its = pty.openpty()
        self.initial_modes = termios.tcgetattr(self._its)[3]
        self.output = ""
        self._consumed = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "generalproeve", "test", "embedded:", "--cast", "kss=external:0", "--out", "out", *flag],
            cwd=folder, stdin=self._its, stdout=self._its, stderr=self._its, start_new_session=True,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "200", "LINES": "50"},  # noqa: TID251 - the child's terminal
            preexec_fn=accept_ctrl_c,
        )  # fmt: skip

    def wait(self, on: Callable[[str], object]) -> str:
        """Read until the output since the last wait satisfies `on`; return that output."""
        deadline = stopwatch.seconds() + DEADLINE_S
        while not on(self.output[self._consumed :]):
            remaining = deadline - stopwatch.seconds()
            assert remaining > 0, f"it never output; this did: {self.output[self._consumed :][-2000:]}"
            if select.select([self._ours], [], [], min(remaining, 0.2))[0]:
                self.output += _CONTROL_CHARACTERS.sub("", os.read(self._ours, 65536).decode("utf-8", "replace"))
            assert self._process.poll() is None or on(self.output[self._consumed :]), f"it ended: {self.output[-2000:]}"
        output, self._consumed = self.output[self._consumed :], len(self.output)
        return output

    def interrupt(self) -> None:
        self._process.send_signal(signal.SIGINT)

    def key(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def end(self) -> tuple[int, list[dict[str, Any]]]:
        """Wait for the end; return the exit code and the verdict entries of the journal."""
        self.wait(lambda output: "rapport:" in output)
        code = self._process.wait(DEADLINE_S)
        while select.select([self._ours], [], [], 0)[0]:
            self.output += _CONTROL_CHARACTERS.sub("", os.read(self._ours, 65536).decode("utf-8", "replace"))
        entries = (self._folder / "out" / "journal.ndjson").read_text("utf-8").splitlines()
        return code, [entry for entry in map(json.loads, entries) if entry["kind"] == "verdict"]

    @property
    def modes(self) -> int:
        """The local modes of the terminal (echo, line editing)."""
        return int(termios.tcgetattr(self._its)[3])

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._ours)
        os.close(self._its)


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    terminals: list[Terminal] = []

    def start(*flag: str) -> Terminal:
        terminals.append(Terminal(tmp_path, *flag))
        return terminals[-1]

    yield start
    for terminal in terminals:
        terminal.close()


def countdown(output: str) -> list[int]:
    return [int(number) for number in _COUNTER.findall(output)]


def skipped(verdict: list[dict[str, Any]]) -> list[str]:
    assert {item["verdict"] for item in verdict} == {"skipped", "passed"}
    return [item["explanation"] for item in verdict if item["verdict"] == "skipped"]


@pytest.mark.slow
def test_s_skips_the_scenario_and_g_gives_up_the_rest(play: Play) -> None:
    terminal = play("-k", CHOICE, "--cast-deadline", "60")
    output = terminal.wait(countdown)
    assert f"KSS (jobcentret, 8/10100) skal nu: {STEP}" in output
    assert "kald PersonVisiteringService, POST kontaktgruppe (REST), fra system 1101" in output
    terminal.key("xs")
    output = terminal.wait(lambda output: countdown(output.partition("skal nu")[2]))
    assert countdown(output[output.index("sprunget over") : output.index("skal nu")]) == []
    terminal.key("G")
    code, verdict = terminal.end()
    first, other, *rest = skipped(verdict)
    assert (first, other) == (f"kss sprang over: {STEP}", "opgivet ved tastaturet")
    assert set(rest) == {"resten er opgivet ved tastaturet"}
    assert terminal.output.count("skal nu") == 2
    assert code == 0
    assert terminal.modes == terminal.initial_modes


@pytest.mark.slow
def test_the_countdown_runs_and_r_restarts_it(play: Play) -> None:
    terminal = play("-k", f"{CHOICE} via PVS", "--cast-deadline", "60")
    terminal.wait(lambda output: any(number <= 58 for number in countdown(output)))
    terminal.key("r")
    terminal.wait(lambda output: any(number >= 59 for number in countdown(output)))
    terminal.key("s")
    assert skipped(terminal.end()[1]) == [f"kss sprang over: {STEP}"]


@pytest.mark.slow
def test_ctrl_c_restores_the_terminal(play: Play) -> None:
    terminal = play("-k", CHOICE, "--cast-deadline", "60")
    terminal.wait(countdown)
    assert terminal.modes != terminal.initial_modes
    terminal.interrupt()
    code, verdict = terminal.end()
    assert sum(entry["verdict"] != "not_played" for entry in verdict) < 4
    assert "IKKE SPILLET" in terminal.output
    assert code == 130
    assert terminal.modes == terminal.initial_modes


def test_the_deadline_passes(play: Play) -> None:
    terminal = play("-k", "Den samme kontaktgruppe kan ikke", "--cast-deadline", "1")
    code, verdict = terminal.end()
    assert {item["verdict"] for item in verdict} == {"errored"}
    assert "kaldet kom ikke inden for 1 s" in terminal.output
    assert code == 3
    assert terminal.modes == terminal.initial_modes
