"""Play the suite against a misbehaving reference, in a process of its own and through the real run.

As a program it writes suite/judgements.toml anew for the references named, or for all:
`python tests/support/convict.py [NAME ...]`. Read the difference before you commit it: it is the list of what the suite sees.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
JUDGEMENTS = TESTS / "suite" / "judgements.toml"
DEADLINE_S = 300

PLAY = """
import json, sys
from dataclasses import dataclass
from support import misbehaving
from support.misbehaving.bending import Trace
from generalproeve.run import player
from generalproeve.run.results import Frame
from generalproeve.run.selection import Selection
from generalproeve.settings.stage import StageSettings
from generalproeve.settings.target import REHEARSAL_DAY
from generalproeve.stage.stage import embedded

@dataclass(frozen=True)
class Only(Selection):
    numbers: frozenset = frozenset()
    def arrange(self, scenarios):
        return [scenario for number, (_, scenario) in enumerate(scenarios) if number in self.numbers]

class Tracer:
    def __init__(self): self.revealed = {}
    def begun(self, course): trace.take()
    def scenario_played(self, course, stage): self.revealed[stage.number] = trace.take()
    def ended(self, course): pass

name, numbers = sys.argv[1], json.loads(sys.argv[2])
misbehaving.trace = trace = Trace()
builder = f"support.misbehaving:{name}" if name else "support.misbehaving:trace"
tracer = Tracer()
with embedded(StageSettings(port=0, control_port=0, clock=REHEARSAL_DAY), builder=builder) as stage:
    frame = Frame("t", "2024-4", "converter", REHEARSAL_DAY, "0", "h", None, ())
    selection = Selection() if numbers is None else Only(numbers=frozenset(numbers))
    run = player.play(stage.stage, frame, [tracer], selection)
assert not run.collection_errors, run.collection_errors
print(json.dumps([
    [result.number, result.verdict, result.feature,
     f"{result.name} ({', '.join(result.example.values())})" if result.example else result.name,
     result.requirement, result.explanation, sorted(tracer.revealed[result.number])]
    for result in run.scenarios
]))
"""
"""What the process runs. Its arguments are the misbehaving reference, "" for the correct one, and scenario numbers or null."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict of one scenario: whether it failed, which requirements it carries, and what was said.

    `reveals` are, for the correct reference, the misbehaving ones whose replaced functions the scenario calls.
    """

    number: int
    verdict: str
    scenario: str
    requirements: frozenset[str]
    explanation: str
    reveals: frozenset[str]


def judge(name: str, numbers: Iterable[int] | None = None) -> list[Judgement]:
    """Play the scenarios with those numbers, or all, against that reference.

    Raises:
        AssertionError: the process failed; the message is what it wrote.
    """
    result = subprocess.run(
        [sys.executable, "-c", PLAY, name, json.dumps(None if numbers is None else sorted(numbers))],
        cwd=TESTS, capture_output=True, text=True, encoding="utf-8", timeout=DEADLINE_S, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return [
        Judgement(number, verdict, f"{feature}: {title}", frozenset(keys), explanation, frozenset(reveals))
        for number, verdict, feature, title, keys, explanation, reveals in json.loads(result.stdout.splitlines()[-1])
    ]


def failed(judgements: list[Judgement]) -> list[Judgement]:
    """Return those that neither passed nor were omitted."""
    return [judgement for judgement in judgements if judgement.verdict not in ("passed", "omitted")]


def can_reveal(innocent: Iterable[Judgement], name: str) -> list[Judgement]:
    """Return the scenarios, as played on the correct reference, that can tell the misbehaving one from it."""
    return [judgement for judgement in innocent if name in judgement.reveals]


def read() -> dict[str, dict[str, list[str] | str]]:
    """Read what each misbehaving reference must be convicted of."""
    return tomllib.loads(JUDGEMENTS.read_text(encoding="utf-8"))


def _write(judgements: dict[str, dict[str, list[str] | str]]) -> None:
    head = JUDGEMENTS.read_text(encoding="utf-8").partition("\n[")[0]
    parts = [f"{head}\n"]
    for name, judgement in sorted(judgements.items()):
        scenarios = "".join(f"    {json.dumps(item, ensure_ascii=False)},\n" for item in judgement["scenarios"])
        rule, says = (json.dumps(judgement.get(field, ""), ensure_ascii=False) for field in ("rule", "says"))
        parts.append(f"[{name}]\nrule = {rule}\nsays = {says}\nscenarios = [\n{scenarios}]\n")
    JUDGEMENTS.write_text("\n".join(parts), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="the misbehaving references to judge; all if none is named")
    parser.add_argument(
        "--every-scenario",
        action="store_true",
        help="also play the scenarios that cannot tell them from the correct one",
    )
    parser.add_argument(
        "--scenario", action="append", default=[], metavar="TEXT",
        help="judge only scenarios whose name contains this text, and keep the other entries; repeatable",
    )  # fmt: skip
    return parser.parse_args()


def main() -> None:
    """Write the judgements."""
    from support.misbehaving import MISBEHAVING

    chosen = _arguments()
    innocent, judgements = judge(""), read()
    names = chosen.names or sorted(MISBEHAVING)
    considered = {
        item.number: item.scenario
        for item in innocent
        if not chosen.scenario or any(text in item.scenario for text in chosen.scenario)
    }

    def failures(name: str) -> list[Judgement]:
        revealing = {item.number for item in can_reveal(innocent, name)}
        numbers = set(considered) if chosen.every_scenario else set(considered) & revealing
        return failed(judge(name, numbers)) if numbers else []

    with ThreadPoolExecutor(2) as pool:
        for name, found in zip(names, pool.map(failures, names), strict=True):
            kept = set(judgements.get(name, {}).get("scenarios", ())) - set(considered.values())
            scenarios = sorted(kept.union(item.scenario for item in found))
            judgements[name] = {**judgements.get(name, {}), "scenarios": scenarios}
            _write({item: judgement for item, judgement in judgements.items() if item in MISBEHAVING})
            said = sorted({f"{item.explanation[:150]!r}" for item in found})[:3]
            print(name, len(found), *said, sep="\n  ", flush=True)  # noqa: T201 - a console program


if __name__ == "__main__":
    sys.path.insert(0, str(TESTS))
    main()
