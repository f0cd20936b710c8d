"""Change the domain in one place after another, and see whether the scenarios alone notice.

`python tools/mutation.py run [--again]` makes the mutants with mutmut and plays the scenarios that reach each; it can be
interrupted and resumed. `--again` replays the survivors, after scenarios have been added.
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

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "mutation"
REASONS = Path(__file__).with_name("mutation_reasons.toml")
REPORT = ROOT / "docs" / "mutation.md"

SURVIVED, NOT_REACHED = 0, 33
"""The exit codes of a mutant that every scenario passed with, and of one that no scenario reaches; the others were detected."""

SETTING = """
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

    name: str
    code: int | None

    @property
    def function(self) -> str:
        """The function as `module.function`."""
        module, _, rest = self.name.removeprefix("vos_reference.domain.").partition(".")
        return f"{module}.{re.sub(r'^x_|^xǁ', '', rest.partition('__mutmut_')[0]).replace('ǁ', '.')}"


def prepare() -> None:
    """Lay out the reference and the scenarios as mutmut expects them; the mutants of unchanged functions are kept."""
    shutil.rmtree(FOLDER / "src", ignore_errors=True)
    shutil.copytree(ROOT / "reference_impl", FOLDER / "src", ignore=shutil.ignore_patterns("__pycache__"))
    (FOLDER / "tests").mkdir(exist_ok=True)
    (FOLDER / "tests" / "test_scenarios.py").write_text(SCENARIOS, encoding="utf-8")
    (FOLDER / "pyproject.toml").write_text(SETTING, encoding="utf-8")


def files() -> list[Path]:
    """List mutmut's result files."""
    return sorted((FOLDER / "mutants").rglob("*.meta"))


def mutants() -> Iterator[Mutant]:
    """List every mutant with what came of it; None where it has not been played."""
    for file in files():
        for name, code in json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"].items():
            yield Mutant(name, code)


def forget_survivors() -> None:
    """Let those that survived be played again."""
    for file in files():
        content = json.loads(file.read_text(encoding="utf-8"))
        tables = content["exit_code_by_key"]
        content["exit_code_by_key"] = {
            table: None if code in (SURVIVED, NOT_REACHED) else code for table, code in tables.items()
        }
        file.write_text(json.dumps(content), encoding="utf-8")
    for file in (FOLDER / "mutants").glob("mutmut-stats.json"):
        file.unlink()


def difference(mutant: Mutant) -> tuple[str, str]:
    """Return the first changed line before and after."""
    shown = subprocess.run(
        [sys.executable, "-m", "mutmut", "show", mutant.name], cwd=FOLDER, capture_output=True, text=True, check=True
    ).stdout  # fmt: skip
    lines = {
        character: next(
            (item[1:].strip() for item in shown.splitlines() if re.match(rf"\{character}[^{character}]", item)), ""
        )
        for character in "-+"
    }
    return lines["-"], lines["+"]


def reason(function: str, new: str) -> str:
    """Return why that change cannot be noticed from outside; "" if no reason is known."""
    for entry in tomllib.loads(REASONS.read_text(encoding="utf-8"))["reason"]:
        if re.fullmatch(entry["function"], function) and re.search(entry["new"], new):
            return str(entry["why"])
    return ""


def write_report() -> int:
    """Write the page; the exit code is 1 while mutants are left to play."""
    played = list(mutants())
    modules: dict[str, Counter[str]] = defaultdict(Counter)
    survivors: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for mutant in played:
        variant = {None: "left", SURVIVED: "survived", NOT_REACHED: "not reached"}.get(mutant.code, "noticed")
        modules[mutant.function.partition(".")[0]][variant] += 1
        if mutant.code in (SURVIVED, NOT_REACHED):
            before, after = difference(mutant)
            survivors[reason(mutant.function, after)].append((mutant.function, before, after))
    counted = sum(modules.values(), Counter[str]())
    REPORT.write_text("\n".join(_page(modules, counted, survivors)) + "\n", encoding="utf-8")
    print(
        f"{REPORT.relative_to(ROOT)}: {_share(counted)} of {counted.total() - counted['left']} noticed, {counted['left']} left"
    )
    return 1 if counted["left"] else 0


def _share(counted: Counter[str], irrelevant: int = 0) -> str:
    relevant = counted.total() - counted["left"] - irrelevant
    return f"{100 * counted['noticed'] / relevant:.1f} %" if relevant else "-"


def _page(
    modules: dict[str, Counter[str]], counted: Counter[str], survivors: dict[str, list[tuple[str, str, str]]]
) -> Iterator[str]:
    explained = sum(len(survivor) for why, survivor in survivors.items() if why)
    yield "# What the suite alone notices"
    yield ""
    yield "Written by `python tools/mutation.py report`. Every function of the domain was changed in one place at a time"
    yield "(mutmut), and the scenarios that reach it were played on the reference so changed, over HTTP and SOAP like any"
    yield "other; no unit test took part."
    yield ""
    tried = counted.total() - counted["left"]
    yield f"Of {tried} changes the scenarios noticed **{_share(counted)}**. {explained} of the others"
    yield f"cannot be seen from outside, for the reasons below; without those it is **{_share(counted, explained)}**."
    if counted["left"]:
        yield f"{counted['left']} were not played in this run."
    yield ""
    yield "| module | noticed | survived | not reached | share |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for module, number in sorted(modules.items()):
        yield f"| {module} | {number['noticed']} | {number['survived']} | {number['not reached']} | {_share(number)} |"
    for why, lines in sorted(survivors.items(), key=lambda pair: (not pair[0], -len(pair[1]))):
        yield ""
        yield f"## {why or 'No reason: a scenario is missing'} ({len(lines)})"
        yield ""
        for function, before, after in lines:
            yield f"- `{function}`: `{before}` → `{after}`"


def main() -> int:
    """Do what the command line says."""
    choice = argparse.ArgumentParser(description=__doc__)
    choice.add_argument("what", choices=("run", "report"))
    choice.add_argument("--again", action="store_true", help="play the survivors once more")
    choice.add_argument("--processes", type=int, default=2)
    chosen = choice.parse_args()
    if chosen.what == "report":
        return write_report()
    prepare()
    if chosen.again:
        forget_survivors()
    return subprocess.run(
        [sys.executable, "-m", "mutmut", "run", "--max-children", str(chosen.processes)], cwd=FOLDER, check=False
    ).returncode  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
