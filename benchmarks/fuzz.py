"""Fuzz with a million generated calls, half by REST and half by SOAP, and watch the memory of the stages.

    python benchmarks/fuzz.py [--calls 500000] [--parity 10000] [--schemas 3000] [--write docs/benchmarks.md]

`--calls` counts the calls of each channel. There are two lanes, each a stage and a caller in processes of their own: one with
the converter behind PersonRegistrationService, one with the classic services. After Ctrl-C or SIGTERM it writes the result of
the calls made by then, with their number.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sections import write

from generalproeve.fuzz import parity, rest, soap
from generalproeve.fuzz.connection import Connection
from generalproeve.fuzz.corpus import REST, SOAP, record
from generalproeve.fuzz.hunts import Budget
from generalproeve.fuzz.lines import UNANSWERED, FuzzLines, Services, check_reachable
from generalproeve.fuzz.variants import Counts, VariantHunt
from vos_contracts.base import stopwatch
from vos_contracts.contract import load
from vos_features.stage import StageAccess
from vos_simulators.control import Control

BACKENDS = ("converter", "classic")
TENTHS = 10
STEPS = 100
"""How many times a lane reports its progress."""
DEADLINE_S = 60.0
HANGS_S = 10.0
"""An answer that takes longer counts as a hang."""
CLOCK_TIME = "2024-11-18T09:00:00+01:00"


@dataclass
class Lane:
    """One lane as it stands: what its caller last said, and the least that its stage held in each tenth, in MiB.

    The least, because a call of a megabyte is held while it is read; what leaks is never given back.
    """

    backend: str
    mib: list[float] = field(default_factory=list)
    number: dict[str, Any] = field(default_factory=dict)
    finished: bool = False


# the caller's process


def call(choice: argparse.Namespace) -> None:
    """Be one lane's caller: parity, then calls straight from the schemas, then variants; say as JSON lines how it goes."""
    begun, used = stopwatch.seconds(), Counter[str]()
    finding: list[str] = []
    total = 2 * choice.calls + choice.parity
    with Connection(choice.services, HANGS_S) as services, Connection(choice.control, HANGS_S) as control:
        status = Control(control).status()
        stage = StageAccess(choice.services, choice.control, deadline=HANGS_S)
        lines = FuzzLines(
            stage=stage,
            services=Services(services, partial(check_reachable, stage)),
            control=control,
            contract=load(),
            release=status.release,
            backend=str(status.backend),
            seed=choice.seed,
            clock=status.clock,
        )
        variants: VariantHunt | None = None
        said = 0

        def tell() -> None:
            counts = Counts() if variants is None else variants.counts
            number = {
                "call": used, "finding": finding, "seconds": stopwatch.seconds() - begun, "slowest": services.slowest,
                "total": total,
                "status": {f"{channel} {code}": count for (channel, code), count in counts.statuses.items()},
                "accepted": counts.carried_out, "channel": counts.calls,
            }  # fmt: skip
            print(json.dumps(number), flush=True)

        def show(what: str) -> Any:
            before = used[what]

            def forward(count: int) -> None:
                nonlocal said
                used[what] = before + count
                if sum(used.values()) * STEPS // total > said:
                    said = sum(used.values()) * STEPS // total
                    tell()

            return forward

        for what, hunt, count in (
            ("parity", parity, choice.parity),
            (f"{REST} schemas", rest, choice.schemas), (f"{SOAP} schemas", soap, choice.schemas),
        ):  # fmt: skip
            if count:
                finding += [item.short for item in hunt.search(lines, Budget(calls=count, show=show(what)))]
        variants = VariantHunt(lines, record(lines, Budget()))
        while (
            missing := max(
                choice.calls - used[f"{item} schemas"] - variants.counts.calls[item] for item in (REST, SOAP)
            )
        ) > 0:
            for item in variants.play(Budget(calls=2 * missing, show=show("variants"))):
                finding.append(item.short)
                tell()
        tell()


# the parent process


def _start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, text=True, start_new_session=True)


