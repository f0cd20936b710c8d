"""Measure the application without HTTP: the time of a call in the process, and how much longer SOAP takes than REST.

    python benchmarks/in_process.py [--rounds 10] [--calls 500] [--write docs/benchmarks.md]

Calls the ASGI application directly, one call at a time; every round makes `--calls` calls of each kind, and a first
round that is not counted fills the caches. A round's figure is its median call, which an interruption by another
program does not change. The default takes about 20 seconds; `--rounds 1 --calls 10` takes 1.

Prints the median call of each kind in microseconds and its ratio to a REST create. The ratio is comparable between
machines; the microseconds are not. The aim is a ratio of at most 1.3 for a SOAP create with the converter.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import uvloop
from probes import Probes
from sections import MACHINE, write

from vos_contracts.base import stopwatch
from vos_contracts.tables.releases import PrsSoap
from vos_contracts.wire.asgi.endpoint import AsgiTransport
from vos_contracts.wire.base import Call, Response
from vos_reference.bootstrap import build
from vos_reference.config import Configuration
from vos_simulators.control import Control

CONVERTER_TARGET = 1.3
REST, CONVERTER, CLASSIC = "REST create", "SOAP create, converter", "SOAP create, classic"


class WaitingTransport:
    """A synchronous transport over an asynchronous one."""

    def __init__(self, loop: asyncio.AbstractEventLoop, transport: AsgiTransport) -> None:
        self._loop = loop
        self._transport = transport

    def send(self, call: Call) -> Response:
        """Send the call and wait for its answer."""
        return self._loop.run_until_complete(self._transport.send(call))


async def measure_calls(transport: AsgiTransport, calls: list[Call]) -> float:
    """Return the median call in microseconds.

    Raises:
        AssertionError: an answer is not 200.
    """
    times = []
    for call in calls:
        begun = stopwatch.seconds()
        response = await transport.send(call)
        times.append(stopwatch.seconds() - begun)
        assert response.status == 200, f"the stage answered {response.status}"
    return statistics.median(times) * 1_000_000


def measure_all(rounds: int, count: int) -> Mapping[str, list[float]]:
    """Play a warm-up round and then all rounds; return the microseconds of each round by kind of call."""
    all_series: dict[str, list[float]] = {}
    loop = uvloop.new_event_loop()
    with tempfile.TemporaryDirectory(prefix="generalproeve-bench-") as folder:
        application = build(Configuration(db=Path(folder) / "bench.db"))
        services = AsgiTransport(application.services)
        control = Control(WaitingTransport(loop, AsgiTransport(application.control)))
        probes = Probes(control)
        create, reading = probes.reading()
        loop.run_until_complete(services.send(create))
        operations: dict[str, tuple[PrsSoap, Callable[[int], list[Call]]]] = {
            "read": (PrsSoap.CLASSIC, lambda count: [reading] * count),
            REST: (PrsSoap.CLASSIC, probes.rest),
            CLASSIC: (PrsSoap.CLASSIC, probes.soap),
            CONVERTER: (PrsSoap.CONVERTER, probes.soap),
        }
        for round in range(rounds + 1):
            for name, (backend, make) in operations.items():
                control.force_backend(backend)
                microseconds = loop.run_until_complete(measure_calls(services, make(count)))
                if round:
                    all_series.setdefault(name, []).append(microseconds)
        application.close()
    loop.close()
    return all_series


def report(all_series: Mapping[str, list[float]], rounds: int, count: int) -> str:
    """Return the section of docs/benchmarks.md."""
    lines = [
        "## In process", "",
        f"{MACHINE}; {rounds} rounds of {count} calls of "
        "each kind in turn, one at a time, from the ASGI call to its answer: no HTTP server, no second process. The "
        "figure is the median over the rounds of each round's median call.", "",
        "| call | microseconds | against REST create |", "| --- | ---: | ---: |",
    ]  # fmt: skip
    against_rest = {
        name: statistics.median(a / b for a, b in zip(series, all_series[REST], strict=True))
        for name, series in all_series.items()
    }
    for name, series in all_series.items():
        lines.append(f"| {name} | {statistics.median(series):.0f} | {against_rest[name]:.2f} |")
    outcome = "held" if against_rest[CONVERTER] <= CONVERTER_TARGET else "**missed**"
    return "\n".join([*lines, "", f"The aim for the converter is at most {CONVERTER_TARGET}: {outcome}.", ""])


def main() -> None:
    """Measure, print the section and optionally write it."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=10)
    arguments.add_argument("--calls", type=int, default=500)
    arguments.add_argument("--write", type=Path)
    choice = arguments.parse_args()
    text = report(measure_all(choice.rounds, choice.calls), choice.rounds, choice.calls)
    print(text)
    if choice.write:
        write(choice.write, "in process", text)


if __name__ == "__main__":
    main()
