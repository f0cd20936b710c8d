"""Measure the stage beside stub servers of the same bytes, interleaved, in one run, on one pinned core.

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

from client import Measurement, Server, target
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


def target_all(rounds: int, count: int, console: Console) -> tuple[Series, Series, list[tuple[float, float]]]:
    """Play all rounds; return throughput, latency and cold starts."""
    pass_: Series = {}
    latency: Series = {}
    fix(1)
    with contextlib.ExitStack() as open:
        folder = open.enter_context(tempfile.TemporaryDirectory(prefix="generalproeve-bench-"))
        ready = open.enter_context(stage(Path(folder)))
        control = Control(open.enter_context(HttpTransport(ready["control"])))
        probes, transport = Probes(control), open.enter_context(HttpTransport(ready["services"]))
        create, reading = probes.reading()
        transport.send(create)
        responses = Responses(reading.path, transport.send(reading).body, f'"{new_uuid()}"'.encode())
        stubs = {name: open.enter_context(dummy(responses)) for name, dummy in dummies().items()}
        read, save = on_line([reading, create])
        server = Server(ready["services"], int(ready["pid"]))
        for message in (read, save):
            target(stubs["WireMock"], [message] * WARM, CONCURRENT)
        progress = open.enter_context(Progress(console=console))
        task = progress.add_task("rounds", total=rounds + 1)
        for round in range(rounds + 1):  # the first warms everybody up and is not counted
            for series, concurrent, size in ((pass_, CONCURRENT, count), (latency, 1, count // LATENCY_PART)):
                this_round = _round(server, stubs, control, probes, read, save, concurrent, size)
                if round:
                    for name, measurement in this_round.items():
                        series.setdefault(name, []).append(measurement)
            progress.advance(task)
    return pass_, latency, [cold_start() for _ in range(rounds)]


def _round(
    stage: Server, stubs: Mapping[str, Server], control: Control, probes: Probes,
    read: bytes, save: bytes, concurrent: int, count: int,
) -> dict[str, Measurement]:  # fmt: skip
    """Play one round: the stage and every stub by turns, reads and then creates."""
    this_round = {"read": target(stage, [read] * count, concurrent)}
    for name, server in stubs.items():
        this_round[f"{name} read"] = target(server, [read] * _part(name, count), concurrent)
    this_round["REST create"] = target(stage, on_line(probes.rest(count)), concurrent)
    for name, server in stubs.items():
        this_round[f"{name} create"] = target(server, [save] * _part(name, count), concurrent)
    for name, backend in (("converter", PrsSoap.CONVERTER), ("classic", PrsSoap.CLASSIC)):
        control.force_backend(backend)
        this_round[f"SOAP create, {name}"] = target(stage, on_line(probes.soap(count)), concurrent)
    return this_round


def _part(name: str, count: int) -> int:
    return count // SLOW if name in ("Prism", "Mockoon") else count


def median(series: Series, name: str, field: str) -> float:
    """Return the median over the rounds."""
    return statistics.median(getattr(series_item, field) for series_item in series[name])


def ratio(series: Series, a: str, b: str, field: str) -> float:
    """Return the median of a / b, round by round."""
    return statistics.median(getattr(x, field) / getattr(y, field) for x, y in zip(series[a], series[b], strict=True))


def report(pass_: Series, latency: Series, starter: Sequence[tuple[float, float]], rounds: int, count: int) -> str:
    """Write the section."""
    start = statistics.median(a / b for a, b in starter)
    target_: list[tuple[str, float, str, float]] = []
    for name, read_target, save_target in (
        ("WireMock", 1.5, 1.0),
        ("Prism", 3.0, 3.0),
        ("Mockoon", 3.0, 3.0),
        ("bare server", 0.0, 0.0),
    ):
        if f"{name} read" not in pass_:
            continue
        for what, ours, their, limit in (
            ("read", "read", f"{name} read", read_target), ("durable REST create", "REST create", f"{name} create", save_target),
        ):  # fmt: skip
            same = ratio(pass_, ours, their, "per_core_second")
            target_.append((f"{what}, requests a core-second against {name}", same, ">=" if limit else "", limit))
    for name in ("converter", "classic"):
        same = ratio(pass_, "REST create", f"SOAP create, {name}", "per_core_second")
        target_.append((f"SOAP create, {name}: processor time against REST create", same, "", 0.0))
    target_.append(("cold start to first answer against WireMock", start, "<=", 1 / 3))
    linjer = [
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
    for name, value, character, limit in target_:
        held = {">=": value >= limit, "<=": value <= limit}.get(character)
        judgement = "" if held is None else "held" if held else "**missed**"
        linjer.append(f"| {name} | {value:.2f} | {f'{character} {limit:.2f}' if character else ''} | {judgement} |")
    linjer += [
        "",
        _back("read", "WireMock read", "bare server read", 1.5, pass_),
        _back("create", "WireMock create", "bare server create", 1.0, pass_, ours="REST create"),
        "",
        "### Medians of this run",
        "",
        "| operation | requests/core-second | requests/s | median ms | p99 ms |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name in pass_:
        linjer.append(
            f"| {name} | {median(pass_, name, 'per_core_second'):.0f} | {median(pass_, name, 'per_second'):.0f} "
            f"| {median(latency, name, 'median_ms'):.3f} "
            f"| {median(latency, name, 'p99_ms'):.3f} |"
        )
    ours, their = (statistics.median(item) for item in zip(*starter, strict=True))
    linjer += ["", f"Cold start to first answer: stage {ours:.2f} s, WireMock {their:.2f} s.", ""]
    return "\n".join(linjer)


def _back(what: str, their: str, bar: str, target_: float, pass_: Series, ours: str = "read") -> str:
    """Say how much of what the aim allows is taken before a service hears the call, in microseconds of processor time."""
    may, the_line, takes = (
        1e6 / median(pass_, name, "per_core_second") / repeats
        for name, repeats in ((their, target_), (bar, 1.0), (ours, 1.0))
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
    text = report(*target_all(choice.rounds, choice.requests, Console(stderr=True)), choice.rounds, choice.requests)
    print(text)
    if choice.write:
        write(choice.write, "stage beside WireMock", text)


if __name__ == "__main__":
    main()
