"""Measure how long callers wait at fifty times the epic's peak hour: calls arrive at random, on one core.

    python benchmarks/peak.py [--seconds 60] [--times 50] [--realtime] [--write docs/benchmarks.md]

The epic has 8 million calls a month. With 21 working days and 13 per cent of a day in its busiest hour that is 13.8 calls a
second. Latency is counted from when a call was due, so a call that had to wait for a free connection counts in full.
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

from open_stage import Arrival, send_when_due
from probes import Probes, on_line
from sections import write
from servers import fix, stage

from vos_simulators.control import Control
from vos_simulators.transport import HttpTransport

PEAK_PER_S = 8_000_000 / 21 * 0.13 / 3600
MIX = ("read",) * 7 + ("REST create",) * 2 + ("queue",)
"""Of ten calls seven read, two register and one opens its WSRM queue."""
P99_TARGET_MS = 8.0
TENTHS = 10
_SPREAD = (math.sqrt(5) - 1) / 2


def arrivals(count: int, per_second: float) -> Iterator[float]:
    """Return when each call is due: exponential gaps, in an order that is the same in every run."""
    time = 0.0
    for number in range(count):
        time -= math.log(1 - (number * _SPREAD) % 1) / per_second
        yield time


def measure_peak(seconds: float, repeats: float) -> tuple[list[Arrival], list[float]]:
    """Call for so long; return the calls, and the stage's memory in MiB at each tenth of the way."""
    count = round(seconds * repeats * PEAK_PER_S)
    fix(1)
    with (
        tempfile.TemporaryDirectory(prefix="generalproeve-bench-") as folder, stage(Path(folder)) as ready,
        HttpTransport(ready["control"]) as check, HttpTransport(ready["services"]) as transport,
    ):  # fmt: skip
        probes = Probes(Control(check))
        pairs = [probes.reading() for _ in range(100)]
        for create, _ in pairs:
            transport.send(create)
        read, queue = on_line([item for _, item in pairs]), on_line([probes.queue()])[0]
        save = iter(on_line(probes.rest(count // len(MIX) * 2 + len(MIX))))
        plan = []
        for number, time in enumerate(arrivals(count, repeats * PEAK_PER_S)):
            kind = MIX[number * 7 % len(MIX)]
            message = read[number % len(read)] if kind == "read" else next(save) if kind == "REST create" else queue
            plan.append(Arrival(kind, time, message))
        memory: list[float] = []

        def progress(number: int) -> None:
            if number * TENTHS // count >= len(memory):
                memory.append(_mib(ready["pid"]))

        send_when_due(ready["services"], plan, progress)
    return plan, memory


def _mib(pid: str) -> float:
    """How much the process holds; it is the stage itself, or taskset that became it."""
    statm = Path("/proc", pid, "statm")
    if not statm.exists():
        return 0.0
    return int(statm.read_text("ascii").split()[1]) * os.sysconf("SC_PAGESIZE") / 1024**2


def _p(times: Sequence[float], share: float) -> float:
    return sorted(times)[int(share * len(times))] * 1000


def report(plan: Sequence[Arrival], memory: Sequence[float], seconds: float, repeats: float, *, ahead: bool) -> str:
    """Write the section."""
    p99 = _p([item.latency for item in plan], 0.99)
    lines = [
        f"## {repeats:g} times the peak hour", "",
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}; the stage on one pinned core, "
        f"callers on another{', both before every other program' if ahead else ''}. {repeats * PEAK_PER_S:.0f} calls a second "
        f"for {seconds:g} seconds with exponential gaps: 70% reads, 20% REST creates, 10% CreateSequence of a WSRM queue. "
        "Latency is counted from when the call was due.", "",
        "| calls | number | median ms | p99 ms | longest ms |", "| --- | ---: | ---: | ---: | ---: |",
    ]  # fmt: skip
    for kind in ("all", *dict.fromkeys(MIX)):
        times = [item.latency for item in plan if kind in ("all", item.kind)]
        lines.append(
            f"| {kind} | {len(times)} | {statistics.median(times) * 1000:.2f} | {_p(times, 0.99):.2f} "
            f"| {max(times) * 1000:.1f} |"
        )
    outcome = "held" if p99 < P99_TARGET_MS else "**missed**"
    lines += [
        "", f"The aim is a p99 below {P99_TARGET_MS:g} ms: {outcome}.", "",
        f"The stage's memory at each tenth of the way, MiB: {', '.join(f'{item:.0f}' for item in memory)}.", "",
    ]  # fmt: skip
    return "\n".join(lines)


def main() -> None:
    """Measure and print, or write the section."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--times", type=float, default=50)
    arguments.add_argument("--realtime", action="store_true", help="go before every other program, on a shared machine")
    arguments.add_argument("--write", type=Path)
    choice = arguments.parse_args()
    if choice.realtime:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    text = report(*measure_peak(choice.seconds, choice.times), choice.seconds, choice.times, ahead=choice.realtime)
    print(text)
    if choice.write:
        write(choice.write, "peak hour", text)


if __name__ == "__main__":
    main()
