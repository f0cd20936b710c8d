"""Measure SOAP against REST with `generalproeve load`, and whether `load compare` finds real changes and no others.

    python benchmarks/load.py [--rounds 40] [--times 10] [--write docs/benchmarks.md]

Runs the profile soap_transition `--times` + 1 times on the same code and once on `degraded`, whose converter takes a
fifth longer; each run has a stage of its own, so that no run depends on data of an earlier one. `--rounds` is at
least 8, since `load run` needs as many for its intervals. The default takes about 10 minutes; `--rounds 8 --times
1` takes half a minute.

Prints how many times as long as REST each SOAP operation takes, in the first run and again in the second: the
intervals must overlap. Then it prints what `load compare` reports: no difference between runs of the same code,
"slower" for the degraded converter, and "same" for classic SOAP beside it. With few rounds the intervals are wide and
the degraded converter is missed.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.progress import track
from sections import MACHINE, write

from vos_load import danish
from vos_load.compare import ChangeVerdict, LoadChange, compare_runs
from vos_load.ratios import Interval
from vos_load.result import ALL, LoadResult, Ratio, read_result

MIN_ROUNDS = 8
DEGRADED = Path(__file__).with_name("degraded.py")
PLANTED = (ALL, "converter")
"""Operation and channel that `degraded` makes slower."""


@contextlib.contextmanager
def stage(program: list[str]) -> Iterator[list[str]]:
    """Start a stage with the program (`-m generalproeve`, or a script); yield the target arguments of `load`."""
    process = subprocess.Popen(
        [sys.executable, *program, "up", "--json", "--port", "0", "--people", "0"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        yield [ready["services"], "--control", ready["control"]]
    finally:
        process.terminate()
        process.wait(timeout=60)


def run_comparison(folder: Path, rounds: int, program: list[str], *, seed: int) -> LoadResult:
    """Run soap_transition once on a new stage, and read its result from the folder."""
    with stage(program) as target:
        command = [sys.executable, "-m", "generalproeve", "load", "soap_transition", *target, "--rounds", str(rounds)]
        subprocess.run(
            [*command, "--seed", str(seed), "--out", str(folder)], check=True, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
    return read_result(folder)


def _percent(change: LoadChange) -> str:
    middle, lower, upper = (f"{100 * (number - 1):+.1f}" for number in change.interval)
    return f"{middle} % ({lower} to {upper})"


def report(runs: list[LoadResult], planted: LoadResult, rounds: int) -> str:
    """Return the section of docs/benchmarks.md; the last of `runs` is compared with `planted`."""
    first, second = runs[:2]
    second_ratios = {(ratio.operation, ratio.channel): ratio for ratio in second.ratios if ratio.against == "rest"}
    page = [
        "## SOAP against REST", "",
        f"{MACHINE}; `generalproeve load soap_transition`, "
        f"{rounds} rounds, SQLite; stage and caller in processes of their own. Intervals are 95 %; "
        "[load](load.md) explains how they are estimated.", "",
        "| operation | channel | times REST | interval | again | interval | overlap |",
        "| --- | --- | ---: | --- | ---: | --- | --- |",
    ]  # fmt: skip
    for ratio in first.ratios:
        if ratio.against == "rest":
            again = second_ratios[ratio.operation, ratio.channel]
            overlap = "yes" if _interval(ratio).overlaps(_interval(again)) else "**no**"
            page.append(
                f"| {ratio.operation.replace('_', ' ')} | {ratio.channel} "
                f"| {ratio.ratio:.2f} | {ratio.low:.2f}-{ratio.high:.2f} | "
                f"{again.ratio:.2f} | {again.low:.2f}-{again.high:.2f} | {overlap} |"
            )
    parts = ", ".join(f"{name} {ms:.3f}" for name, ms in first.converter_parts_ms.items())
    page += [
        "",
        f"Where the converter's time goes, medians in ms: {parts}. HTTP itself: {first.line_ms:.3f}.",
        "",
    ]
    pairs = list(itertools.pairwise(runs))
    differences = [
        [change for change in compare_runs(a, b) if change.verdict is not ChangeVerdict.SAME] for a, b in pairs
    ]
    with_planted = {(change.operation, change.channel): change for change in compare_runs(runs[-1], planted)}
    converter, classic = with_planted[PLANTED], with_planted[ALL, "classic"]
    page += [
        "### What `load compare` finds", "", "| compared | verdict |", "| --- | --- |",
        f"| the same code, {len(pairs)} pairs of runs | {sum(map(bool, differences))} with a difference |",
        f"| a converter that takes a fifth longer | {converter.verdict}: {_percent(converter)} |",
        f"| classic SOAP in the same run, which is unchanged | {classic.verdict}: {_percent(classic)} |", "",
    ]  # fmt: skip
    page += [
        f"Difference found: {danish.change_name(change)} {change.verdict} {_percent(change)}."
        for found in differences
        for change in found
    ]
    return "\n".join(page)


def _interval(ratio: Ratio) -> Interval:
    return Interval(ratio.ratio, ratio.low, ratio.high)


def _rounds(text: str) -> int:
    if (rounds := int(text)) < MIN_ROUNDS:
        raise argparse.ArgumentTypeError(f"must be at least {MIN_ROUNDS}")
    return rounds


def main() -> None:
    """Measure, print the section and optionally write it."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=_rounds, default=40)
    arguments.add_argument("--times", type=int, default=10)
    arguments.add_argument("--write", type=Path)
    choice = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="generalproeve-bench-") as folder:
        runs = [
            run_comparison(Path(folder, str(number)), choice.rounds, ["-m", "generalproeve"], seed=number)
            for number in track(range(max(1, choice.times) + 1), "runs of the same code")
        ]
        planted = run_comparison(Path(folder, "planted"), choice.rounds, [str(DEGRADED)], seed=99)
    text = report(runs, planted, choice.rounds)
    print(text)
    if choice.write:
        write(choice.write, "SOAP against REST", text)


if __name__ == "__main__":
    main()
