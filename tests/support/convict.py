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
TEXTS = ("rule", "says", "shown_by")


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


def judge(*plays: tuple[str, Iterable[str] | None]) -> list[list[Judgement]]:
    """Play scenarios by name, or all of them, against each of the references, in one process of their own.

    Raises:
        AssertionError: the process failed; the message is what it wrote.
    """
    asked = [(name, None if scenarios is None else sorted(scenarios)) for name, scenarios in plays]
    result = subprocess.run(
        [sys.executable, "-m", "support.play_misbehaving"], input=json.dumps(asked),
        cwd=TESTS, capture_output=True, text=True, encoding="utf-8", timeout=DEADLINE_S, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    lines = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("[")]
    assert len(lines) == len(asked), result.stdout
    return [
        [
            Judgement(number, verdict, scenario, frozenset(keys), explanation, frozenset(reveals))
            for number, verdict, scenario, keys, explanation, reveals in line
        ]
        for line in lines
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
    head = JUDGEMENTS.read_text(encoding="utf-8").partition("\n[")[0].rstrip()
    parts = [f"{head}\n"]
    for name, judgement in sorted(judgements.items()):
        scenarios = "".join(f"    {json.dumps(item, ensure_ascii=False)},\n" for item in judgement["scenarios"])
        texts = "".join(f"{field} = {json.dumps(judgement.get(field, ''), ensure_ascii=False)}\n" for field in TEXTS)
        parts.append(f"[{name}]\n{texts}scenarios = [\n{scenarios}]\n")
    JUDGEMENTS.write_text("\n".join(parts), encoding="utf-8")


def _shown_by(judgement: dict[str, list[str] | str], found: Iterable[Judgement]) -> str:
    """Return a scenario that carries the requirement and says what the judgement asks for, or ""."""
    rule, says = judgement.get("rule"), str(judgement.get("says", ""))
    return min((item.scenario for item in found if rule in item.requirements and says in item.explanation), default="")


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
    (innocent,), judgements = judge(("", None)), read()
    names = chosen.names or sorted(MISBEHAVING)
    considered = {
        item.scenario
        for item in innocent
        if not chosen.scenario or any(text in item.scenario for text in chosen.scenario)
    }

    def failures(name: str) -> list[Judgement]:
        revealing = {item.scenario for item in can_reveal(innocent, name)}
        played = considered if chosen.every_scenario else considered & revealing
        return failed(judge((name, played))[0]) if played else []

    with ThreadPoolExecutor(2) as pool:
        for name, found in zip(names, pool.map(failures, names), strict=True):
            kept = set(judgements.get(name, {}).get("scenarios", ())) - considered
            scenarios = sorted(kept.union(item.scenario for item in found))
            earlier = judgements.get(name, {})
            shown = _shown_by(earlier, found) or earlier.get("shown_by", "")
            judgements[name] = {**earlier, "shown_by": shown, "scenarios": scenarios}
            _write({item: judgement for item, judgement in judgements.items() if item in MISBEHAVING})
            said = sorted({f"{item.explanation[:150]!r}" for item in found})[:3]
            print(name, len(found), *said, sep="\n  ", flush=True)  # noqa: T201 - a console program


if __name__ == "__main__":
    sys.path.insert(0, str(TESTS))
    main()
