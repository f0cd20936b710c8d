"""At a terminal: what the party must do, a countdown, and the keys; a pseudo-terminal is typed at as somebody would."""

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
from support.processes import hears_ctrl_c

from vos_contracts.base import stopwatch

pty, termios = pytest.importorskip("pty"), pytest.importorskip("termios")
DEADLINE_S = 90.0
_CONTROL_CHARACTERS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_COUNTER = re.compile(r"venter på kaldet, (\d+) s +s spring over +r prøv igen +g giv op")
CHOICE = "overgår til kontaktgruppe 23"
STEP = "Når jobcentret registrerer kontaktgruppe 23 via PVS"
Scenario = Callable[..., "Terminal"]


class Terminal:
    """The command at a terminal of its own."""

    def __init__(self, folder: Path, *flag: str) -> None:
        self._folder = folder
        self._ours, self._its = pty.openpty()
        self.before = termios.tcgetattr(self._its)[3]
        self.set = ""
        self._was_read = 0
        self._proces = subprocess.Popen(
            [sys.executable, "-m", "generalproeve", "test", "embedded:", "--cast", "kss=external:0", "--out", "out", *flag],
            cwd=folder, stdin=self._its, stdout=self._its, stderr=self._its, start_new_session=True,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "200", "LINES": "50"},  # noqa: TID251 - the child's terminal
            preexec_fn=hears_ctrl_c,
        )  # fmt: skip

    def wait(self, on: Callable[[str], object]) -> str:
        """Read until what has come since the last wait satisfies; return that."""
        deadline = stopwatch.seconds() + DEADLINE_S
        while not on(self.set[self._was_read :]):
            rest = deadline - stopwatch.seconds()
            assert rest > 0, f"it never came; this did: {self.set[self._was_read :][-2000:]}"
            if select.select([self._ours], [], [], min(rest, 0.2))[0]:
                self.set += _CONTROL_CHARACTERS.sub("", os.read(self._ours, 65536).decode("utf-8", "replace"))
            assert self._proces.poll() is None or on(self.set[self._was_read :]), f"it ended: {self.set[-2000:]}"
        came, self._was_read = self.set[self._was_read :], len(self.set)
        return came

    def interrupt(self) -> None:
        self._proces.send_signal(signal.SIGINT)

    def key(self, keyboard: str) -> None:
        os.write(self._ours, keyboard.encode())

    def end(self) -> tuple[int, list[dict[str, Any]]]:
        """Wait for the end; return the exit code and the verdicts."""
        self.wait(lambda came: "rapport:" in came)
        code = self._proces.wait(DEADLINE_S)
        while select.select([self._ours], [], [], 0)[0]:
            self.set += _CONTROL_CHARACTERS.sub("", os.read(self._ours, 65536).decode("utf-8", "replace"))
        entries = (self._folder / "out" / "journal.ndjson").read_text("utf-8").splitlines()
        return code, [entry for entry in map(json.loads, entries) if entry["kind"] == "verdict"]

    @property
    def now(self) -> int:
        """Its modes: echo and lines."""
        return int(termios.tcgetattr(self._its)[3])

    def close(self) -> None:
        if self._proces.poll() is None:
            self._proces.kill()
        self._proces.wait()
        os.close(self._ours)
        os.close(self._its)


@pytest.fixture
def scenario(tmp_path: Path) -> Iterator[Scenario]:
    open: list[Terminal] = []

    def open_up(*flag: str) -> Terminal:
        open.append(Terminal(tmp_path, *flag))
        return open[-1]

    yield open_up
    for item in open:
        item.close()


def counter(came: str) -> list[int]:
    return [int(number) for number in _COUNTER.findall(came)]


def skipped(verdict: list[dict[str, Any]]) -> list[str]:
    assert {item["verdict"] for item in verdict} == {"skipped", "passed"}
    return [item["explanation"] for item in verdict if item["verdict"] == "skipped"]


def test_s_springer_scenen_over_og_g_giver_resten_op(scenario: Scenario) -> None:
    terminal = scenario("-k", CHOICE, "--cast-deadline", "60")
    came = terminal.wait(counter)
    assert f"KSS (jobcentret, 8/10100) skal nu: {STEP}" in came
    assert "kald PersonVisiteringService, POST kontaktgruppe (REST), fra system 1101" in came
    terminal.key("xs")
    came = terminal.wait(lambda came: counter(came.partition("skal nu")[2]))
    assert counter(came[came.index("sprunget over") : came.index("skal nu")]) == []
    terminal.key("G")
    code, verdict = terminal.end()
    first, other, *rest = skipped(verdict)
    assert (first, other) == (f"kss sprang over: {STEP}", "opgivet ved tastaturet")
    assert set(rest) == {"resten er opgivet ved tastaturet"}
    assert terminal.set.count("skal nu") == 2
    assert code == 0
    assert terminal.now == terminal.before


def test_der_taelles_ned_og_r_begynder_forfra(scenario: Scenario) -> None:
    terminal = scenario("-k", f"{CHOICE} via PVS", "--cast-deadline", "60")
    terminal.wait(lambda came: any(number <= 58 for number in counter(came)))
    terminal.key("r")
    terminal.wait(lambda came: any(number >= 59 for number in counter(came)))
    terminal.key("s")
    assert skipped(terminal.end()[1]) == [f"kss sprang over: {STEP}"]


def test_ctrl_c_efterlader_terminalen_som_den_var(scenario: Scenario) -> None:
    terminal = scenario("-k", CHOICE, "--cast-deadline", "60")
    terminal.wait(counter)
    assert terminal.now != terminal.before
    terminal.interrupt()
    code, verdict = terminal.end()
    assert len(verdict) < 4
    assert "scener blev aldrig spillet" in terminal.set
    assert code == 1
    assert terminal.now == terminal.before


def test_fristen_udloeber(scenario: Scenario) -> None:
    terminal = scenario("-k", "Den samme kontaktgruppe kan ikke", "--cast-deadline", "1")
    code, verdict = terminal.end()
    assert {item["verdict"] for item in verdict} == {"errored"}
    assert "kaldet kom ikke inden for 1 s" in terminal.set
    assert code == 3
    assert terminal.now == terminal.before
