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

PART = Path(__file__).parent / "standin" / "part.py"


@dataclass(frozen=True)
class Spillet:
    """How a run went: its scenes, its exit code, and the tasks with how they went."""

    scener: list[dict[str, Any]]
    kode: int
    opgaver: list[dict[str, Any]]

    def udfald(self) -> dict[str, str]:
        """Return why each scene fell that did not pass and was not left out."""
        return {en["scene"]: en["reason"] for en in self.scener if en["verdict"] not in {"passed", "omitted"}}


@contextlib.contextmanager
def begyndt(
    mappe: Path, maal: str, cast: Sequence[str], *flag: str, fejl: str = "", frist: float = 10
) -> Iterator[subprocess.Popen[str]]:
    """Begin a run and its stand-in; both are ended with the block."""
    opgaver = mappe / "opgaver.ndjson"
    kommando = [sys.executable, "-m", "generalproeve", "test", maal, "--out", "ud", "--json", "--tasks", str(opgaver)]
    kommando += [del_ for en in cast for del_ in ("--cast", en)]
    kommando += ["--unattended", "--cast-deadline", str(frist), *flag]
    with (
        subprocess.Popen([sys.executable, str(PART), str(opgaver), fejl], cwd=mappe) as part,
        subprocess.Popen(kommando, cwd=mappe, stdout=subprocess.PIPE, text=True, encoding="utf-8") as koersel,
    ):
        try:
            yield koersel
        finally:
            for en in (koersel, part):
                if en.poll() is None:
                    en.terminate()


def faerdig(mappe: Path, koersel: subprocess.Popen[str]) -> Spillet:
    """Wait until a run is over."""
    ud, _ = koersel.communicate(timeout=600)
    linjer = (mappe / "opgaver.ndjson").read_text("utf-8").splitlines()
    return Spillet(json.loads(ud)["scenes"], koersel.returncode, [json.loads(linje) for linje in linjer])


def spil(mappe: Path, maal: str, cast: Sequence[str], *flag: str, fejl: str = "", frist: float = 10) -> Spillet:
    """Play to the end."""
    with begyndt(mappe, maal, cast, *flag, fejl=fejl, frist=frist) as koersel:
        return faerdig(mappe, koersel)
