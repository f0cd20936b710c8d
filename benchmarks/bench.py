"""Measure the stage against stub servers that answer the same bytes: throughput, latency and start.

    python benchmarks/bench.py [--rounds 5] [--requests 2000] [--write docs/benchmarks.md]

The stubs are WireMock, Prism, Mockoon and a bare server of the stage's HTTP library. All servers run on one core and
the client on another; every round measures each of them in turn, and a first round that is not counted warms them up.
Needs Java and node_modules (`npm ci`); Prism and Mockoon are left out if benchmarks/npm/node_modules is missing. The
default takes a few minutes; `--rounds 1 --requests 50` takes 25 seconds.

Prints a table of ratios with their aims, then the medians behind them. Read the ratios: they compare servers within a
round, while times depend on the machine. Requests per core-second are requests per second of the server's own
processor time.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from client import Measurement, Server, measure_burst
from probes import Probes, to_bytes
from rich.console import Console
from rich.progress import Progress
from sections import MACHINE, write
from servers import cold_start, pin_to_core, stage
from stubs import NPM, Responses, stub_servers

from vos_contracts.base.ids import new_uuid
from vos_contracts.tables.releases import PrsSoap
from vos_simulators.control import Control
from vos_simulators.transport import HttpTransport

CONCURRENT = 8
LATENCY_PART = 4
"""A latency burst has a fourth of the requests of a throughput burst, since they go one at a time."""
WARM = 15_000
"""Requests of each kind that WireMock gets before the first round: a JVM compiles code that is called often."""
SLOW = 4
"""Prism and Mockoon get a fourth of the requests, so that their bursts take about as long as the others'."""

Series = dict[str, list[Measurement]]


