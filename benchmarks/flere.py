"""Measure what a second process that answers is worth, where there is a second core: the same calls to both stages, in turn.

    python benchmarks/flere.py [--rounds 6] [--requests 3000] [--connections 8] [--citizens 30000] [--write docs/benchmarks.md]

The caller takes its part of the same cores, as it does where a party and the stage are on one machine. Reads are also made
while the nightly jobs go over that many citizens.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from afsnit import skriv
from last import Maaling, Server, maal
from prober import Prober, paa_linjen
from servere import FRIST_S, klar

from vos_contracts.koder.udgave import PrsSoap
from vos_contracts.styring import Koerselsart
from vos_simulators.control import Styring
from vos_simulators.transport import HttpTransport

ANTAL = (1, 2)
ARTER = ("read", "REST create", "SOAP create, converter")
NAT = "read, during the nightly jobs"
NATTENS_SAMTIDIGE = 2


@dataclass
class Stand:
    """One of the stages, and what it came to in each round."""

    tjenester: Server
    styring: Styring
    prober: Prober
    laes: list[bytes] = field(default_factory=list)
    maalt: dict[str, list[Maaling]] = field(default_factory=lambda: {art: [] for art in (*ARTER, NAT)})


@contextlib.contextmanager
def scene(mappe: Path, processer: int) -> Iterator[dict[str, str]]:
    """Run a stage on any core, its services answered by that many processes."""
    kommando = [sys.executable, "-m", "generalproeve", "up", "--json", "--port", "0", "--people", "0"]
    kommando += ["--processes", str(processer), "--db", str(mappe / f"{processer}.db")]
    with subprocess.Popen(kommando, stdout=subprocess.PIPE, text=True) as proces:
        try:
            yield klar(proces)
        finally:
            proces.terminate()
            proces.wait(timeout=FRIST_S)


def runde(stand: Stand, kald: int, samtidige: int) -> None:
    """Play each kind of call once."""
    prober = stand.prober
    for art in ARTER:
        match art:
            case "read":
                beskeder = [stand.laes[nummer % len(stand.laes)] for nummer in range(kald)]
            case "REST create":
                beskeder = paa_linjen(prober.rest(kald))
            case _:
                beskeder = paa_linjen(prober.soap(kald))
        stand.maalt[art].append(maal(stand.tjenester, beskeder, samtidige))


def nat(stand: Stand, kald: int) -> None:
    """Read while a full run of the nightly jobs goes on: it is asked for, and ends after the last read or before."""
    beskeder = [stand.laes[nummer % len(stand.laes)] for nummer in range(kald)]
    traad = threading.Thread(target=stand.styring.batch, args=(Koerselsart.FULD,))
    traad.start()
    stand.maalt[NAT].append(maal(stand.tjenester, beskeder, NATTENS_SAMTIDIGE))
    traad.join()


def maal_begge(runder: int, kald: int, samtidige: int, borgere: int) -> list[Stand]:
    """Play the rounds, and one before them that does not count."""
    with contextlib.ExitStack() as ud:
        mappe = Path(ud.enter_context(tempfile.TemporaryDirectory(prefix="generalproeve-bench-")))
        stande = []
        for antal in ANTAL:
            svar = ud.enter_context(scene(mappe, antal))
            styring = Styring(ud.enter_context(HttpTransport(svar["control"], tidsfrist=FRIST_S)))
            styring.tving_bagende(PrsSoap.CONVERTER)
            prober = Prober(styring)
            transport = ud.enter_context(HttpTransport(svar["services"]))
            prober.borgere(borgere)
            par = [prober.laesning() for _ in range(200)]
            for opret, _ in par:
                transport.send(opret)
            server = Server(svar["services"], int(svar["pid"]))
            stande.append(Stand(server, styring, prober, paa_linjen([laes for _, laes in par])))
        for nummer in range(runder + 1):
            for stand in stande if nummer % 2 else stande[::-1]:
                runde(stand, kald, samtidige)
                nat(stand, kald // 3)
        for stand in stande:
            for maalt in stand.maalt.values():
                maalt.pop(0)
        return stande


def rapport(stande: list[Stand], runder: int, kald: int, samtidige: int, borgere: int) -> str:
    """Write the section."""
    foerst, flere = stande
    linjer = [
        "## More than one process", "",
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores for the stage "
        f"and its caller together; SQLite. {runder} rounds of {kald} calls of each kind over {samtidige} connections to a "
        f"stage with {ANTAL[0]} and one with {ANTAL[1]} processes, in turn. The ratio is the median of the rounds' own, "
        f"with the lowest and the highest. During the nightly jobs, which go over {borgere:,} citizens and more, "
        f"{kald // 3} reads over {NATTENS_SAMTIDIGE} connections.", "",
        "| calls | requests/s, one | requests/s, two | ratio | p99 ms, one | p99 ms, two |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]  # fmt: skip
    for art in (*ARTER, NAT):
        en, to = foerst.maalt[art], flere.maalt[art]
        forhold = sorted(b.per_sekund / a.per_sekund for a, b in zip(en, to, strict=True))
        linjer.append(
            f"| {art} | {_m(a.per_sekund for a in en):,.0f} | {_m(b.per_sekund for b in to):,.0f} "
            f"| {statistics.median(forhold):.2f} ({forhold[0]:.2f}-{forhold[-1]:.2f}) "
            f"| {_m(a.p99_ms for a in en):.1f} | {_m(b.p99_ms for b in to):.1f} |"
        )
    return "\n".join([*linjer, ""])


def _m(tal: Iterator[float]) -> float:
    return statistics.median(tal)


def main() -> None:
    """Measure and print, or write the section."""
    argumenter = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    argumenter.add_argument("--rounds", type=int, default=6)
    argumenter.add_argument("--requests", type=int, default=3000)
    argumenter.add_argument("--connections", type=int, default=8)
    argumenter.add_argument("--citizens", type=int, default=30_000)
    argumenter.add_argument("--write", type=Path)
    valg = argumenter.parse_args()
    tal = valg.rounds, valg.requests, valg.connections, valg.citizens
    tekst = rapport(maal_begge(*tal), *tal)
    print(tekst)
    if valg.write:
        skriv(valg.write, "processes", tekst)


if __name__ == "__main__":
    main()
