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
from processer import hoerer_ctrl_c

from vos_contracts.base import stopwatch

pty, termios = pytest.importorskip("pty"), pytest.importorskip("termios")
FRIST_S = 90.0
_STYRETEGN = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_TAELLER = re.compile(r"venter på kaldet, (\d+) s +s spring over +r prøv igen +g giv op")
VALG = "overgår til kontaktgruppe 23"
TRIN = "Når jobcentret registrerer kontaktgruppe 23 via PVS"
Spil = Callable[..., "Terminal"]


class Terminal:
    """The command at a terminal of its own."""

    def __init__(self, mappe: Path, *flag: str) -> None:
        self._mappe = mappe
        self._vores, self._dens = pty.openpty()
        self.foer = termios.tcgetattr(self._dens)[3]
        self.set = ""
        self._laest = 0
        self._proces = subprocess.Popen(
            [sys.executable, "-m", "generalproeve", "test", "embedded:", "--cast", "kss=external:0", "--out", "ud", *flag],
            cwd=mappe, stdin=self._dens, stdout=self._dens, stderr=self._dens, start_new_session=True,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "200", "LINES": "50"},  # noqa: TID251 - the child's terminal
            preexec_fn=hoerer_ctrl_c,
        )  # fmt: skip

    def vent(self, paa: Callable[[str], object]) -> str:
        """Read until what has come since the last wait satisfies; return that."""
        frist = stopwatch.seconds() + FRIST_S
        while not paa(self.set[self._laest :]):
            rest = frist - stopwatch.seconds()
            assert rest > 0, f"it never came; this did: {self.set[self._laest :][-2000:]}"
            if select.select([self._vores], [], [], min(rest, 0.2))[0]:
                self.set += _STYRETEGN.sub("", os.read(self._vores, 65536).decode("utf-8", "replace"))
            assert self._proces.poll() is None or paa(self.set[self._laest :]), f"it ended: {self.set[-2000:]}"
        kom, self._laest = self.set[self._laest :], len(self.set)
        return kom

    def afbryd(self) -> None:
        self._proces.send_signal(signal.SIGINT)

    def tast(self, taster: str) -> None:
        os.write(self._vores, taster.encode())

    def slut(self) -> tuple[int, list[dict[str, Any]]]:
        """Wait for the end; return the exit code and the verdicts."""
        self.vent(lambda kom: "rapport:" in kom)
        kode = self._proces.wait(FRIST_S)
        while select.select([self._vores], [], [], 0)[0]:
            self.set += _STYRETEGN.sub("", os.read(self._vores, 65536).decode("utf-8", "replace"))
        poster = (self._mappe / "ud" / "journal.ndjson").read_text("utf-8").splitlines()
        return kode, [post for post in map(json.loads, poster) if post["art"] == "udfald"]

    @property
    def nu(self) -> int:
        """Its modes: echo and lines."""
        return int(termios.tcgetattr(self._dens)[3])

    def luk(self) -> None:
        if self._proces.poll() is None:
            self._proces.kill()
        self._proces.wait()
        os.close(self._vores)
        os.close(self._dens)


@pytest.fixture
def spil(tmp_path: Path) -> Iterator[Spil]:
    aabne: list[Terminal] = []

    def aabn(*flag: str) -> Terminal:
        aabne.append(Terminal(tmp_path, *flag))
        return aabne[-1]

    yield aabn
    for en in aabne:
        en.luk()


def taeller(kom: str) -> list[int]:
    return [int(tal) for tal in _TAELLER.findall(kom)]


def sprunget(udfald: list[dict[str, Any]]) -> list[str]:
    assert {en["udfald"] for en in udfald} == {"skipped", "passed"}
    return [en["forklaring"] for en in udfald if en["udfald"] == "skipped"]


def test_s_springer_scenen_over_og_g_giver_resten_op(spil: Spil) -> None:
    terminal = spil("-k", VALG, "--cast-deadline", "60")
    kom = terminal.vent(taeller)
    assert f"KSS (jobcentret, 8/10100) skal nu: {TRIN}" in kom
    assert "kald PersonVisiteringService, POST kontaktgruppe (REST), fra system 1101" in kom
    terminal.tast("xs")
    kom = terminal.vent(lambda kom: taeller(kom.partition("skal nu")[2]))
    assert taeller(kom[kom.index("sprunget over") : kom.index("skal nu")]) == []
    terminal.tast("G")
    kode, udfald = terminal.slut()
    foerste, anden, *resten = sprunget(udfald)
    assert (foerste, anden) == (f"kss sprang over: {TRIN}", "opgivet ved tastaturet")
    assert set(resten) == {"resten er opgivet ved tastaturet"}
    assert terminal.set.count("skal nu") == 2
    assert kode == 0
    assert terminal.nu == terminal.foer


def test_der_taelles_ned_og_r_begynder_forfra(spil: Spil) -> None:
    terminal = spil("-k", f"{VALG} via PVS", "--cast-deadline", "60")
    terminal.vent(lambda kom: any(tal <= 58 for tal in taeller(kom)))
    terminal.tast("r")
    terminal.vent(lambda kom: any(tal >= 59 for tal in taeller(kom)))
    terminal.tast("s")
    assert sprunget(terminal.slut()[1]) == [f"kss sprang over: {TRIN}"]


def test_ctrl_c_efterlader_terminalen_som_den_var(spil: Spil) -> None:
    terminal = spil("-k", VALG, "--cast-deadline", "60")
    terminal.vent(taeller)
    assert terminal.nu != terminal.foer
    terminal.afbryd()
    kode, udfald = terminal.slut()
    assert len(udfald) < 4
    assert "scener blev aldrig spillet" in terminal.set
    assert kode == 1
    assert terminal.nu == terminal.foer


def test_fristen_udloeber(spil: Spil) -> None:
    terminal = spil("-k", "Den samme kontaktgruppe kan ikke", "--cast-deadline", "1")
    kode, udfald = terminal.slut()
    assert {en["udfald"] for en in udfald} == {"errored"}
    assert "kaldet kom ikke inden for 1 s" in terminal.set
    assert kode == 3
    assert terminal.nu == terminal.foer
