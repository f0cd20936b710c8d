"""Play the whole suite on a misbehaving reference, in a process of its own with the real command's parts.

Run as a program it writes `domme.toml` anew for those named, or all: `python tests/domstol.py [NAME ...]`. Read
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

DOMME = Path(__file__).with_name("suite") / "domme.toml"
FRIST_S = 300

SPIL = """
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
    def scene_spillet(self, forloeb, scene): self.gennemskuede[scene.nummer] = spor.tag()
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
class Dom:
    """One scene's verdict: whether it fell, which requirements it carries, and what was said of it.

    Of the innocent, `kan_se` are those that it can tell from him.
    """

    nummer: int
    udfald: str
    scene: str
    krav: frozenset[str]
    forklaring: str
    kan_se: frozenset[str]


def doem(navn: str, numre: Iterable[int] | None = None) -> list[Dom]:
    """Play the scenes of those numbers, or all, on that one; errors: AssertionError with what the process said."""
    resultat = subprocess.run(
        [sys.executable, "-c", SPIL, navn, json.dumps(None if numre is None else sorted(numre))],
        cwd=Path(__file__).parent, capture_output=True, text=True, encoding="utf-8", timeout=FRIST_S, check=False,
    )  # fmt: skip
    assert resultat.returncode == 0, resultat.stderr
    return [
        Dom(nummer, udfald, f"{egenskab}: {navn}", frozenset(krav), forklaring, frozenset(kan_se))
        for nummer, udfald, egenskab, navn, krav, forklaring, kan_se in json.loads(resultat.stdout.splitlines()[-1])
    ]


def faldne(domme: list[Dom]) -> list[Dom]:
    """Return those that did not pass."""
    return [en for en in domme if en.udfald not in ("passed", "omitted")]


def kan_se(uskyldig: Iterable[Dom], navn: str) -> list[Dom]:
    """List the scenes, as the innocent played them, that can tell that one from the innocent."""
    return [en for en in uskyldig if navn in en.kan_se]


def laes() -> dict[str, dict[str, list[str] | str]]:
    """Read what each misbehaving one is to be convicted of."""
    return tomllib.loads(DOMME.read_text(encoding="utf-8"))


def _skriv(domme: dict[str, dict[str, list[str] | str]]) -> None:
    dele = [
        "# What each misbehaving reference is convicted of: the requirement it breaks (krav.csv), words that the explanation\n"
        "# of a scene must hold, and every scene that falls, and no other. Written by domstol.py; regel and siger by hand.\n"
    ]
    for navn, dom in sorted(domme.items()):
        scener = "".join(f"    {json.dumps(en, ensure_ascii=False)},\n" for en in dom["scener"])
        regel, siger = (json.dumps(dom.get(felt, ""), ensure_ascii=False) for felt in ("regel", "siger"))
        dele.append(f"[{navn}]\nregel = {regel}\nsiger = {siger}\nscener = [\n{scener}]\n")
    DOMME.write_text("\n".join(dele), encoding="utf-8")


def main() -> None:
    """Write the verdicts."""
    from misdaedere import MISDAEDERE

    valg = argparse.ArgumentParser(description=__doc__)
    valg.add_argument("navne", nargs="*", help="who is judged; else everybody")
    valg.add_argument(
        "--every-scene", action="store_true", help="also the scenes that cannot tell them from the innocent"
    )
    valg.add_argument(
        "--scene",
        action="append",
        default=[],
        metavar="TEXT",
        help="judge only the scenes that hold this text anew, and let the rest stand; repeatable",
    )
    valgt = valg.parse_args()
    uskyldig, domme = doem(""), laes() if DOMME.exists() else {}
    navne = valgt.navne or sorted(MISDAEDERE)

    om = {en.nummer: en.scene for en in uskyldig if not valgt.scene or any(tekst in en.scene for tekst in valgt.scene)}

    def fald(navn: str) -> list[Dom]:
        numre = set(om) if valgt.every_scene else set(om) & {en.nummer for en in kan_se(uskyldig, navn)}
        return faldne(doem(navn, numre)) if numre else []

    with ThreadPoolExecutor(2) as to:
        for navn, fundet in zip(navne, to.map(fald, navne), strict=True):
            staar = set(domme.get(navn, {}).get("scener", ())) - set(om.values())
            domme[navn] = {**domme.get(navn, {}), "scener": sorted(staar.union(en.scene for en in fundet))}
            _skriv({en: dom for en, dom in domme.items() if en in MISDAEDERE})
            print(navn, len(fundet), *sorted({f"{en.forklaring[:150]!r}" for en in fundet})[:3], sep="\n  ", flush=True)  # noqa: T201 - a program


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main()
