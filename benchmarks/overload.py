"""Measure what the stage does at 1, 2, 5 and 10 times the calls that it can serve: REST creates in an open loop.

    python benchmarks/overload.py [--seconds 3] [--write docs/benchmarks.md]

What it can serve is measured first, over 16 connections that wait for their answers, and again after each step.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
from pathlib import Path

from client import Server, measure_burst
from open_stage import Arrival, send_when_due
from probes import Probes, on_line
from sections import write
from servers import fix, stage

from vos_simulators.control import Control
from vos_simulators.transport import HttpTransport

TIMES = (1, 2, 5, 10)
CONNECTIONS, BURST = 16, 600


def _row(times: int, plan: list[Arrival], seconds: float, after: float) -> str:
    served = sorted(item.latency for item in plan if item.status == 200)
    shed = sorted(item.latency for item in plan if item.status == 503)
    closed = sum(item.status == 0 for item in plan)
    p99 = served[int(0.99 * len(served))] * 1000
    return (
        f"| {times} | {len(plan) / seconds:.0f} | {len(served)} | {len(shed)} | {closed} "
        f"| {statistics.median(served) * 1000:.0f} "
        f"| {p99:.0f} | {statistics.median(shed) * 1000 if shed else 0:.0f} | {after:.0f} |"
    )


def measure(seconds: float) -> str:
    """Measure each step, and write the section."""
    fix(1)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # the stage takes a third for connections
    with (
        tempfile.TemporaryDirectory(prefix="generalproeve-bench-") as folder, stage(Path(folder)) as ready,
        HttpTransport(ready["control"]) as check,
    ):  # fmt: skip
        probes, server = Probes(Control(check)), Server(ready["services"], int(ready["pid"]))
        measure_burst(server, on_line(probes.rest(BURST)), CONNECTIONS)
        capacity = measure_burst(server, on_line(probes.rest(BURST)), CONNECTIONS).per_second
        lines = [
            "## Overload", "",
            f"REST creates in an open loop for {seconds:g} seconds each; the stage serves {capacity:.0f} a second over "
            f"{CONNECTIONS} connections. "
            "Closed are calls on a connection above the limit on connections. Latency is counted from when a call was due.", "",
            "| times | calls a second | served | shed (503) | closed | median ms served | p99 ms served | median ms shed "
            "| creates a second afterwards |",
            "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        ]  # fmt: skip
        for times in TIMES:
            count = round(capacity * times * seconds)
            messages = on_line(probes.rest(count))
            plan = [Arrival("REST create", nr * seconds / count, message) for nr, message in enumerate(messages)]
            send_when_due(ready["services"], plan, lambda sent: None, statuses=(0, 200, 503))
            after = measure_burst(server, on_line(probes.rest(BURST)), CONNECTIONS).per_second
            lines.append(_row(times, plan, seconds, after))
    return "\n".join((*lines, ""))


def main() -> None:
    """Measure and print, or write the section."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--write", type=Path)
    chosen = parser.parse_args()
    text = measure(chosen.seconds)
    print(text)
    if chosen.write:
        write(chosen.write, "overload", text)


if __name__ == "__main__":
    main()
