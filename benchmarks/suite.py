"""Measure the suite: the time of all scenarios on two embedded stages, and of a reset of a stage between scenarios.

    python benchmarks/suite.py [--rounds 3] [--resets 300] [--write docs/benchmarks.md]

A round is one run of `generalproeve test embedded: -n 2` in a process of its own, its start included. The default
takes about 2 minutes; `--rounds 1 --resets 3` takes one run of the suite.

Prints the median time of a run, and the median and 99th percentile of a reset, with their aims: 30 seconds for the
run on two free cores, and 10 milliseconds for a reset. Busy cores make both miss.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from sections import MACHINE, write
from servers import stage

from vos_contracts.base import stopwatch
from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import load
from vos_contracts.model.registration import Create, Kind
from vos_contracts.wire.rest.registration import Rest
from vos_simulators import parties
from vos_simulators.control import Control
from vos_simulators.parties import JOBCENTER
from vos_simulators.people import People, on_stage
from vos_simulators.transport import HttpTransport

PROCESSES = 2
CITIZENS = 20
"""Citizens on the stage when it is reset, each with a registration and its messages: more than any scenario has."""


def suite(rounds: int) -> list[float]:
    """Play every scenario this many times; return the seconds of each run, the start of the program included."""
    seconds = []
    with tempfile.TemporaryDirectory(prefix="generalproeve-bench-") as folder:
        for _ in range(rounds):
            begun = stopwatch.seconds()
            subprocess.run(
                [sys.executable, "-m", "generalproeve", "test", "embedded:", "-n", str(PROCESSES), "--out", folder],
                check=True, stdout=subprocess.DEVNULL,
            )  # fmt: skip
            seconds.append(stopwatch.seconds() - begun)
    return seconds


def resets(count: int) -> list[float]:
    """Fill and reset a stage this many times; return the milliseconds of the resets in ascending order."""
    rest, people = Rest(load()), People(seed=1)
    milliseconds = []
    with (
        tempfile.TemporaryDirectory(prefix="generalproeve-bench-") as folder, stage(Path(folder)) as ready,
        HttpTransport(ready["control"]) as control_transport, HttpTransport(ready["services"]) as transport,
    ):  # fmt: skip
        control = Control(control_transport)
        for _ in range(count):
            now = control.status().clock
            identity = parties.KSS.identity(JOBCENTER, now)
            citizens = [people.new(40, now.date()) for _ in range(CITIZENS)]
            control.set_up(*map(on_stage, citizens))
            group = Create(Kind.KONTAKTGRUPPE, 13, now.replace(hour=0, minute=0, second=0, microsecond=0))
            for citizen in citizens:
                transport.send(rest.call_register(citizen.cpr, group, identity, new_uuid()))
            begun = stopwatch.seconds()
            control.reset()
            milliseconds.append(1000 * (stopwatch.seconds() - begun))
    return sorted(milliseconds)


def report(seconds: list[float], milliseconds: list[float]) -> str:
    """Return the section of docs/benchmarks.md."""
    p99 = milliseconds[int(0.99 * len(milliseconds))]
    rows = [
        (f"every scenario, {PROCESSES} processes, with start", f"{statistics.median(seconds):.1f} s",
         "< 30 s", statistics.median(seconds) < 30),
        (f"reset of a stage with {CITIZENS} citizens and their messages, median",
         f"{statistics.median(milliseconds):.1f} ms",
         "< 10 ms", statistics.median(milliseconds) < 10),
        ("the same, 99th percentile", f"{p99:.1f} ms", "", None),
    ]  # fmt: skip
    lines = [
        "## The suite", "",
        f"{MACHINE}; "
        f"{len(milliseconds)} resets through the control API.", "",
        "| measured | time | aim | |", "| --- | ---: | --- | --- |",
    ]  # fmt: skip
    for what, time, aim, held in rows:
        lines.append(f"| {what} | {time} | {aim} | {'' if held is None else 'held' if held else '**missed**'} |")
    return "\n".join([*lines, ""])


def main() -> None:
    """Measure, print the section and optionally write it."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--resets", type=int, default=300)
    arguments.add_argument("--write", type=Path)
    choice = arguments.parse_args()
    text = report(suite(choice.rounds), resets(choice.resets))
    print(text)
    if choice.write:
        write(choice.write, "the suite", text)


if __name__ == "__main__":
    main()