def measure_all(rounds: int, count: int, console: Console) -> tuple[Series, Series, list[tuple[float, float]]]:
    """Play all rounds; return the measurements of throughput and latency by name, and the cold starts in seconds."""
    throughput: Series = {}
    latency: Series = {}
    pin_to_core(1)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="generalproeve-bench-"))
        ready = stack.enter_context(stage(Path(folder)))
        control = Control(stack.enter_context(HttpTransport(ready["control"])))
        probes, transport = Probes(control), stack.enter_context(HttpTransport(ready["services"]))
        create, reading = probes.reading()
        transport.send(create)
        responses = Responses(reading.path, transport.send(reading).body, f'"{new_uuid()}"'.encode())
        stubs = {name: stack.enter_context(start_stub(responses)) for name, start_stub in stub_servers().items()}
        read, create_message = to_bytes([reading, create])
        server = Server(ready["services"], int(ready["pid"]))
        for message in (read, create_message):
            measure_burst(stubs["WireMock"], [message] * WARM, CONCURRENT)
        progress = stack.enter_context(Progress(console=console))
        task = progress.add_task("rounds", total=rounds + 1)
        for round in range(rounds + 1):  # round 0 warms up the servers and is not counted
            for series, concurrent, size in (
                (throughput, CONCURRENT, count),
                (latency, 1, max(1, count // LATENCY_PART)),
            ):
                this_round = _round(server, stubs, control, probes, read, create_message, concurrent, size)
                if round:
                    for name, measurement in this_round.items():
                        series.setdefault(name, []).append(measurement)
            progress.advance(task)
    return throughput, latency, [cold_start() for _ in range(rounds)]


def _round(
    stage: Server, stubs: Mapping[str, Server], control: Control, probes: Probes,
    read: bytes, create_message: bytes, concurrent: int, count: int,
) -> dict[str, Measurement]:  # fmt: skip
    """Play one round: reads and then creates, each on the stage and on every stub in turn."""
    this_round = {"read": measure_burst(stage, [read] * count, concurrent)}
    for name, server in stubs.items():
        this_round[f"{name} read"] = measure_burst(server, [read] * _part(name, count), concurrent)
    this_round["REST create"] = measure_burst(stage, to_bytes(probes.rest(count)), concurrent)
    for name, server in stubs.items():
        this_round[f"{name} create"] = measure_burst(server, [create_message] * _part(name, count), concurrent)
    for name, backend in (("converter", PrsSoap.CONVERTER), ("classic", PrsSoap.CLASSIC)):
        control.force_backend(backend)
        this_round[f"SOAP create, {name}"] = measure_burst(stage, to_bytes(probes.soap(count)), concurrent)
    return this_round


def _part(name: str, count: int) -> int:
    return max(1, count // SLOW) if name in ("Prism", "Mockoon") else count


def median(series: Series, name: str, field: str) -> float:
    """Return the median of a field over the rounds."""
    return float(statistics.median(getattr(measurement, field) for measurement in series[name]))


def ratio(series: Series, a: str, b: str, field: str) -> float:
    """Return the median of the rounds' ratios a / b of a field."""
    return float(
        statistics.median(getattr(x, field) / getattr(y, field) for x, y in zip(series[a], series[b], strict=True))
    )


def report(
    throughput: Series, latency: Series, cold_starts: Sequence[tuple[float, float]], rounds: int, count: int
) -> str:
    """Return the section of docs/benchmarks.md."""
    start = statistics.median(a / b for a, b in cold_starts)
    aims: list[tuple[str, float, str, float]] = []
    for name, read_aim, create_aim in (
        ("WireMock", 1.5, 1.0),
        ("Prism", 3.0, 3.0),
        ("Mockoon", 3.0, 3.0),
        ("bare server", 0.0, 0.0),
    ):
        if f"{name} read" not in throughput:
            continue
        for what, ours, their, limit in (
            ("read", "read", f"{name} read", read_aim),
            ("durable REST create", "REST create", f"{name} create", create_aim),
        ):  # fmt: skip
            value = ratio(throughput, ours, their, "per_core_second")
            aims.append((f"{what}, requests a core-second against {name}", value, ">=" if limit else "", limit))
    for name in ("converter", "classic"):
        value = ratio(throughput, "REST create", f"SOAP create, {name}", "per_core_second")
        aims.append((f"SOAP create, {name}: processor time against REST create", value, "", 0.0))
    aims.append(("cold start to first answer against WireMock", start, "<=", 1 / 3))
    lines = [
        "## The stage beside stub servers", "",
        "All servers run on the same core and the client on another; every round measures each server in turn. The "
        f"first round warms up and is not counted; WireMock gets {WARM} requests of each kind before it. Absolute "
        "times "
        "depend on the machine and its other work: read the ratios, which are medians of the rounds' own ratios. A "
        "core-second "
        "is a second of the server's processor time, in all its threads and in system calls, so that other programs "
        "on the "
        "machine do not change the figure.", "",
        f"{MACHINE}; {rounds} rounds, {count} requests a "
        f"burst over {CONCURRENT} connections, latency one at a time. The stubs answer the same bytes without "
        "reading or storing anything: WireMock 3.13.2 standalone, stateless, journal off; Prism and Mockoon (the "
        "versions of "
        f"benchmarks/npm{'' if NPM.exists() else ', which were not installed'}) with logs off; the bare server is the "
        "HTTP library of the stage. A read of the stage finds the citizen in SQLite and checks the caller's access; a "
        "create is validated, authorised, committed to SQLite (WAL) with its messages, and answered after that.", "",
        "### Ratios", "", "| measured | ratio | aim | |", "| --- | ---: | --- | --- |",
    ]  # fmt: skip
    for name, value, operator, limit in aims:
        held = {">=": value >= limit, "<=": value <= limit}.get(operator)
        outcome = "" if held is None else "held" if held else "**missed**"
        lines.append(f"| {name} | {value:.2f} | {f'{operator} {limit:.2f}' if operator else ''} | {outcome} |")
    lines += [
        "",
        _budget("read", "WireMock read", "bare server read", 1.5, throughput),
        _budget("create", "WireMock create", "bare server create", 1.0, throughput, ours="REST create"),
        "",
        "### Medians of this run",
        "",
        "| operation | requests/core-second | requests/s | median ms | p99 ms |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name in throughput:
        lines.append(
            f"| {name} | {median(throughput, name, 'per_core_second'):.0f} "
            f"| {median(throughput, name, 'per_second'):.0f} "
            f"| {median(latency, name, 'median_ms'):.3f} "
            f"| {median(latency, name, 'p99_ms'):.3f} |"
        )
    ours, their = (statistics.median(item) for item in zip(*cold_starts, strict=True))
    lines += ["", f"Cold start to first answer: stage {ours:.2f} s, WireMock {their:.2f} s.", ""]
    return "\n".join(lines)


def _budget(what: str, their: str, bare: str, aim: float, throughput: Series, ours: str = "read") -> str:
    """Return a sentence: processor time that the aim allows, that the HTTP library takes and that the stage takes."""
    allowed, http_library, taken = (
        1e6 / median(throughput, name, "per_core_second") / repeats
        for name, repeats in ((their, aim), (bare, 1.0), (ours, 1.0))
    )
    return (
        f"The aim against WireMock allows a {what} {allowed:.0f} microseconds of processor time; the HTTP library "
        "alone "
        f"takes {http_library:.0f}, and the stage takes {taken:.0f}."
    )


def main() -> None:
    """Measure, print the section and optionally write it."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--requests", type=int, default=2000)
    arguments.add_argument("--write", type=Path)
    choice = arguments.parse_args()
    text = report(*measure_all(choice.rounds, choice.requests, Console(stderr=True)), choice.rounds, choice.requests)
    print(text)
    if choice.write:
        write(choice.write, "stage beside WireMock", text)


if __name__ == "__main__":
    main()