def _mib(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 1024**2


def execute(lane: Lane, seed: int, choice: argparse.Namespace, processes: list[subprocess.Popen[str]]) -> None:
    """Run one lane to its end, or until its processes are stopped."""
    with tempfile.TemporaryDirectory(prefix="generalproeve-fuzz-") as folder:
        stage = _start(
            "-m", "generalproeve", "up", "--json", "--port", "0", "--control-port", "0", "--people", "0", "--clock", CLOCK_TIME,
            "--backend", lane.backend, "--db", str(Path(folder, "fuzz.db")),
        )  # fmt: skip
        processes.append(stage)
        assert stage.stdout is not None
        ready = json.loads(stage.stdout.readline())
        caller = _start(
            __file__, "--services", ready["services"], "--control", ready["control"], "--seed", str(seed),
            "--calls", str(choice.calls // len(BACKENDS)), "--parity", str(choice.parity // len(BACKENDS)),
            "--schemas", str(choice.schemas // len(BACKENDS)),
        )  # fmt: skip
        processes.append(caller)
        assert caller.stdout is not None
        for line in caller.stdout:
            lane.number = json.loads(line)
            used = sum(lane.number["call"].values())
            tenth = min(used * TENTHS // lane.number["total"], TENTHS - 1)
            if stage.poll() is not None:
                continue
            if tenth < len(lane.mib):
                lane.mib[tenth] = min(lane.mib[tenth], _mib(stage.pid))
            else:
                lane.mib.append(_mib(stage.pid))
                where = f"{lane.backend}: {used:,} calls, {used / lane.number['seconds']:.0f}/s, {lane.mib[-1]:.0f} MiB"
                print(where, lane.number["finding"], file=sys.stderr, flush=True)
        lane.finished = caller.wait(timeout=DEADLINE_S) == 0 and stage.poll() is None
        stage.terminate()
        stage.wait(timeout=DEADLINE_S)


def report(lanes: list[Lane], choice: argparse.Namespace) -> str:
    """Write the section, of what was really made."""
    call: Counter[str] = Counter()
    status: Counter[str] = Counter()
    accepted: Counter[str] = Counter()
    for lane in lanes:
        call.update(lane.number.get("call", {}))
        status.update(lane.number.get("status", {}))
        accepted.update(lane.number.get("accepted", {}))
    channels = Counter[str]()
    for lane in lanes:
        channels.update(lane.number.get("channel", {}))
    per_channel = {channel: call[f"{channel} schemas"] + channels[channel] for channel in (REST, SOAP)}
    finding = [item for lane in lanes for item in lane.number.get("finding", [])]
    seconds = max((lane.number.get("seconds", 0.0) for lane in lanes), default=0.0)
    slowest = max((lane.number.get("slowest", 0.0) for lane in lanes), default=0.0)
    whole = all(lane.finished for lane in lanes)
    lines = [
        "## Fuzzing", "",
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores shared with "
        f"other work; seed {choice.seed}. {len(lanes)} lanes, each a stage on SQLite and a caller; `python benchmarks/fuzz.py "
        f"--calls {choice.calls} --parity {choice.parity} --schemas {choice.schemas}`. " + ("The whole run." if whole else
        f"**Stopped on the way**: {sum(per_channel.values()):,} of {2 * choice.calls:,} calls were made."), "",
        "| what | REST | SOAP |", "| --- | ---: | ---: |",
        f"| calls | {per_channel[REST]:,} | {per_channel[SOAP]:,} |",
        *(f"| of them {label} | {row} | {to} |" for label, row, to in _rows(call, channels, status, accepted)), "",
        f"Beside them {call['parity']:,} calls of histories on twin citizens by both channels. {sum(call.values()):,} calls in "
        f"{seconds / 60:.0f} minutes, {sum(call.values()) / max(seconds, 1):.0f} a second. "
        "A SOAP fault is status 500, as SOAP 1.1 says.", "",
        "| aim | outcome | |", "| --- | --- | --- |",
        _aim("no 5xx by REST, no internal error, no undocumented code, no parity difference",
              f"{len(finding)} findings", not finding),
        _aim(f"no hang: an answer within {HANGS_S:.0f} s",
              f"slowest {slowest:.2f} s", slowest < HANGS_S and not any(UNANSWERED in item for item in finding)),
        _aim("no growth of memory: the last tenth within 2% of the fifth",
              ", ".join(f"{_growth(lane):+.1%} ({lane.backend})" for lane in lanes if lane.mib),
              all(_growth(lane) < 0.02 for lane in lanes if lane.mib)), "",
        *(f"Least memory of the stage ({lane.backend}) in each tenth, MiB: {', '.join(f'{item:.0f}' for item in lane.mib)}.\n"
          for lane in lanes),
        *(f"- {item}" for item in finding),
    ]  # fmt: skip
    return "\n".join(lines)


def _rows(
    call: Counter[str], channels: Counter[str], status: Counter[str], accepted: Counter[str]
) -> Iterator[tuple[str, ...]]:
    yield "straight from the schemas", f"{call[f'{REST} schemas']:,}", f"{call[f'{SOAP} schemas']:,}"
    yield (
        "in sequences of the queue",
        *(
            f"{channels[channel] - sum(count for name, count in status.items() if name.startswith(channel)):,}"
            for channel in (REST, SOAP)
        ),
    )
    yield "variants that were carried out and may write", f"{accepted[REST]:,}", f"{accepted[SOAP]:,}"
    for code in sorted({name.split()[1] for name in status}):
        yield f"variants answered {code}", *(f"{status[f'{channel} {code}']:,}" for channel in (REST, SOAP))


def _growth(lane: Lane) -> float:
    """Compare the end with the fifth tenth: by then caches and the journal are full, and what leaks goes on."""
    return lane.mib[-1] / lane.mib[(len(lane.mib) - 1) // 2] - 1


def _aim(what: str, number: str, held: bool) -> str:
    return f"| {what} | {number} | {'held' if held else '**missed**'} |"


def main() -> None:
    """Run and print, or write the section; or be one lane's caller."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--calls", type=int, default=500_000)
    arguments.add_argument("--parity", type=int, default=10_000)
    arguments.add_argument("--schemas", type=int, default=3_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--write", type=Path)
    arguments.add_argument("--services", help=argparse.SUPPRESS)
    arguments.add_argument("--control", help=argparse.SUPPRESS)
    choice = arguments.parse_args()
    if choice.services is not None:
        call(choice)
        return
    lanes = [Lane(backend) for backend in BACKENDS]
    processes: list[subprocess.Popen[str]] = []

    def stop(*_: object) -> None:
        for process in reversed(processes):
            process.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    threads = [
        threading.Thread(target=execute, args=(lane, choice.seed + number, choice, processes))
        for number, lane in enumerate(lanes)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    text = report(lanes, choice)
    print(text)
    if choice.write:
        write(choice.write, "fuzzing", text)


if __name__ == "__main__":
    main()
