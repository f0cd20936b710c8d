"""Measure how the nightly jobs affect callers: reads and creates without a run, and during a full run.

    python benchmarks/reads_during_batch.py [--rounds 7] [--citizens 30000] [--quiet-requests 3000] [--against PYTHON]
                                            [--write docs/benchmarks.md]

The caller shares the cores with the stage. Every round plays each stage once; the first round warms up and is not counted.
`--against` names the interpreter of another installation: its stage is measured in the same rounds.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import platform
import selectors
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from client import DEADLINE_S, Connection, Server
from probes import Probes, on_line
from sections import write
from servers import ready

from vos_contracts.base import stopwatch
from vos_contracts.control.stage import RunKind
from vos_simulators.control import Control
from vos_simulators.transport import HttpTransport

CONNECTIONS = 2
QUIET_READ, QUIET_CREATE = "read, no run", "create, no run"
NIGHT_READ, NIGHT_CREATE = "read, during the run", "create, during the run"
RUN_S = "run"
CREATES = 6_000
"""More requests than can be answered during one run."""


@dataclass
class Stage:
    """A running stage, and by kind the latencies of each round in milliseconds; of a run its seconds."""

    name: str
    server: Server
    control: Control
    samples: Probes
    reads: list[bytes]
    rounds: dict[str, list[list[float]]] = field(default_factory=dict)

    def note(self, kind: str, latencies: list[float]) -> None:
        """Add a round."""
        self.rounds.setdefault(kind, []).append(latencies)


@contextlib.contextmanager
def stage(name: str, python: str, folder: Path, citizens: int) -> Iterator[Stage]:
    """Run a stage of that installation with so many citizens."""
    command = [python, "-m", "generalproeve", "up", "--json", "--port", "0", "--people", "0"]
    command += ["--db", str(folder / f"{name}.db")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder) as process:
        try:
            addresses = ready(process)
            with (
                HttpTransport(addresses["control"], timeout=DEADLINE_S * 4) as control,
                HttpTransport(addresses["services"]) as calls,
            ):
                samples = Probes(Control(control))
                samples.citizens(citizens)
                pairs = [samples.reading() for _ in range(200)]
                for create, _ in pairs:
                    calls.send(create)
                server = Server(addresses["services"], int(addresses["pid"]))
                yield Stage(name, server, Control(control), samples, on_line([read for _, read in pairs]))
        finally:
            process.terminate()
            process.wait(timeout=DEADLINE_S)


def latencies(server: Server, messages: Iterable[bytes], connections: int, done: Callable[[], bool]) -> list[float]:
    """Send the messages one after the other on each connection until `done`; return each answer's milliseconds."""
    address = urlsplit(server.address)
    assert address.hostname == "127.0.0.1", "load goes to loopback only"
    assert address.port is not None
    waiting, times = iter(messages), list[float]()
    with selectors.DefaultSelector() as selector:
        for _ in range(connections):
            connection = Connection(address.hostname, address.port)
            connection.send(next(waiting))
            selector.register(connection.sock, selectors.EVENT_READ, connection)
        while selector.get_map():
            for key, _ in selector.select(DEADLINE_S):
                connection = key.data
                status = connection.read()
                if status is None:
                    continue
                assert status == 200, f"the server answered {status}"
                times.append((stopwatch.seconds() - connection.begun) * 1000)
                message = None if done() else next(waiting, None)
                if message is None:
                    selector.unregister(connection.sock)
                    connection.sock.close()
                else:
                    connection.send(message)
    return times


def night(stage: Stage, messages: Iterable[bytes], connections: int) -> list[float]:
    """Call for as long as a full run takes; note how long that was by its own report."""
    seconds: list[float] = []
    run = threading.Thread(target=lambda: seconds.append(stage.control.batch(RunKind.FULL).seconds))
    run.start()
    times = latencies(stage.server, messages, connections, lambda: not run.is_alive())
    run.join()
    stage.note(RUN_S, seconds)
    return times


