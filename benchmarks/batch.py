"""Measure the nightly jobs: duration and memory of a full run over all citizens, and of a delta run with 1 in 100 due.

    python benchmarks/batch.py [--persons 1000000] [--write docs/benchmarks.md]

The citizens are written to a SQLite file directly. Night 1 is a full run and night 2 a delta run; in each, 1 citizen
in 100 is due. Each run has a process of its own, so that its peak memory can be read from the process. The default
takes about 5 minutes; `--persons 1000` takes 2 seconds.

Prints a table with one row per run, how much of the full run's time the delta run took, and the memory at each tenth
of the full run. Memory that still grows after the first tenths is a leak: SQLite's page cache (64 MiB) fills first.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sections import MACHINE, write

from vos_contracts.base import stopwatch
from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import load
from vos_contracts.control.stage import RunKind
from vos_contracts.model.identity import Identity, Organisation, User
from vos_contracts.model.registration import Kind
from vos_reference.adapters.sqlite import SqliteStore
from vos_reference.application import batch
from vos_reference.application.ports import BatchRun
from vos_reference.application.runtime import Runtime
from vos_reference.clock import StageClock, SystemClock
from vos_reference.domain.batch_jobs import due_date
from vos_reference.domain.danish_time import DANISH_TIME, kl
from vos_reference.domain.person import Membership, Person, Registration

CONTRACT = load()
START = datetime(2024, 11, 18, 9, 0, tzinfo=DANISH_TIME)
NIGHTS = [kl(START.date() + timedelta(days=number), CONTRACT.batchjob[0].clock_time) for number in (1, 2)]
DUE = 100
"""One citizen in this many is due each night."""
CHUNK = 5000
"""Citizens stored in one transaction when the file is filled; the nightly jobs have a chunk of their own."""
MEASURING_POINTS = 10

_SINCE = datetime(2023, 1, 2, tzinfo=DANISH_TIME)
_JOBCENTER, _KOMMUNE, _AKASSE = Organisation(8, "10100"), Organisation(7, "101"), Organisation(2, "81")
_WHO = Identity(_JOBCENTER, User("Sofie Sagsbehandler", 2, "sofie"), _JOBCENTER, _SINCE, 1001)


def person(number: int) -> Person:
    """Return a citizen with three memberships, a kontaktgruppe and mostly a personkategori.

    Of 100 citizens one turns 30 in the first night and one in the second.
    """
    position = number % DUE
    turns_30 = position < len(NIGHTS)
    young = turns_30 or position < 30
    group = 12 if young else 2 if position < 60 else 1
    day = NIGHTS[position].date() if turns_30 else START.date() + timedelta(days=400 + number % 3000)
    born = date(1970 + number % 20, 1 + number % 12, 2)
    if young:
        born = day.replace(year=day.year - 30, day=min(day.day, 28))
    history = [Registration(f"g{number:035d}", Kind.KONTAKTGRUPPE, group, None, _SINCE, None, False, _WHO, _SINCE)]
    if group != 1:
        history.append(Registration(f"c{number:035d}", Kind.PERSONKATEGORI, 8, None, _SINCE, None, False, _WHO, _SINCE))
    return Person(
        id=f"{number:036d}",
        cpr=f"{number:010d}",
        born=born,
        memberships=tuple(Membership(item, date(2000, 1, 1)) for item in (_JOBCENTER, _KOMMUNE, _AKASSE)),
        history=tuple(history),
    )


def fill_stage(file: Path, count: int) -> Iterator[int]:
    """Store the citizens in the file chunk by chunk, and yield how many are stored so far."""
    store = SqliteStore(file)
    for since in range(0, count, CHUNK):
        with store.transaction() as t:
            for number in range(since, min(since + CHUNK, count)):
                item = person(number)
                t.create_person(item, due_date(item, CONTRACT, START))
        yield min(since + CHUNK, count)
    store.close()


def night(file: Path, kind: RunKind, instant: datetime) -> dict[str, object]:
    """Run one night in this process, printing the citizens seen; return its duration, counts, and memory in MiB."""
    store = SqliteStore(file)
    runtime = Runtime(
        store,
        StageClock(SystemClock(), instant),
        new_uuid,
        CONTRACT,
        CONTRACT.releases["2024-4"],
        None,
        lambda entry: None,
    )
    run = batch.begin(runtime, kind, instant)
    memory, next_share = [_mib()], 0.0
    begun = stopwatch.seconds()
    for step in batch.execute(runtime, run):
        if not isinstance(step, BatchRun):
            continue
        run = step
        if run.total and run.seen / run.total >= next_share:
            next_share += 1 / MEASURING_POINTS
            memory.append(_mib())
            print(run.seen, flush=True)
    seconds = stopwatch.seconds() - begun
    store.close()
    return {
        "seconds": seconds, "seen": run.seen, "changed": run.changed, "memory": memory,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip


def _mib() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 1024**2


def in_own_process(file: Path, kind: RunKind, number: int, progress: Progress) -> dict[str, object]:
    """Run one night in a process of its own and show its progress."""
    task = progress.add_task(f"{kind.value} run", total=None)
    command = [sys.executable, __file__, "--night", str(number), "--kind", kind.value, "--db", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("{"):
                response: dict[str, object] = json.loads(line)
                seen = float(str(response["seen"]))
                progress.update(task, total=seen, completed=seen)
            else:
                progress.update(task, completed=int(line))
    assert process.returncode == 0
    return response


def report(count: int, fill_seconds: float, size: int, full: dict[str, object], delta: dict[str, object]) -> str:
    """Return the section of docs/benchmarks.md."""
    f, d = float(str(full["seconds"])), float(str(delta["seconds"]))
    memory = [float(str(item)) for item in list(full["memory"])[1:]]  # type: ignore[call-overload]  # a list of numbers
    growth = memory[-1] - memory[0]
    return "\n".join([
        "## Nightly jobs", "",
        f"{MACHINE}; SQLite (WAL), {count:,} citizens with "
        f"three memberships, a kontaktgruppe and mostly a personkategori, {size / 1024**3:.2f} GiB; one in {DUE} turns "
        f"30 in each of two nights. Chunks of {batch.CHUNK} citizens are stored in one transaction each, with their "
        "messages and "
        "the run's progress. "
        "Each run has a process of its own.", "",
        "| run | citizens seen | changed | seconds | citizens/s | peak memory MiB |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        *(
            f"| {name} | {int(str(item['seen'])):,} | {int(str(item['changed'])):,} | {seconds:.2f} | "
            f"{int(str(item['seen'])) / seconds:,.0f} | {float(str(item['peak_mib'])):.0f} |"
            for name, item, seconds in (("full, night 1", full, f), ("delta, night 2", delta, d))
        ), "",
        f"The delta run took {d / f:.3f} of the full run's time, with {1 / DUE:.0%} due.", "",
        f"Memory of the full run at each tenth of the way, MiB: {', '.join(f'{item:.0f}' for item in memory)} "
        f"({growth:+.0f} from the first tenth to the end; up to 64 MiB is SQLite's page cache, which fills first). "
        f"Storing the citizens took {fill_seconds:.0f} s.", "",
    ])  # fmt: skip


def main() -> None:
    """Measure, print the section and optionally write it; with `--night`, run one night for the parent process."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--persons", type=int, default=1_000_000)
    arguments.add_argument("--write", type=Path)
    arguments.add_argument("--night", type=int, help=argparse.SUPPRESS)
    arguments.add_argument("--kind", help=argparse.SUPPRESS)
    arguments.add_argument("--db", type=Path, help=argparse.SUPPRESS)
    choice = arguments.parse_args()
    if choice.night is not None:
        print(json.dumps(night(choice.db, RunKind(choice.kind), NIGHTS[choice.night])))
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with (
        tempfile.TemporaryDirectory(prefix="generalproeve-batch-") as folder,
        Progress(*columns, console=Console(stderr=True)) as progress,
    ):
        file = Path(folder) / "batch.db"
        begun, task = stopwatch.seconds(), progress.add_task("citizens", total=choice.persons)
        for count in fill_stage(file, choice.persons):
            progress.update(task, completed=count)
        fill_seconds, size = stopwatch.seconds() - begun, file.stat().st_size
        full = in_own_process(file, RunKind.FULL, 0, progress)
        delta = in_own_process(file, RunKind.DELTA, 1, progress)
    text = report(choice.persons, fill_seconds, size, full, delta)
    print(text)
    if choice.write:
        write(choice.write, "nightly jobs", text)


if __name__ == "__main__":
    main()
