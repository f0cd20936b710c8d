"""Measure SOAP against REST as `generalproeve load` does, and measure `load` itself: what it says of the same code twice, and
of a converter that takes a fifth longer.

    python benchmarks/belastning.py [--rounds 40] [--times 10] [--write docs/benchmarks.md]

Every run has a stage of its own, so that no run meets what another has left.
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

from vos_load.compare import SAME, Change, compare
from vos_load.result import ALL, Ratio, Result, read
from vos_load.statistics import Interval

DEGRADED = Path(__file__).with_name("degraded.py")
PLANTED = f"{ALL} converter/rest"


@contextlib.contextmanager
def stage(program: list[str]) -> Iterator[list[str]]:
    """Start a stage with that program; return what a target is given as."""
    proces = subprocess.Popen(
        [sys.executable, *program, "up", "--json", "--port", "0", "--people", "0"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert proces.stdout is not None
        ready = json.loads(proces.stdout.readline())
        yield [ready["services"], "--control", ready["control"]]
    finally:
        proces.terminate()
        proces.wait(timeout=60)


def execute(folder: Path, rounds: int, program: list[str], *, seed: int) -> Result:
    """Run the comparison once."""
    with stage(program) as target:
        command = [sys.executable, "-m", "generalproeve", "load", "soap_transition", *target, "--rounds", str(rounds)]
        subprocess.run(
            [*command, "--seed", str(seed), "--out", str(folder)], check=True, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
    return read(folder)


def _line(change: Change) -> str:
    middle, lower, upper = (f"{100 * (number - 1):+.1f}" for number in change.interval)
    return f"{middle} % ({lower} to {upper})"


def report(runs: list[Result], planted: Result, rounds: int) -> str:
    """Write the section."""
    first, other = runs[:2]
    others = {(item.operation, item.channel): item for item in other.ratios if item.against == "rest"}
    linjer = [
        "## SOAP against REST", "",
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}; `generalproeve load soap_transition`, "
        f"{rounds} rounds, SQLite; stage and caller in processes of their own. Intervals are 95 %; how they come about "
        "stands in [load](load.md).", "",
        "| operation | channel | times REST | interval | again | interval | overlap |",
        "| --- | --- | ---: | --- | ---: | --- | --- |",
    ]  # fmt: skip
    for item in first.ratios:
        if item.against == "rest":
            again = others[item.operation, item.channel]
            shared = "yes" if _interval(item).overlaps(_interval(again)) else "**no**"
            linjer.append(
                f"| {item.operation.replace('_', ' ')} | {item.channel} | {item.ratio:.2f} | {item.low:.2f}-{item.high:.2f} "
                f"| {again.ratio:.2f} | {again.low:.2f}-{again.high:.2f} | {shared} |"
            )
    parts = ", ".join(f"{name} {ms:.3f}" for name, ms in first.converter_parts_ms.items())
    linjer += [
        "",
        f"Where the converter's time goes, medians in ms: {parts}. The line's own: {first.line_ms:.3f}.",
        "",
    ]
    pair = list(itertools.pairwise(runs))
    findings = [[item for item in compare(a, b) if item.judgement != SAME] for a, b in pair]
    planted_ones = {item.what: item for item in compare(runs[-1], planted)}
    urort = planted_ones[f"{ALL} klassisk/rest"]
    linjer += [
        "### The tool measured", "", "| what `load compare` was given | said |", "| --- | --- |",
        f"| the same code, {len(pair)} times in a row | {sum(map(bool, findings))} with a difference |",
        f"| a converter that takes a fifth longer | {planted_ones[PLANTED].judgement}: {_line(planted_ones[PLANTED])} |",
        f"| classic SOAP in the same run, which is as it was | {urort.judgement}: {_line(urort)} |", "",
    ]  # fmt: skip
    linjer += [f"Difference found: {find.what} {find.judgement} {_line(find)}." for found in findings for find in found]
    return "\n".join(linjer)


def _interval(item: Ratio) -> Interval:
    return Interval(item.ratio, item.low, item.high)


def main() -> None:
    """Measure and print, or write the page."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=40)
    arguments.add_argument("--times", type=int, default=10)
    arguments.add_argument("--write", type=Path)
    choice = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="generalproeve-bench-") as folder:
        runs = [
            execute(Path(folder, str(number)), choice.rounds, ["-m", "generalproeve"], seed=number)
            for number in track(range(choice.times + 1), "runs of the same code")
        ]
        planted = execute(Path(folder, "planted"), choice.rounds, [str(DEGRADED)], seed=99)
    text = report(runs, planted, choice.rounds)
    print(text)
    if choice.write:
        write(choice.write, "SOAP against REST", text)


if __name__ == "__main__":
    main()
