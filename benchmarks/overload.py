"""Measure the stage under overload: REST creates in an open loop at 1, 2, 5 and 10 times its capacity.

    python benchmarks/overload.py [--seconds 3] [--write docs/benchmarks.md]

The capacity is measured first, over 16 connections that wait for their answers, and again after each step. The client
has 512 connections, twice the calls that the stage lets wait: a call that finds none free waits in the client. The
default takes about a minute; `--seconds 0.3` takes 15 seconds.

Prints one row per step: how many calls were served and shed (answered 503), and their latency from when they were due.
The stage sheds well if the p99 of served calls stays bounded and the capacity afterwards is what it was before.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
from pathlib import Path

from client import Server, measure_burst
from open_loop import Arrival, send_when_due
from probes import Probes, to_bytes
from sections import write
from servers import pin_to_core, stage

from vos_contracts.base import stopwatch
from vos_simulators.control import Control
from vos_simulators.transport import HttpTransport

TIMES = (1, 2, 5, 10)
CONNECTIONS, BURST, POOL = 16, 600, 512


def _row(times: int, plan: list[Arrival], took: float, after: float) -> str:
    served = sorted(item.latency for item in plan if item.status == 200)
    shed = sorted(item.latency for item in plan if item.status == 503)
    offered = len(plan) / plan[-1].time
    p99 = served[int(0.99 * len(served))] * 1000
    return (
        f"| {times} | {offered:.0f} | {len(plan) / took:.0f} | {len(served) / took:.0f} | {len(shed) / took:.0f} "
        f"| {statistics.median(served) * 1000:.0f} "
        f"| {p99:.0f} | {statistics.median(shed) * 1000 if shed else 0:.0f} | {after:.0f} |"
    )


def measure(seconds: float) -> str:
    """Measure each step; return the section of docs/benchmarks.md."""
    pin_to_core(1)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(
        resource.RLIMIT_NOFILE, (hard, hard)
    )  # inherited by the stage, which uses a third of them for connections
    with (
        tempfile.TemporaryDirectory(prefix="generalproeve-bench-") as folder, stage(Path(folder)) as ready,
        HttpTransport(ready["control"]) as check,
    ):  # fmt: skip
        probes, server = Probes(Control(check)), Server(ready["services"], int(ready["pid"]))
        measure_burst(server, to_bytes(probes.rest(BURST)), CONNECTIONS)
        capacity = measure_burst(server, to_bytes(probes.rest(BURST)), CONNECTIONS).per_second
        lines = [
            "## Overload", "",
            f"REST creates in an open loop, {seconds:g} seconds a step; the stage can serve {capacity:.0f} a second over "
            f"{CONNECTIONS} connections. The client has {POOL} connections. Latency is counted from when a call was due. "
            "Where fewer calls are answered than were due, the stage and the client could not exchange more.", "",
            "| times | due a second | answered a second | served a second | shed a second | median ms served | p99 ms served "
            "| median ms shed | creates a second afterwards |",
            "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        ]  # fmt: skip
        for times in TIMES:
            count = round(capacity * times * seconds)
            messages = to_bytes(probes.rest(count))
            plan = [Arrival("REST create", nr * seconds / count, message) for nr, message in enumerate(messages)]
            begun = stopwatch.seconds()
            send_when_due(ready["services"], plan, lambda sent: None, statuses=(0, 200, 503), pool=POOL)
            took = stopwatch.seconds() - begun
            after = measure_burst(server, to_bytes(probes.rest(BURST)), CONNECTIONS).per_second
            lines.append(_row(times, plan, took, after))
    return "\n".join((*lines, ""))


def main() -> None:
    """Measure, print the section and optionally write it."""
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