def play(stage: Stage, quiet: int) -> None:
    """Play one round."""
    reads = itertools.cycle(stage.reads)
    stage.note(QUIET_READ, latencies(stage.server, itertools.islice(reads, quiet), CONNECTIONS, lambda: False))
    stage.note(NIGHT_READ, night(stage, reads, CONNECTIONS))
    creates = iter(on_line(stage.samples.rest(quiet // 4 + CREATES)))
    stage.note(QUIET_CREATE, latencies(stage.server, itertools.islice(creates, quiet // 4), 1, lambda: False))
    stage.note(NIGHT_CREATE, night(stage, creates, 1))


def measure(installations: Sequence[tuple[str, str]], rounds: int, citizens: int, quiet: int) -> list[Stage]:
    """Play the rounds, and one before them that does not count."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="generalproeve-bench-")))
        stages = [stack.enter_context(stage(name, python, folder, citizens)) for name, python in installations]
        for number in range(rounds + 1):
            for each in stages if number % 2 else stages[::-1]:
                play(each, quiet)
        for each in stages:
            for measured in each.rounds.values():
                del measured[: len(measured) // (rounds + 1)]
        return stages


def report(stages: Sequence[Stage], rounds: int, citizens: int, quiet: int) -> str:
    """Write the section."""
    lines = [
        "## Reads during the nightly jobs", "",
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores for the "
        "stage and its caller",
        f"together; SQLite (WAL). Medians of {rounds} rounds: {quiet:,} reads and {quiet // 4:,} REST creates with no run, and",
        f"as many as can be made during a full run over {citizens:,} citizens and more; reads over {CONNECTIONS} connections,",
        "creates over one. A chunk of the run is written by a thread with a connection of its own.", "",
        "| calls | stage | calls/s | p50 ms | p99 ms | longest ms |", "| --- | --- | ---: | ---: | ---: | ---: |",
    ]  # fmt: skip
    for kind, connections in ((QUIET_READ, 2), (NIGHT_READ, 2), (QUIET_CREATE, 1), (NIGHT_CREATE, 1)):
        for each in stages:
            measured = [sorted(times) for times in each.rounds[kind]]
            rate = statistics.median(connections * len(times) * 1000 / sum(times) for times in measured)
            p50, p99, longest = (statistics.median(_at(times, share) for times in measured) for share in (0.5, 0.99, 1))
            lines.append(f"| {kind} | {each.name} | {rate:,.0f} | {p50:.2f} | {p99:.2f} | {longest:.1f} |")
    lines += ["", *(f"A run with calls beside it took {_run(each):.2f} s ({each.name})." for each in stages)]
    if len(stages) == 2:
        old, new = (each.rounds[NIGHT_READ] for each in stages)
        shares = sorted(_at(sorted(b), 0.99) / _at(sorted(a), 0.99) for a, b in zip(old, new, strict=True))
        lines.append(
            f"Reads during the run: p99 is {statistics.median(shares):.2f} of what it was "
            f"({shares[0]:.2f}-{shares[-1]:.2f} by round)."
        )
    return "\n".join([*lines, ""])


def _run(stage: Stage) -> float:
    return statistics.median(itertools.chain(*stage.rounds[RUN_S]))


def _at(times: Sequence[float], share: float) -> float:
    return times[min(int(len(times) * share), len(times) - 1)]


def main() -> None:
    """Measure and print, or write the section."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--citizens", type=int, default=30_000)
    parser.add_argument("--quiet-requests", type=int, default=3000)
    parser.add_argument("--against", metavar="PYTHON")
    parser.add_argument("--write", type=Path)
    chosen = parser.parse_args()
    installations = [("now", sys.executable)]
    if chosen.against:
        installations.insert(0, ("before", chosen.against))
    figures = chosen.rounds, chosen.citizens, chosen.quiet_requests
    text = report(measure(installations, *figures), *figures)
    print(text)
    if chosen.write:
        write(chosen.write, "reads during the nightly jobs", text)


if __name__ == "__main__":
    main()
