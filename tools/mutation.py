"""Change the domain in one place after another, and see whether the scenes alone notice.

`python tools/mutation.py run [--again]` makes the mutants with mutmut and plays the scenes that reach each; it can be
stopped and gone on with. `--again` plays those that survived once more, when scenes have been added.
`python tools/mutation.py report` writes docs/mutation.md, with the survivors and the reasons that mutation_reasons.toml
gives. Needs the extra `mutation`.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROD = Path(__file__).resolve().parent.parent
MAPPE = ROD / "build" / "mutation"
GRUNDE = Path(__file__).with_name("mutation_reasons.toml")
RAPPORT = ROD / "docs" / "mutation.md"

OVERLEVEDE, IKKE_NAAET = 0, 33
"""The exit codes of a mutant that every scene passed with, and of one that no scene reaches; the rest were noticed."""

INDSTILLING = """
[tool.mutmut]
source_paths = ["src"]
only_mutate = ["src/vos_reference/domain/*.py"]
pytest_add_cli_args_test_selection = ["tests"]
pytest_add_cli_args = [
    "-p", "no:cacheprovider", "--import-mode=importlib", "--disable-plugin-autoload",
    "-p", "pytest_bdd.plugin", "-p", "generalproeve.pytest_plugin",
]

[tool.pytest.ini_options]
addopts = "--strict-markers"
"""
SCENARIOS = """
from pytest_bdd import scenarios

from vos_features import SCENARIOS

scenarios(str(SCENARIOS))
"""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: its name at mutmut, and what came of it, None while it has not been played."""

    navn: str
    kode: int | None

    @property
    def funktion(self) -> str:
        """The function as `module.function`."""
        modul, _, resten = self.navn.removeprefix("vos_reference.domain.").partition(".")
        return f"{modul}.{re.sub(r'^x_|^xǁ', '', resten.partition('__mutmut_')[0]).replace('ǁ', '.')}"


def goer_klar() -> None:
    """Lay out the reference and the scenes as mutmut wants them; the mutants of unchanged functions are kept."""
    shutil.rmtree(MAPPE / "src", ignore_errors=True)
    shutil.copytree(ROD / "reference_impl", MAPPE / "src", ignore=shutil.ignore_patterns("__pycache__"))
    (MAPPE / "tests").mkdir(exist_ok=True)
    (MAPPE / "tests" / "test_suiten.py").write_text(SCENARIOS, encoding="utf-8")
    (MAPPE / "pyproject.toml").write_text(INDSTILLING, encoding="utf-8")


def filer() -> list[Path]:
    """List mutmut's result files."""
    return sorted((MAPPE / "mutants").rglob("*.meta"))


def mutanter() -> Iterator[Mutant]:
    """List every mutant with what came of it; None where it has not been played."""
    for fil in filer():
        for navn, kode in json.loads(fil.read_text(encoding="utf-8"))["exit_code_by_key"].items():
            yield Mutant(navn, kode)


def glem_overlevende() -> None:
    """Let those that survived be played again."""
    for fil in filer():
        indhold = json.loads(fil.read_text(encoding="utf-8"))
        koder = indhold["exit_code_by_key"]
        indhold["exit_code_by_key"] = {
            en: None if kode in (OVERLEVEDE, IKKE_NAAET) else kode for en, kode in koder.items()
        }
        fil.write_text(json.dumps(indhold), encoding="utf-8")
    for fil in (MAPPE / "mutants").glob("mutmut-stats.json"):
        fil.unlink()


def forskel(mutant: Mutant) -> tuple[str, str]:
    """Return the first changed line before and after."""
    vist = subprocess.run(
        [sys.executable, "-m", "mutmut", "show", mutant.navn], cwd=MAPPE, capture_output=True, text=True, check=True
    ).stdout  # fmt: skip
    linjer = {
        tegn: next((en[1:].strip() for en in vist.splitlines() if re.match(rf"\{tegn}[^{tegn}]", en)), "")
        for tegn in "-+"
    }
    return linjer["-"], linjer["+"]


def grund(funktion: str, ny: str) -> str:
    """Return why that change cannot be noticed from outside; "" if no reason is known."""
    for en in tomllib.loads(GRUNDE.read_text(encoding="utf-8"))["reason"]:
        if re.fullmatch(en["function"], funktion) and re.search(en["new"], ny):
            return str(en["why"])
    return ""


def rapporter() -> int:
    """Write the page; the exit code is 1 while mutants are left to play."""
    alle = list(mutanter())
    moduler: dict[str, Counter[str]] = defaultdict(Counter)
    overlevende: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for en in alle:
        slags = {None: "left", OVERLEVEDE: "survived", IKKE_NAAET: "not reached"}.get(en.kode, "noticed")
        moduler[en.funktion.partition(".")[0]][slags] += 1
        if en.kode in (OVERLEVEDE, IKKE_NAAET):
            foer, efter = forskel(en)
            overlevende[grund(en.funktion, efter)].append((en.funktion, foer, efter))
    talt = sum(moduler.values(), Counter[str]())
    RAPPORT.write_text("\n".join(_side(moduler, talt, overlevende)) + "\n", encoding="utf-8")
    print(f"{RAPPORT.relative_to(ROD)}: {_andel(talt)} of {talt.total() - talt['left']} noticed, {talt['left']} left")
    return 1 if talt["left"] else 0


def _andel(talt: Counter[str], ligegyldige: int = 0) -> str:
    spillede = talt.total() - talt["left"] - ligegyldige
    return f"{100 * talt['noticed'] / spillede:.1f} %" if spillede else "-"


def _side(
    moduler: dict[str, Counter[str]], talt: Counter[str], overlevende: dict[str, list[tuple[str, str, str]]]
) -> Iterator[str]:
    forklarede = sum(len(en) for hvorfor, en in overlevende.items() if hvorfor)
    yield "# What the suite alone notices"
    yield ""
    yield "Written by `python tools/mutation.py report`. Every function of the domain was changed in one place at a time"
    yield "(mutmut), and the scenes that reach it were played on the reference so changed, over HTTP and SOAP like any other;"
    yield "no unit test took part."
    yield ""
    yield f"Of {talt.total() - talt['left']} changes the scenes noticed **{_andel(talt)}**. {forklarede} of the others"
    yield f"cannot be seen from outside, for the reasons below; without those it is **{_andel(talt, forklarede)}**."
    if talt["left"]:
        yield f"{talt['left']} were not played in this run."
    yield ""
    yield "| module | noticed | survived | not reached | share |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for modul, tal in sorted(moduler.items()):
        yield f"| {modul} | {tal['noticed']} | {tal['survived']} | {tal['not reached']} | {_andel(tal)} |"
    for hvorfor, linjer in sorted(overlevende.items(), key=lambda par: (not par[0], -len(par[1]))):
        yield ""
        yield f"## {hvorfor or 'No reason: a scene is missing'} ({len(linjer)})"
        yield ""
        for funktion, foer, efter in linjer:
            yield f"- `{funktion}`: `{foer}` → `{efter}`"


def main() -> int:
    """Do what the command line says."""
    valg = argparse.ArgumentParser(description=__doc__)
    valg.add_argument("hvad", choices=("run", "report"))
    valg.add_argument("--again", action="store_true", help="play the survivors once more")
    valg.add_argument("--processes", type=int, default=2)
    valgt = valg.parse_args()
    if valgt.hvad == "report":
        return rapporter()
    goer_klar()
    if valgt.again:
        glem_overlevende()
    return subprocess.run(
        [sys.executable, "-m", "mutmut", "run", "--max-children", str(valgt.processes)], cwd=MAPPE, check=False
    ).returncode  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
