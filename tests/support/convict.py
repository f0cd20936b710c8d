"""Play the whole suite on a misbehaving reference, in a process of its own with the real command's parts.

Run as a program it writes `judgements.toml` anew for those named, or all: `python tests/domstol.py [NAME ...]`. Read
the difference before it is committed: it is the list of what the suite can see.
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

JUDGEMENTS = Path(__file__).with_name("suite") / "judgements.toml"
DEADLINE_S = 300

SCENARIO = """
import json, sys
from dataclasses import dataclass
import misdaedere
from generalproeve import koersel
from generalproeve.settings.target import REHEARSAL_DAY
from generalproeve.forloeb import Ramme
from generalproeve.settings.stage import StageSettings
from generalproeve.scene import indlejret
from generalproeve.udvalg import Udvalg
from misdaedere.boejning import Spor

@dataclass(frozen=True)
class Kun(Udvalg):
    numre: frozenset = frozenset()
    def ordn(self, scener):
        return [scene for nummer, (_, scene) in enumerate(scener) if nummer in self.numre]

class Sporhund:
    def __init__(self): self.gennemskuede = {}
    def begyndt(self, forloeb): spor.tag()
    def stage_played(self, forloeb, scene): self.gennemskuede[scene.nummer] = spor.tag()
    def sluttet(self, forloeb): pass

navn, numre = sys.argv[1], json.loads(sys.argv[2])
misdaedere.spor = spor = Spor()
bygger = f"misdaedere:{navn}" if navn else "misdaedere:spor"
hund = Sporhund()
with indlejret(StageSettings(port=0, control_port=0, clock=REHEARSAL_DAY), bygger=bygger) as scene:
    ramme = Ramme("t", "2024-4", "converter", REHEARSAL_DAY, "0", "h", None, ())
    udvalg = Udvalg() if numre is None else Kun(numre=frozenset(numre))
    forloeb = koersel.spil(scene.scenen, ramme, [hund], udvalg)
assert not forloeb.indsamlingsfejl, forloeb.indsamlingsfejl
print(json.dumps([
    [en.nummer, en.udfald, en.egenskab,
     f"{en.navn} ({', '.join(en.eksempel.values())})" if en.eksempel else en.navn,
     en.krav, en.forklaring, sorted(hund.gennemskuede[en.nummer])]
    for en in forloeb.scener
]))
"""
"""What the process does: `argv` has who misbehaves, "" for the innocent, and the numbers of the scenes, null for all."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One scene's verdict: whether it fell, which requirements it carries, and what was said of it.

    Of the innocent, `can_se` are those that it can tell from him.
    """

    number: int
    verdict: str
    stage: str
    requirement: frozenset[str]
    explanation: str
    can_se: frozenset[str]


def judge(name: str, numbers: Iterable[int] | None = None) -> list[Judgement]:
    """Play the scenes of those numbers, or all, on that one; errors: AssertionError with what the process said."""
    result = subprocess.run(
        [sys.executable, "-c", SCENARIO, name, json.dumps(None if numbers is None else sorted(numbers))],
        cwd=Path(__file__).parent, capture_output=True, text=True, encoding="utf-8", timeout=DEADLINE_S, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return [
        Judgement(number, verdict, f"{property}: {name}", frozenset(requirement), explanation, frozenset(can_se))
        for number, verdict, property, name, requirement, explanation, can_se in json.loads(
            result.stdout.splitlines()[-1]
        )
    ]


def failed(judgements: list[Judgement]) -> list[Judgement]:
    """Return those that did not pass."""
    return [judgement for judgement in judgements if judgement.verdict not in ("passed", "omitted")]


def can_se(innocent: Iterable[Judgement], name: str) -> list[Judgement]:
    """List the scenes, as the innocent played them, that can tell that one from the innocent."""
    return [item for item in innocent if name in item.can_se]


def read() -> dict[str, dict[str, list[str] | str]]:
    """Read what each misbehaving one is to be convicted of."""
    return tomllib.loads(JUDGEMENTS.read_text(encoding="utf-8"))


def _write(judgements: dict[str, dict[str, list[str] | str]]) -> None:
    parts = [
        "# What each misbehaving reference is convicted of: the requirement it breaks (krav.csv), words that the explanation\n"
        "# of a scene must hold, and every scene that falls, and no other. Written by domstol.py; regel and siger by hand.\n"
    ]
    for name, judgement in sorted(judgements.items()):
        scenarios = "".join(f"    {json.dumps(item, ensure_ascii=False)},\n" for item in judgement["scenarios"])
        rule, says = (json.dumps(judgement.get(field, ""), ensure_ascii=False) for field in ("rule", "says"))
        parts.append(f"[{name}]\nregel = {rule}\nsiger = {says}\nscener = [\n{scenarios}]\n")
    JUDGEMENTS.write_text("\n".join(parts), encoding="utf-8")


def main() -> None:
    """Write the verdicts."""
    from support.misbehaving import MISBEHAVING

    choice = argparse.ArgumentParser(description=__doc__)
    choice.add_argument("names", nargs="*", help="who is judged; else everybody")
    choice.add_argument(
        "--every-scene", action="store_true", help="also the scenes that cannot tell them from the innocent"
    )
    choice.add_argument(
        "--scene",
        action="append",
        default=[],
        metavar="TEXT",
        help="judge only the scenes that hold this text anew, and let the rest stand; repeatable",
    )
    chosen = choice.parse_args()
    innocent, judgements = judge(""), read() if JUDGEMENTS.exists() else {}
    names = chosen.names or sorted(MISBEHAVING)

    about = {
        item.number: item.stage
        for item in innocent
        if not chosen.stage or any(text in item.stage for text in chosen.stage)
    }

    def fall(name: str) -> list[Judgement]:
        numbers = set(about) if chosen.every_stage else set(about) & {item.number for item in can_se(innocent, name)}
        return failed(judge(name, numbers)) if numbers else []

    with ThreadPoolExecutor(2) as to:
        for name, found in zip(names, to.map(fall, names), strict=True):
            stands = set(judgements.get(name, {}).get("scenarios", ())) - set(about.values())
            judgements[name] = {
                **judgements.get(name, {}),
                "scenarios": sorted(stands.union(find.stage for find in found)),
            }
            _write({item: judgement for item, judgement in judgements.items() if item in MISBEHAVING})
            print(
                name, len(found), *sorted({f"{find.explanation[:150]!r}" for find in found})[:3], sep="\n  ", flush=True
            )  # noqa: T201 - a program


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main()
