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

from afsnit import skriv
from rich.progress import track

from vos_load.resultat import ALLE, Forholdstal, Resultat, laes
from vos_load.sammenlign import ENS, Aendring, sammenlign
from vos_load.statistik import Interval

FORRINGET = Path(__file__).with_name("forringet.py")
PLANTET = f"{ALLE} converter/rest"


@contextlib.contextmanager
def scene(program: list[str]) -> Iterator[list[str]]:
    """Start a stage with that program; return what a target is given as."""
    proces = subprocess.Popen(
        [sys.executable, *program, "up", "--json", "--port", "0", "--people", "0"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert proces.stdout is not None
        klar = json.loads(proces.stdout.readline())
        yield [klar["services"], "--control", klar["control"]]
    finally:
        proces.terminate()
        proces.wait(timeout=60)


def koer(mappe: Path, runder: int, program: list[str], *, seed: int) -> Resultat:
    """Run the comparison once."""
    with scene(program) as maal:
        kommando = [sys.executable, "-m", "generalproeve", "load", "soap_overgang", *maal, "--rounds", str(runder)]
        subprocess.run(
            [*kommando, "--seed", str(seed), "--out", str(mappe)], check=True, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
    return laes(mappe)


def _linje(en: Aendring) -> str:
    midt, nedre, oevre = (f"{100 * (tal - 1):+.1f}" for tal in en.interval)
    return f"{midt} % ({nedre} to {oevre})"


def rapport(koersler: list[Resultat], plantet: Resultat, runder: int) -> str:
    """Write the section."""
    foerste, anden = koersler[:2]
    andens = {(en.operation, en.channel): en for en in anden.ratios if en.against == "rest"}
    linjer = [
        "## SOAP against REST", "",
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}; `generalproeve load soap_overgang`, "
        f"{runder} rounds, SQLite; stage and caller in processes of their own. Intervals are 95 %; how they come about "
        "stands in [load](load.md).", "",
        "| operation | channel | times REST | interval | again | interval | overlap |",
        "| --- | --- | ---: | --- | ---: | --- | --- |",
    ]  # fmt: skip
    for en in foerste.ratios:
        if en.against == "rest":
            igen = andens[en.operation, en.channel]
            faelles = "yes" if _interval(en).overlapper(_interval(igen)) else "**no**"
            linjer.append(
                f"| {en.operation.replace('_', ' ')} | {en.channel} | {en.ratio:.2f} | {en.low:.2f}-{en.high:.2f} "
                f"| {igen.ratio:.2f} | {igen.low:.2f}-{igen.high:.2f} | {faelles} |"
            )
    dele = ", ".join(f"{navn} {ms:.3f}" for navn, ms in foerste.converter_parts_ms.items())
    linjer += [
        "",
        f"Where the converter's time goes, medians in ms: {dele}. The line's own: {foerste.line_ms:.3f}.",
        "",
    ]
    par = list(itertools.pairwise(koersler))
    fundne = [[en for en in sammenlign(a, b) if en.dom != ENS] for a, b in par]
    plantede = {en.hvad: en for en in sammenlign(koersler[-1], plantet)}
    urort = plantede[f"{ALLE} klassisk/rest"]
    linjer += [
        "### The tool measured", "", "| what `load compare` was given | said |", "| --- | --- |",
        f"| the same code, {len(par)} times in a row | {sum(map(bool, fundne))} with a difference |",
        f"| a converter that takes a fifth longer | {plantede[PLANTET].dom}: {_linje(plantede[PLANTET])} |",
        f"| classic SOAP in the same run, which is as it was | {urort.dom}: {_linje(urort)} |", "",
    ]  # fmt: skip
    linjer += [f"Difference found: {en.hvad} {en.dom} {_linje(en)}." for fundet in fundne for en in fundet]
    return "\n".join(linjer)


def _interval(en: Forholdstal) -> Interval:
    return Interval(en.ratio, en.low, en.high)


def main() -> None:
    """Measure and print, or write the page."""
    argumenter = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    argumenter.add_argument("--rounds", type=int, default=40)
    argumenter.add_argument("--times", type=int, default=10)
    argumenter.add_argument("--write", type=Path)
    valg = argumenter.parse_args()
    with tempfile.TemporaryDirectory(prefix="generalproeve-bench-") as mappe:
        koersler = [
            koer(Path(mappe, str(nummer)), valg.rounds, ["-m", "generalproeve"], seed=nummer)
            for nummer in track(range(valg.times + 1), "runs of the same code")
        ]
        plantet = koer(Path(mappe, "plantet"), valg.rounds, [str(FORRINGET)], seed=99)
    tekst = rapport(koersler, plantet, valg.rounds)
    print(tekst)
    if valg.write:
        skriv(valg.write, "SOAP against REST", tekst)


if __name__ == "__main__":
    main()
