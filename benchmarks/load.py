"""Measure SOAP against REST with `generalproeve load`, and then `load` itself: which changes `load compare` reports between
runs of the same code, and whether it detects a converter that takes a fifth longer.

    python benchmarks/load.py [--rounds 40] [--times 10] [--write docs/benchmarks.md]

Each run starts a stage of its own, so that no run depends on data of an earlier one.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.progress import track
from sections import write

from vos_load import danish
from vos_load.compare import ChangeVerdict, LoadChange, compare_runs
from vos_load.ratios import Interval
from vos_load.result import ALL, LoadResult, Ratio, read_result

DEGRADED = Path(__file__).with_name("degraded.py")
PLANTED = (ALL, "converter")


@contextlib.contextmanager
def stage(program: list[str]) -> Iterator[list[str]]:
    """Start a stage with the program (`-m generalproeve`, or a script); yield the target and --control arguments of `load`."""
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
    """Run the comparison once on a new stage, and read its result from the folder."""
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
    """Write the section as Markdown; the last of `runs` is compared with `planted`."""
    first, again_run = runs[:2]
    again_ratios = {(ratio.operation, ratio.channel): ratio for ratio in again_run.ratios if ratio.against == "rest"}
    page = [
        "## SOAP against REST", "",
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}; `generalproeve load soap_transition`, "
        f"{rounds} rounds, SQLite; stage and caller in processes of their own. Intervals are 95 %; "
        "[load](load.md) explains how they are estimated.", "",
        "| operation | channel | times REST | interval | again | interval | overlap |",
        "| --- | --- | ---: | --- | ---: | --- | --- |",
    ]  # fmt: skip
    for ratio in first.ratios:
        if ratio.against == "rest":
            again = again_ratios[ratio.operation, ratio.channel]
            overlap = "yes" if _interval(ratio).overlaps(_interval(again)) else "**no**"
            page.append(
                f"| {ratio.operation.replace('_', ' ')} | {ratio.channel} "
                f"| {ratio.ratio:.2f} | {ratio.low:.2f}-{ratio.high:.2f} | "
                f"{again.ratio:.2f} | {again.low:.2f}-{again.high:.2f} | {overlap} |"
            )
    parts = ", ".join(f"{name} {ms:.3f}" for name, ms in first.converter_parts_ms.items())
    page += [
        "",
        f"Where the converter's time goes, medians in ms: {parts}. The line's own: {first.line_ms:.3f}.",
        "",
    ]
    pairs = list(itertools.pairwise(runs))
    changes = [[change for change in compare_runs(a, b) if change.verdict is not ChangeVerdict.SAME] for a, b in pairs]
    with_planted = {(change.operation, change.channel): change for change in compare_runs(runs[-1], planted)}
    converter, classic = with_planted[PLANTED], with_planted[ALL, "classic"]
    page += [
        "### The tool measured", "", "| what `load compare` was given | said |", "| --- | --- |",
        f"| the same code, {len(pairs)} times in a row | {sum(map(bool, changes))} with a difference |",
        f"| a converter that takes a fifth longer | {converter.verdict}: {_percent(converter)} |",
        f"| classic SOAP in the same run, which is as it was | {classic.verdict}: {_percent(classic)} |", "",
    ]  # fmt: skip
    page += [
        f"Difference found: {danish.change_name(change)} {change.verdict} {_percent(change)}."
        for found in changes
        for change in found
    ]
    return "\n".join(page)


def _interval(ratio: Ratio) -> Interval:
    return Interval(ratio.ratio, ratio.low, ratio.high)


def main() -> None:
    """Measure and print, or write the page."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=40, help="at least 8")
    arguments.add_argument("--times", type=int, default=10)
    arguments.add_argument("--write", type=Path)
    choice = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="generalproeve-bench-") as folder:
        runs = [
            run_comparison(Path(folder, str(number)), choice.rounds, ["-m", "generalproeve"], seed=number)
            for number in track(range(choice.times + 1), "runs of the same code")
        ]
        planted = run_comparison(Path(folder, "planted"), choice.rounds, [str(DEGRADED)], seed=99)
    text = report(runs, planted, choice.rounds)
    print(text)
    if choice.write:
        write(choice.write, "SOAP against REST", text)


if __name__ == "__main__":
    main()
