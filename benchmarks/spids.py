"""Measure what callers wait at fifty times the epic's peak hour: calls that come when they come, on one core.

    python benchmarks/spids.py [--seconds 60] [--times 50] [--realtime] [--write docs/benchmarks.md]

The epic has 8 million calls a month. With 21 working days and 13 per cent of a day in its busiest hour that is 13.8 calls a
second. Latency is counted from when a call was due, so that a call that waits for another's answer is not let off.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from aabent import Ankomst, kald_som_de_kommer
from afsnit import skriv
from prober import Prober, paa_linjen
from servere import fastgoer, scene

from vos_simulators.control import Styring
from vos_simulators.transport import HttpTransport

SPIDS_PER_S = 8_000_000 / 21 * 0.13 / 3600
BLANDING = ("read",) * 7 + ("REST create",) * 2 + ("queue",)
"""Of ten calls seven read, two register and one opens its WSRM queue."""
P99_MAAL_MS = 8.0
TIENDEDELE = 10
_SPREDT = (math.sqrt(5) - 1) / 2


def ankomster(antal: int, per_sekund: float) -> Iterator[float]:
    """Return when each call is due: exponential gaps, in an order that is the same in every run."""
    tid = 0.0
    for nummer in range(antal):
        tid -= math.log(1 - (nummer * _SPREDT) % 1) / per_sekund
        yield tid


def maal_spidsen(sekunder: float, gange: float) -> tuple[list[Ankomst], list[float]]:
    """Call for so long; return the calls, and the stage's memory in MiB at each tenth of the way."""
    antal = round(sekunder * gange * SPIDS_PER_S)
    fastgoer(1)
    with (
        tempfile.TemporaryDirectory(prefix="generalproeve-bench-") as mappe, scene(Path(mappe)) as klar,
        HttpTransport(klar["control"]) as kontrol, HttpTransport(klar["services"]) as transport,
    ):  # fmt: skip
        prober = Prober(Styring(kontrol))
        par = [prober.laesning() for _ in range(100)]
        for opret, _ in par:
            transport.send(opret)
        laes, koe = paa_linjen([en for _, en in par]), paa_linjen([prober.koe()])[0]
        gem = iter(paa_linjen(prober.rest(antal // len(BLANDING) * 2 + len(BLANDING))))
        plan = []
        for nummer, tid in enumerate(ankomster(antal, gange * SPIDS_PER_S)):
            art = BLANDING[nummer * 7 % len(BLANDING)]
            besked = laes[nummer % len(laes)] if art == "read" else next(gem) if art == "REST create" else koe
            plan.append(Ankomst(art, tid, besked))
        hukommelse: list[float] = []

        def fremme(nummer: int) -> None:
            if nummer * TIENDEDELE // antal >= len(hukommelse):
                hukommelse.append(_mib(klar["pid"]))

        kald_som_de_kommer(klar["services"], plan, fremme)
    return plan, hukommelse


def _mib(pid: str) -> float:
    """How much the process holds; it is the stage itself, or taskset that became it."""
    statm = Path("/proc", pid, "statm")
    if not statm.exists():
        return 0.0
    return int(statm.read_text("ascii").split()[1]) * os.sysconf("SC_PAGESIZE") / 1024**2


def _p(tider: Sequence[float], andel: float) -> float:
    return sorted(tider)[int(andel * len(tider))] * 1000


def rapport(plan: Sequence[Ankomst], hukommelse: Sequence[float], sekunder: float, gange: float, *, foran: bool) -> str:
    """Write the section."""
    p99 = _p([en.ventede for en in plan], 0.99)
    linjer = [
        f"## {gange:g} times the peak hour", "",
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}; the stage on one pinned core, "
        f"callers on another{', both before every other program' if foran else ''}. {gange * SPIDS_PER_S:.0f} calls a second "
        f"for {sekunder:g} seconds with exponential gaps: 70% reads, 20% REST creates, 10% CreateSequence of a WSRM queue. "
        "Latency is counted from when the call was due.", "",
        "| calls | number | median ms | p99 ms | longest ms |", "| --- | ---: | ---: | ---: | ---: |",
    ]  # fmt: skip
    for art in ("all", *dict.fromkeys(BLANDING)):
        tider = [en.ventede for en in plan if art in ("all", en.art)]
        linjer.append(
            f"| {art} | {len(tider)} | {statistics.median(tider) * 1000:.2f} | {_p(tider, 0.99):.2f} "
            f"| {max(tider) * 1000:.1f} |"
        )
    dom = "held" if p99 < P99_MAAL_MS else "**missed**"
    linjer += [
        "", f"The aim is a p99 below {P99_MAAL_MS:g} ms: {dom}.", "",
        f"The stage's memory at each tenth of the way, MiB: {', '.join(f'{en:.0f}' for en in hukommelse)}.", "",
    ]  # fmt: skip
    return "\n".join(linjer)


def main() -> None:
    """Measure and print, or write the section."""
    argumenter = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    argumenter.add_argument("--seconds", type=float, default=60)
    argumenter.add_argument("--times", type=float, default=50)
    argumenter.add_argument(
        "--realtime", action="store_true", help="go before every other program, on a shared machine"
    )
    argumenter.add_argument("--write", type=Path)
    valg = argumenter.parse_args()
    if valg.realtime:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    tekst = rapport(*maal_spidsen(valg.seconds, valg.times), valg.seconds, valg.times, foran=valg.realtime)
    print(tekst)
    if valg.write:
        skriv(valg.write, "peak hour", tekst)


if __name__ == "__main__":
    main()
