"""Measure the stage beside stub servers that answer the same bytes, interleaved, in one run, on one pinned core.

    python benchmarks/bench.py [--rounds 5] [--requests 2000] [--write docs/benchmarks.md]

The stubs are WireMock's, Prism's and Mockoon's, and a bare server. Read the ratios, not the numbers: all servers have the same
core, the client the other one, and every round plays all of them in turn. Needs java and node_modules (npm ci).
"""

from __future__ import annotations

import argparse
import contextlib
import platform
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from client import Measurement, Server, measure_burst
from dummies import NPM, Responses, dummies
from probes import Probes, on_line
from rich.console import Console
from rich.progress import Progress
from sections import write
from servers import cold_start, fix, stage

from vos_contracts.base.ids import new_uuid
from vos_contracts.tables.releases import PrsSoap
from vos_simulators.control import Control
from vos_simulators.transport import HttpTransport

CONCURRENT = 8
LATENCY_PART = 4
"""A latency burst is a fourth of a throughput burst: it goes one request at a time."""
WARM = 15_000
"""Requests of each kind that WireMock gets before anything is counted: a JVM compiles what is called often."""
SLOW = 4
"""So many times fewer requests go to what is written for Node: they take as long as the others'."""

Series = dict[str, list[Measurement]]


def measure_all(rounds: int, count: int, console: Console) -> tuple[Series, Series, list[tuple[float, float]]]:
    """Play all rounds; return throughput, latency and cold starts."""
    throughput: Series = {}
    latency: Series = {}
    fix(1)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="generalproeve-bench-"))
        ready = stack.enter_context(stage(Path(folder)))
        control = Control(stack.enter_context(HttpTransport(ready["control"])))
        probes, transport = Probes(control), stack.enter_context(HttpTransport(ready["services"]))
        create, reading = probes.reading()
        transport.send(create)
        responses = Responses(reading.path, transport.send(reading).body, f'"{new_uuid()}"'.encode())
        stubs = {name: stack.enter_context(dummy(responses)) for name, dummy in dummies().items()}
        read, create_message = on_line([reading, create])
        server = Server(ready["services"], int(ready["pid"]))
        for message in (read, create_message):
            measure_burst(stubs["WireMock"], [message] * WARM, CONCURRENT)
        progress = stack.enter_context(Progress(console=console))
        task = progress.add_task("rounds", total=rounds + 1)
        for round in range(rounds + 1):  # the first warms everybody up and is not counted
            for series, concurrent, size in ((throughput, CONCURRENT, count), (latency, 1, count // LATENCY_PART)):
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
    """Play one round: the stage and every stub by turns, reads and then creates."""
    this_round = {"read": measure_burst(stage, [read] * count, concurrent)}
    for name, server in stubs.items():
        this_round[f"{name} read"] = measure_burst(server, [read] * _part(name, count), concurrent)
    this_round["REST create"] = measure_burst(stage, on_line(probes.rest(count)), concurrent)
    for name, server in stubs.items():
        this_round[f"{name} create"] = measure_burst(server, [create_message] * _part(name, count), concurrent)
    for name, backend in (("converter", PrsSoap.CONVERTER), ("classic", PrsSoap.CLASSIC)):
        control.force_backend(backend)
        this_round[f"SOAP create, {name}"] = measure_burst(stage, on_line(probes.soap(count)), concurrent)
    return this_round


def _part(name: str, count: int) -> int:
    return count // SLOW if name in ("Prism", "Mockoon") else count


def median(series: Series, name: str, field: str) -> float:
    """Return the median over the rounds."""
    return float(statistics.median(getattr(measurement, field) for measurement in series[name]))


def ratio(series: Series, a: str, b: str, field: str) -> float:
    """Return the median of a / b, round by round."""
    return float(
        statistics.median(getattr(x, field) / getattr(y, field) for x, y in zip(series[a], series[b], strict=True))
    )


def report(
    throughput: Series, latency: Series, cold_starts: Sequence[tuple[float, float]], rounds: int, count: int
) -> str:
    """Write the section."""
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
            ("read", "read", f"{name} read", read_aim), ("durable REST create", "REST create", f"{name} create", create_aim),
        ):  # fmt: skip
            value = ratio(throughput, ours, their, "per_core_second")
            aims.append((f"{what}, requests a core-second against {name}", value, ">=" if limit else "", limit))
    for name in ("converter", "classic"):
        value = ratio(throughput, "REST create", f"SOAP create, {name}", "per_core_second")
        aims.append((f"SOAP create, {name}: processor time against REST create", value, "", 0.0))
    aims.append(("cold start to first answer against WireMock", start, "<=", 1 / 3))
    lines = [
        "## The stage beside stub servers", "",
        "All servers run in turn on the same pinned core, the client on another; every round plays all of them; the first "
        f"round warms up and is not counted, and WireMock is warmed by {WARM} requests of each kind besides. Absolute times "
        "on a shared machine are noise: read the ratios, which are medians of the rounds' own ratios. A core-second is a "
        "second of the server's own processor time, all its threads and what the system does for it: what one core can "
        "carry, whoever else is on the machine.", "",
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}; {rounds} rounds, {count} requests a "
        f"burst over {CONCURRENT} connections, latency one at a time. The stubs answer the same bytes without looking at "
        "anything or keeping it: WireMock 3.13.2 standalone, stateless, journal off; Prism and Mockoon (the versions of "
        f"benchmarks/npm{'' if NPM.exists() else ', which were not installed'}) with logs off; the bare server is the "
        "HTTP library that the stage stands on. A read of ours finds the citizen in SQLite and asks who may see what; a create "
        "is validated, authorised, committed to SQLite (WAL) with its messages, and answered after that.", "",
        "### Ratios", "", "| what | ratio | aim | |", "| --- | ---: | --- | --- |",
    ]  # fmt: skip
    for name, value, character, limit in aims:
        held = {">=": value >= limit, "<=": value <= limit}.get(character)
        outcome = "" if held is None else "held" if held else "**missed**"
        lines.append(f"| {name} | {value:.2f} | {f'{character} {limit:.2f}' if character else ''} | {outcome} |")
    lines += [
        "",
        _back("read", "WireMock read", "bare server read", 1.5, throughput),
        _back("create", "WireMock create", "bare server create", 1.0, throughput, ours="REST create"),
        "",
        "### Medians of this run",
        "",
        "| operation | requests/core-second | requests/s | median ms | p99 ms |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name in throughput:
        lines.append(
            f"| {name} | {median(throughput, name, 'per_core_second'):.0f} | {median(throughput, name, 'per_second'):.0f} "
            f"| {median(latency, name, 'median_ms'):.3f} "
            f"| {median(latency, name, 'p99_ms'):.3f} |"
        )
    ours, their = (statistics.median(item) for item in zip(*cold_starts, strict=True))
    lines += ["", f"Cold start to first answer: stage {ours:.2f} s, WireMock {their:.2f} s.", ""]
    return "\n".join(lines)


def _back(what: str, their: str, bare: str, aims: float, throughput: Series, ours: str = "read") -> str:
    """Say how much of what the aim allows is taken before a service hears the call, in microseconds of processor time."""
    may, the_line, takes = (
        1e6 / median(throughput, name, "per_core_second") / repeats
        for name, repeats in ((their, aims), (bare, 1.0), (ours, 1.0))
    )
    return (
        f"A {what} may take {may:.0f} microseconds of processor time to keep its aim against WireMock; the HTTP library alone "
        f"takes {the_line:.0f}, and ours takes {takes:.0f}."
    )


def main() -> None:
    """Measure and print, or write the section."""
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
