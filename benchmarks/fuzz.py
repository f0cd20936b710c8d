"""Run the fuzzer for a million calls, half by REST and half by SOAP, and watch the memory of the stages.

    python benchmarks/fuzz.py [--calls 500000] [--parity 10000] [--schemas 3000] [--seed 1] [--write docs/benchmarks.md]

`--calls` is the number of calls by each channel, `--schemas` how many of them are generated from the schemas, and
`--parity` the number of calls besides them that compare both channels. There are two lanes, each a stage and a caller
in processes of their own: one with the converter behind PersonRegistrationService, one with the classic services. The
default takes about 20 minutes; `--calls 400 --parity 40 --schemas 40` takes 15 seconds. Stopped early (Ctrl-C or
SIGTERM), it reports the calls made so far and says that the run was stopped.

Prints the calls by channel and status, then three aims with their outcome: no finding, no answer slower than 10
seconds, and no growth of memory. Findings are listed below; the progress of each lane goes to stderr.
"""

from __future__ import annotations

import argparse
import json
import os
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

from sections import MACHINE, write

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
"""An answer that takes this long counts as a hang."""
CLOCK_TIME = "2024-11-18T09:00:00+01:00"


@dataclass
class Lane:
    """The state of one lane: the last report of its caller, and the least memory of its stage in each tenth, in MiB.

    The least, because the stage holds a call of a megabyte only while it reads it; leaked memory is never freed.
    """

    backend: str
    mib: list[float] = field(default_factory=list)
    report: dict[str, Any] = field(default_factory=dict)
    finished: bool = False


# the caller, a process of its own


def run_caller(choice: argparse.Namespace) -> None:
    """Make the calls of one lane (parity, schemas, variants) and print progress reports as JSON lines."""
    begun, used = stopwatch.seconds(), Counter[str]()
    findings: list[str] = []
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
        reported = 0

        def report_progress() -> None:
            counts = Counts() if variants is None else variants.counts
            progress = {
                "calls": used, "findings": findings, "seconds": stopwatch.seconds() - begun,
                "slowest": services.slowest,
                "total": total,
                "statuses": {f"{channel} {code}": count for (channel, code), count in counts.statuses.items()},
                "accepted": counts.carried_out, "channels": counts.calls,
            }  # fmt: skip
            print(json.dumps(progress), flush=True)

        def counting(what: str) -> Any:
            before = used[what]

            def forward(count: int) -> None:
                nonlocal reported
                used[what] = before + count
                if sum(used.values()) * STEPS // total > reported:
                    reported = sum(used.values()) * STEPS // total
                    report_progress()

            return forward

        for what, hunt, count in (
            ("parity", parity, choice.parity),
            (f"{REST} schemas", rest, choice.schemas), (f"{SOAP} schemas", soap, choice.schemas),
        ):  # fmt: skip
            if count:
                findings += [found.short for found in hunt.search(lines, Budget(calls=count, show=counting(what)))]
        variants = VariantHunt(lines, record(lines, Budget()))
        while (
            missing := max(
                choice.calls - used[f"{channel} schemas"] - variants.counts.calls[channel] for channel in (REST, SOAP)
            )
        ) > 0:
            for found in variants.play(Budget(calls=2 * missing, show=counting("variants"))):
                findings.append(found.short)
                report_progress()
        report_progress()


# the lanes


def _start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, text=True, start_new_session=True)


