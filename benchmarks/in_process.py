"""Measure the services without sockets: the time of a call in the process, and what SOAP takes more than REST.

    python benchmarks/in_process.py [--rounds 10] [--calls 500] [--write docs/benchmarks.md]

The operations alternate in every round, one call at a time. A round's figure is its median call, which a short disturbance
by another program does not change.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import statistics
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import uvloop
from probes import Probes
from sections import write

from vos_contracts.base import stopwatch
from vos_contracts.tables.releases import PrsSoap
from vos_contracts.wire.asgi.endpoint import AsgiTransport
from vos_contracts.wire.base import Call, Response
from vos_reference.bootstrap import build
from vos_reference.config import Configuration
from vos_simulators.control import Control

CONVERTER_TARGET = 1.3
REST, CONVERTER, CLASSIC = "REST create", "SOAP create, converter", "SOAP create, classic"


class Line:
    """A transport to an application, for a caller who waits."""

    def __init__(self, loop: asyncio.AbstractEventLoop, transport: AsgiTransport) -> None:
        self._loop = loop
        self._transport = transport

    def send(self, call: Call) -> Response:
        """Send and wait."""
        return self._loop.run_until_complete(self._transport.send(call))


async def measure_calls(transport: AsgiTransport, call: list[Call]) -> float:
    """Return the median call in microseconds; errors: AssertionError for an answer that is not 200."""
    times = []
    for item in call:
        begun = stopwatch.seconds()
        response = await transport.send(item)
        times.append(stopwatch.seconds() - begun)
        assert response.status == 200, f"the stage answered {response.status}"
    return statistics.median(times) * 1_000_000


def measure_all(rounds: int, count: int) -> Mapping[str, list[float]]:
    """Play all rounds after one that warms up."""
    all_series: dict[str, list[float]] = {}
    loop = uvloop.new_event_loop()
    with tempfile.TemporaryDirectory(prefix="generalproeve-bench-") as folder:
        application = build(Configuration(db=Path(folder) / "bench.db"))
        services = AsgiTransport(application.services)
        control = Control(Line(loop, AsgiTransport(application.control)))
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
    """Write the section."""
    lines = [
        "## In process", "",
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}; {rounds} rounds of {count} calls of "
        "each kind by turns, one at a time, from ASGI call to answer: no line, no other process. Median call of a round, and "
        "the median over the rounds.", "",
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
    """Measure and print, or write the section."""
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
