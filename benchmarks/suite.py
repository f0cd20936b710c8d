"""Measure the suite: all scenes on two embedded stages, and how long a stage takes to be emptied after a scene.

python benchmarks/suite.py [--rounds 3] [--resets 300] [--write docs/benchmarks.md]
"""

from __future__ import annotations

import argparse
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from afsnit import skriv
from servere import scene

from vos_contracts.base import stopwatch
from vos_contracts.base.ids import ny_uuid
from vos_contracts.kontrakt import indlaes
from vos_contracts.model.registration import Art, Opret
from vos_contracts.wire.rest import Rest
from vos_simulators import parties
from vos_simulators.control import Styring
from vos_simulators.parties import JOBCENTER
from vos_simulators.people import Folk, paa_scenen
from vos_simulators.transport import HttpTransport

PROCESSER = 2
BORGERE = 20
"""On the stage when it is emptied, each with a registration and its messages: more than any scene has."""


def suiten(runder: int) -> list[float]:
    """Play every scene that many times; return the seconds, with the start of the program."""
    sekunder = []
    with tempfile.TemporaryDirectory(prefix="generalproeve-bench-") as mappe:
        for _ in range(runder):
            begyndt = stopwatch.seconds()
            subprocess.run(
                [sys.executable, "-m", "generalproeve", "test", "embedded:", "-n", str(PROCESSER), "--out", mappe],
                check=True, stdout=subprocess.DEVNULL,
            )  # fmt: skip
            sekunder.append(stopwatch.seconds() - begyndt)
    return sekunder


def nulstillinger(antal: int) -> list[float]:
    """Fill a stage and empty it that many times; return the milliseconds."""
    rest, folk = Rest(indlaes()), Folk(seed=1)
    millisekunder = []
    with (
        tempfile.TemporaryDirectory(prefix="generalproeve-bench-") as mappe, scene(Path(mappe)) as klar,
        HttpTransport(klar["control"]) as kontrol, HttpTransport(klar["services"]) as transport,
    ):  # fmt: skip
        styring = Styring(kontrol)
        for _ in range(antal):
            now = styring.status().ur
            hvem = parties.KSS.identity(JOBCENTER, now)
            borgere = [folk.ny(40, now.date()) for _ in range(BORGERE)]
            styring.opsaet(*map(paa_scenen, borgere))
            gruppe = Opret(Art.KONTAKTGRUPPE, 13, now.replace(hour=0, minute=0, second=0, microsecond=0))
            for en in borgere:
                transport.send(rest.kald_registrer(en.cpr, gruppe, hvem, ny_uuid()))
            begyndt = stopwatch.seconds()
            styring.nulstil()
            millisekunder.append(1000 * (stopwatch.seconds() - begyndt))
    return sorted(millisekunder)


def rapport(sekunder: list[float], millisekunder: list[float]) -> str:
    """Write the section."""
    p99 = millisekunder[int(0.99 * len(millisekunder))]
    tider = [
        (f"every scene, {PROCESSER} processes, with start", f"{statistics.median(sekunder):.1f} s",
         "< 30 s", statistics.median(sekunder) < 30),
        (f"emptying a stage with {BORGERE} citizens and their messages, median", f"{statistics.median(millisekunder):.1f} ms",
         "< 10 ms", statistics.median(millisekunder) < 10),
        ("the same, 99th percentile", f"{p99:.1f} ms", "", None),
    ]  # fmt: skip
    linjer = [
        "## The suite", "",
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}; "
        f"{len(millisekunder)} stages emptied through the control API.", "",
        "| what | time | aim | |", "| --- | ---: | --- | --- |",
    ]  # fmt: skip
    for hvad, tid, maal, holdt in tider:
        linjer.append(f"| {hvad} | {tid} | {maal} | {'' if holdt is None else 'held' if holdt else '**missed**'} |")
    return "\n".join([*linjer, ""])


def main() -> None:
    """Measure and print, or write the page."""
    argumenter = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    argumenter.add_argument("--rounds", type=int, default=3)
    argumenter.add_argument("--resets", type=int, default=300)
    argumenter.add_argument("--write", type=Path)
    valg = argumenter.parse_args()
    tekst = rapport(suiten(valg.rounds), nulstillinger(valg.resets))
    print(tekst)
    if valg.write:
        skriv(valg.write, "the suite", tekst)


if __name__ == "__main__":
    main()
