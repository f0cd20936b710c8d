"""Measure the effect of the nightly jobs on callers: reads and creates without a run, and during a full run.

    python benchmarks/reads_during_batch.py [--rounds 7] [--citizens 30000] [--quiet-requests 3000] [--against PYTHON]
                                            [--write docs/benchmarks.md]

The caller shares the cores with the stage. Every round measures each stage once; a first round that is not counted
warms up. `--against` names the Python interpreter of another installation: its stage is measured in the same rounds.
The default takes about 3 minutes; `--rounds 1 --citizens 500 --quiet-requests 200` takes 10 seconds.

Prints rate and latency of reads and creates, without a run and during one. During a run the p99 is what a caller
notices; the run works in chunks, and a create waits for the chunk that is being stored.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
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
from probes import Probes, to_bytes
from sections import MACHINE, write
from servers import ready

from vos_contracts.base import stopwatch
from vos_contracts.control.stage import RunKind
from vos_simulators.control import Control
from vos_simulators.transport import HttpTransport

CONNECTIONS = 2
QUIET_READ, QUIET_CREATE = "read, no run", "create, no run"
NIGHT_READ, NIGHT_CREATE = "read, during the run", "create, during the run"
RUN_S = "run"
"""The keys of `Stage.rounds`."""
CREATES = 6_000
"""More than can be answered during one run."""


@dataclass
class Stage:
    """A running stage; `rounds` has the latencies of each round in milliseconds by kind, and of `RUN_S` the seconds."""

    name: str
    server: Server
    control: Control
    probes: Probes
    reads: list[bytes]
    rounds: dict[str, list[list[float]]] = field(default_factory=dict)

    def note(self, kind: str, latencies: list[float]) -> None:
        """Add the latencies of one round."""
        self.rounds.setdefault(kind, []).append(latencies)


@contextlib.contextmanager
def stage(name: str, python: str, folder: Path, citizens: int) -> Iterator[Stage]:
    """Run a stage of the installation of this interpreter with this many citizens."""
    command = [python, "-m", "generalproeve", "up", "--json", "--port", "0", "--people", "0"]
    command += ["--db", str(folder / f"{name}.db")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder) as process:
        try:
            addresses = ready(process)
            with (
                HttpTransport(addresses["control"], timeout=DEADLINE_S * 4) as control,
                HttpTransport(addresses["services"]) as calls,
            ):
                probes = Probes(Control(control))
                probes.citizens(citizens)
                pairs = [probes.reading() for _ in range(200)]
                for create, _ in pairs:
                    calls.send(create)
                server = Server(addresses["services"], int(addresses["pid"]))
                yield Stage(name, server, Control(control), probes, to_bytes([read for _, read in pairs]))
        finally:
            process.terminate()
            process.wait(timeout=DEADLINE_S)


def latencies(server: Server, messages: Iterable[bytes], connections: int, done: Callable[[], bool]) -> list[float]:
    """Send the messages one after another on each connection until `done`; return the latencies in milliseconds.

    Raises:
        AssertionError: an answer is not 200.
    """
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
    """Send messages for as long as a full run takes; note the duration that the run reports."""
    seconds: list[float] = []
    run = threading.Thread(target=lambda: seconds.append(stage.control.batch(RunKind.FULL).seconds))
    run.start()
    times = latencies(stage.server, messages, connections, lambda: not run.is_alive())
    run.join()
    stage.note(RUN_S, seconds)
    return times


def play(stage: Stage, quiet: int) -> None:
    """Play one round: reads and creates, each without a run and during one."""
    reads = itertools.cycle(stage.reads)
    stage.note(QUIET_READ, latencies(stage.server, itertools.islice(reads, quiet), CONNECTIONS, lambda: False))
    stage.note(NIGHT_READ, night(stage, reads, CONNECTIONS))
    creates = iter(to_bytes(stage.probes.rest(quiet // 4 + CREATES)))
    stage.note(QUIET_CREATE, latencies(stage.server, itertools.islice(creates, quiet // 4), 1, lambda: False))
    stage.note(NIGHT_CREATE, night(stage, creates, 1))


def measure(installations: Sequence[tuple[str, str]], rounds: int, citizens: int, quiet: int) -> list[Stage]:
    """Play the rounds, and one before them that is not counted."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="generalproeve-bench-")))
        stages = [stack.enter_context(stage(name, python, folder, citizens)) for name, python in installations]
        for number in range(rounds + 1):
            for measured_stage in stages if number % 2 else stages[::-1]:
                play(measured_stage, quiet)
        for measured_stage in stages:
            for measured in measured_stage.rounds.values():
                del measured[: len(measured) // (rounds + 1)]
        return stages


def report(stages: Sequence[Stage], rounds: int, citizens: int, quiet: int) -> str:
    """Return the section of docs/benchmarks.md."""
    lines = [
        "## Reads during the nightly jobs", "",
        f"{MACHINE}, {os.cpu_count()} cores for the stage and its caller "
        f"together; SQLite (WAL). Medians of {rounds} rounds: {quiet:,} reads and {quiet // 4:,} REST creates without "
        f"a run, and as many as fit during a full run over at least {citizens:,} citizens; reads over {CONNECTIONS} "
        "connections, creates over one. A thread with a database connection of its own stores each chunk of the run.", "",
        "| calls | stage | calls/s | p50 ms | p99 ms | longest ms |", "| --- | --- | ---: | ---: | ---: | ---: |",
    ]  # fmt: skip
    for kind, connections in ((QUIET_READ, 2), (NIGHT_READ, 2), (QUIET_CREATE, 1), (NIGHT_CREATE, 1)):
        for measured_stage in stages:
            measured = [sorted(times) for times in measured_stage.rounds[kind]]
            rate = statistics.median(connections * len(times) * 1000 / sum(times) for times in measured)
            p50, p99, longest = (statistics.median(_at(times, share) for times in measured) for share in (0.5, 0.99, 1))
            lines.append(f"| {kind} | {measured_stage.name} | {rate:,.0f} | {p50:.2f} | {p99:.2f} | {longest:.1f} |")
    lines += [
        "",
        *(
            f"A run during calls took {_run(measured_stage):.2f} s ({measured_stage.name})."
            for measured_stage in stages
        ),
    ]
    if len(stages) == 2:
        old, new = (measured_stage.rounds[NIGHT_READ] for measured_stage in stages)
        shares = sorted(_at(sorted(b), 0.99) / _at(sorted(a), 0.99) for a, b in zip(old, new, strict=True))
        lines.append(
            f"Reads during the run: p99 is {statistics.median(shares):.2f} of that before "
            f"({shares[0]:.2f}-{shares[-1]:.2f} by round)."
        )
    return "\n".join([*lines, ""])


def _run(stage: Stage) -> float:
    return statistics.median(itertools.chain(*stage.rounds[RUN_S]))


def _at(times: Sequence[float], share: float) -> float:
    return times[min(int(len(times) * share), len(times) - 1)]


def main() -> None:
    """Measure, print the section and optionally write it."""
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