def _mib(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 1024**2


def run_lane(lane: Lane, seed: int, choice: argparse.Namespace, processes: list[subprocess.Popen[str]]) -> None:
    """Run one lane to its end, or until its processes are stopped."""
    with tempfile.TemporaryDirectory(prefix="generalproeve-fuzz-") as folder:
        stage = _start(
            "-m", "generalproeve", "up", "--json", "--port", "0", "--control-port", "0", "--people", "0",
            "--clock", CLOCK_TIME, "--backend", lane.backend, "--db", str(Path(folder, "fuzz.db")),
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
            lane.report = json.loads(line)
            used = sum(lane.report["calls"].values())
            tenth = min(used * TENTHS // lane.report["total"], TENTHS - 1)
            if stage.poll() is not None:
                continue
            if tenth < len(lane.mib):
                lane.mib[tenth] = min(lane.mib[tenth], _mib(stage.pid))
            else:
                lane.mib.append(_mib(stage.pid))
                progress = (
                    f"{lane.backend}: {used:,} calls, {used / lane.report['seconds']:.0f}/s, {lane.mib[-1]:.0f} MiB"
                )
                print(progress, lane.report["findings"], file=sys.stderr, flush=True)
        lane.finished = caller.wait(timeout=DEADLINE_S) == 0 and stage.poll() is None
        stage.terminate()
        stage.wait(timeout=DEADLINE_S)


def report(lanes: list[Lane], choice: argparse.Namespace) -> str:
    """Return the section of docs/benchmarks.md, with the calls that were made."""
    calls: Counter[str] = Counter()
    statuses: Counter[str] = Counter()
    accepted: Counter[str] = Counter()
    for lane in lanes:
        calls.update(lane.report.get("calls", {}))
        statuses.update(lane.report.get("statuses", {}))
        accepted.update(lane.report.get("accepted", {}))
    channels = Counter[str]()
    for lane in lanes:
        channels.update(lane.report.get("channels", {}))
    per_channel = {channel: calls[f"{channel} schemas"] + channels[channel] for channel in (REST, SOAP)}
    findings = [found for lane in lanes for found in lane.report.get("findings", [])]
    seconds = max((lane.report.get("seconds", 0.0) for lane in lanes), default=0.0)
    slowest = max((lane.report.get("slowest", 0.0) for lane in lanes), default=0.0)
    finished = all(lane.finished for lane in lanes)
    lines = [
        "## Fuzzing", "",
        f"{MACHINE}, {os.cpu_count()} cores shared with "
        f"other work; seed {choice.seed}. {len(lanes)} lanes, each a stage on SQLite and a caller; `python "
        "benchmarks/fuzz.py "
        f"--calls {choice.calls} --parity {choice.parity} --schemas {choice.schemas}`. " + (
        "The run was finished." if finished else
        f"**Stopped early**: {sum(per_channel.values()):,} of {2 * choice.calls:,} calls were made."), "",
        "| what | REST | SOAP |", "| --- | ---: | ---: |",
        f"| calls | {per_channel[REST]:,} | {per_channel[SOAP]:,} |",
        *(f"| of them {label} | {by_rest} | {by_soap} |"
          for label, by_rest, by_soap in _rows(calls, channels, statuses, accepted)), "",
        f"Besides them {calls['parity']:,} calls play the same histories on twin citizens by both channels. In all "
        f"{sum(calls.values()):,} calls in {seconds / 60:.0f} minutes, "
        f"{sum(calls.values()) / max(seconds, 1):.0f} a second. "
        "A SOAP fault has status 500, as SOAP 1.1 requires.", "",
        "| aim | outcome | |", "| --- | --- | --- |",
        _aim("no 5xx by REST, no internal error, no undocumented code, no parity difference",
              f"{len(findings)} findings", not findings),
        _aim(f"no hang: an answer within {HANGS_S:.0f} s",
              f"slowest {slowest:.2f} s", slowest < HANGS_S and not any(UNANSWERED in found for found in findings)),
        _aim("no growth of memory: the last tenth within 2% of the fifth",
              ", ".join(f"{_growth(lane):+.1%} ({lane.backend})" for lane in lanes if lane.mib),
              all(_growth(lane) < 0.02 for lane in lanes if lane.mib)), "",
        *(f"Least memory of the stage ({lane.backend}) in each tenth, MiB: "
          f"{', '.join(f'{item:.0f}' for item in lane.mib)}.\n"
          for lane in lanes),
        *(f"- {found}" for found in findings),
    ]  # fmt: skip
    return "\n".join(lines)


def _rows(
    calls: Counter[str], channels: Counter[str], statuses: Counter[str], accepted: Counter[str]
) -> Iterator[tuple[str, ...]]:
    yield "generated from the schemas", f"{calls[f'{REST} schemas']:,}", f"{calls[f'{SOAP} schemas']:,}"
    yield (
        "in sequences of a WSRM queue",
        *(
            f"{channels[channel] - sum(count for name, count in statuses.items() if name.startswith(channel)):,}"
            for channel in (REST, SOAP)
        ),
    )
    yield "variants of writing calls that were accepted", f"{accepted[REST]:,}", f"{accepted[SOAP]:,}"
    for code in sorted({name.split()[1] for name in statuses}):
        yield f"variants answered {code}", *(f"{statuses[f'{channel} {code}']:,}" for channel in (REST, SOAP))


def _growth(lane: Lane) -> float:
    """Return the growth of memory from the fifth tenth, when caches and the journal are full, to the last."""
    return lane.mib[-1] / lane.mib[(len(lane.mib) - 1) // 2] - 1


def _aim(what: str, outcome: str, held: bool) -> str:
    return f"| {what} | {outcome} | {'held' if held else '**missed**'} |"


def main() -> None:
    """Run the lanes, print the section and optionally write it; with `--services`, be the caller of one lane."""
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
        run_caller(choice)
        return
    lanes = [Lane(backend) for backend in BACKENDS]
    processes: list[subprocess.Popen[str]] = []

    def stop(*_: object) -> None:
        for process in reversed(processes):
            process.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    threads = [
        threading.Thread(target=run_lane, args=(lane, choice.seed + number, choice, processes))
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
