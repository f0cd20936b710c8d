"""Measure the latency of a stage on one core at 50 times the peak hour of the epic, with calls in an open loop.

    python benchmarks/peak.py [--seconds 60] [--times 50] [--realtime] [--write docs/benchmarks.md]

The epic has 8 million calls a month. With 21 working days and 13 % of a day's calls in its busiest hour that is 13.8
calls a second. `--times` is the factor; `--realtime` gives stage and caller real-time priority on a shared machine
(needs root). `--seconds 2 --times 5` takes 5 seconds.

Prints the latency of each kind of call, and the stage's memory at each tenth of the run. Latency is counted from when
a call was due, so that waiting for an earlier answer counts. The aim is a p99 below 8 ms over all calls.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from open_loop import Arrival, send_when_due
from probes import Probes, to_bytes
from sections import MACHINE, write
from servers import pin_to_core, stage

from vos_simulators.control import Control
from vos_simulators.transport import HttpTransport

PEAK_PER_S = 8_000_000 / 21 * 0.13 / 3600
MIX = ("read",) * 7 + ("REST create",) * 2 + ("queue",)
"""Of 10 calls 7 read, 2 register and 1 opens a WSRM queue."""
P99_TARGET_MS = 8.0
TENTHS = 10
_SPREAD = (math.sqrt(5) - 1) / 2
"""The golden ratio's fraction: its multiples modulo 1 are evenly distributed and the same in every run."""


def arrivals(count: int, per_second: float) -> Iterator[float]:
    """Yield when each call is due, in seconds: exponential gaps that are the same in every run."""
    time = 0.0
    for number in range(count):
        time -= math.log(1 - (number * _SPREAD) % 1) / per_second
        yield time


def measure_peak(seconds: float, factor: float) -> tuple[list[Arrival], list[float]]:
    """Call for this long; return the calls, and the stage's memory in MiB at each tenth of them."""
    count = round(seconds * factor * PEAK_PER_S)
    pin_to_core(1)
    with (
        tempfile.TemporaryDirectory(prefix="generalproeve-bench-") as folder, stage(Path(folder)) as ready,
        HttpTransport(ready["control"]) as check, HttpTransport(ready["services"]) as transport,
    ):  # fmt: skip
        probes = Probes(Control(check))
        pairs = [probes.reading() for _ in range(100)]
        for create, _ in pairs:
            transport.send(create)
        read, queue = to_bytes([item for _, item in pairs]), to_bytes([probes.queue()])[0]
        creates = iter(to_bytes(probes.rest(count // len(MIX) * 2 + len(MIX))))
        plan = []
        for number, time in enumerate(arrivals(count, factor * PEAK_PER_S)):
            kind = MIX[number * 7 % len(MIX)]
            message = read[number % len(read)] if kind == "read" else next(creates) if kind == "REST create" else queue
            plan.append(Arrival(kind, time, message))
        memory: list[float] = []

        def progress(number: int) -> None:
            if number * TENTHS // count >= len(memory):
                memory.append(_mib(ready["pid"]))

        send_when_due(ready["services"], plan, progress)
    return plan, memory


def _mib(pid: str) -> float:
    """Return the resident memory of the process in MiB; 0 on a system without /proc."""
    statm = Path("/proc", pid, "statm")
    if not statm.exists():
        return 0.0
    return int(statm.read_text("ascii").split()[1]) * os.sysconf("SC_PAGESIZE") / 1024**2


def _p(times: Sequence[float], share: float) -> float:
    return sorted(times)[int(share * len(times))] * 1000


def report(plan: Sequence[Arrival], memory: Sequence[float], seconds: float, factor: float, *, realtime: bool) -> str:
    """Return the section of docs/benchmarks.md."""
    p99 = _p([item.latency for item in plan], 0.99)
    lines = [
        f"## {factor:g} times the peak hour", "",
        f"{MACHINE}; the stage on one pinned core, "
        f"callers on another{', both with real-time priority' if realtime else ''}. {factor * PEAK_PER_S:.0f} calls a "
        "second "
        f"for {seconds:g} seconds with exponential gaps: 70% reads, 20% REST creates, 10% CreateSequence of a WSRM "
        "queue. "
        "Latency is counted from when the call was due.", "",
        "| calls | number | median ms | p99 ms | longest ms |", "| --- | ---: | ---: | ---: | ---: |",
    ]  # fmt: skip
    for kind in ("all", *dict.fromkeys(item.kind for item in plan)):
        times = [item.latency for item in plan if kind in ("all", item.kind)]
        lines.append(
            f"| {kind} | {len(times)} | {statistics.median(times) * 1000:.2f} | {_p(times, 0.99):.2f} "
            f"| {max(times) * 1000:.1f} |"
        )
    outcome = "held" if p99 < P99_TARGET_MS else "**missed**"
    lines += [
        "", f"The aim is a p99 below {P99_TARGET_MS:g} ms: {outcome}.", "",
        f"The stage's memory at each tenth of the calls, MiB: {', '.join(f'{item:.0f}' for item in memory)}.", "",
    ]  # fmt: skip
    return "\n".join(lines)


def main() -> None:
    """Measure, print the section and optionally write it."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--times", type=float, default=50)
    arguments.add_argument("--realtime", action="store_true", help="run with real-time priority, on a shared machine")
    arguments.add_argument("--write", type=Path)
    choice = arguments.parse_args()
    if choice.realtime:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    text = report(*measure_peak(choice.seconds, choice.times), choice.seconds, choice.times, realtime=choice.realtime)
    print(text)
    if choice.write:
        write(choice.write, "peak hour", text)


if __name__ == "__main__":
    main()
