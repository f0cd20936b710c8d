"""Run the calls in a process of their own and gather what it measured, with the stage's memory beside it.

Errors: KanIkkeKoere when the process fails. Not here: what the figures mean (`vos_load.resultat`).
"""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import msgspec
import psutil

from generalproeve.base.exit_codes import KanIkkeKoere
from generalproeve.base.sockets import bind
from generalproeve.belastning.proces import STOP_S, proces
from vos_load.opgave import Opgave
from vos_load.optagelse import Optaget

LOEB = [sys.executable, "-m", "vos_load"]
MIB = 2**20

Fremad = Callable[[Mapping[str, Any]], None]
"""Hears each line that the process says."""


@dataclass(slots=True)
class Koert:
    """What came of it: the measurements, the stage's memory in MiB by second, and when the nightly jobs ran."""

    optaget: Optaget
    hukommelse: list[tuple[float, float]] = field(default_factory=list)
    nat: Mapping[str, Any] | None = None


def koer(
    opgave: Opgave,
    fremad: Fremad,
    *,
    processer: int = 1,
    ui: int | None = None,
    mester: str | None = None,
    pid: int | None = None,
) -> Koert:
    """Make the calls in one process, shared out to several here, or to workers that come to `mester` (HOST:PORT)."""
    with tempfile.TemporaryDirectory(prefix="generalproeve-load-") as mappe:
        til, fra = Path(mappe, "opgave.json"), Path(mappe, "optaget.json")
        til.write_bytes(msgspec.json.encode(opgave))
        flag: list[str] = [] if ui is None else ["--ui", str(ui)]
        with contextlib.ExitStack() as oprydning:
            if mester is None and processer > 1:
                mester = f"127.0.0.1:{_ledig_port()}"
                for nummer in range(processer):
                    oprydning.enter_context(
                        proces([*LOEB, "--worker", mester], Path(mappe, f"fejl-{nummer}.txt"), hoeres=False)
                    )
            if mester is not None:
                flag = ["--master", mester, "--workers", str(processer)]
            fejlene = Path(mappe, "fejl.txt")
            kaldene = oprydning.enter_context(proces([*LOEB, str(til), str(fra), *flag], fejlene))
            koert = _foelg(kaldene, fremad, pid)
            if kaldene.wait(STOP_S) != 0 or not fra.is_file():
                sidst = fejlene.read_text("utf-8", "replace").strip().splitlines()[-1:]
                raise KanIkkeKoere(f"the calls could not be made: {''.join(sidst).removeprefix('vos_load: ')}")
        koert.optaget = msgspec.json.decode(fra.read_bytes(), type=Optaget, strict=False)
        return koert


def arbejd(mester: str) -> int:
    """Be a worker of a master on this or another machine; return the process's exit code."""
    return subprocess.run([*LOEB, "--worker", mester], check=False).returncode


def _foelg(kaldene: subprocess.Popen[str], fremad: Fremad, pid: int | None) -> Koert:
    assert kaldene.stdout is not None
    with _ctrl_c_er_til(kaldene):
        return _laes(kaldene.stdout, fremad, pid)


def _laes(linjer: IO[str], fremad: Fremad, pid: int | None) -> Koert:
    koert = Koert(Optaget(bredde=1.0))
    maalt = None if pid is None else psutil.Process(pid)
    for linje in linjer:
        sagt = json.loads(linje)
        if "nat" in sagt:
            koert.nat = sagt["nat"]
        if "t" in sagt and maalt is not None:
            with contextlib.suppress(psutil.Error):
                alle = [maalt, *maalt.children()]  # a stage may answer in several
                koert.hukommelse.append((float(sagt["t"]), round(sum(en.memory_info().rss for en in alle) / MIB, 2)))
        fremad(sagt)
    return koert


@contextlib.contextmanager
def _ctrl_c_er_til(kaldene: subprocess.Popen[str]) -> Iterator[None]:
    """Let Ctrl-C stop the calls, and what was measured until then be reported; a terminal sends it to both, others to us."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    foer = signal.signal(signal.SIGINT, lambda nummer, _: kaldene.send_signal(nummer))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, foer)


def _ledig_port() -> int:
    stik = bind("127.0.0.1", 0)
    port = int(stik.getsockname()[1])
    stik.close()
    return port
