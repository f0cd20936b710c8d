"""Expected differences: a file of what a real environment is known to do otherwise, and why; no entry of it may be stale.

[[difference]]
feature = "Fejlkoder bevares"
scene = "En død borger kan der ikke registreres på via PRS"
verdict = "failed"
reason = "STAR's case 1234: 4404 instead of 4405"
contains = "4404"                # optional: what the explanation must hold
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import msgspec

from generalproeve.base.exit_codes import KanIkkeKoere
from generalproeve.base.masking import masker
from generalproeve.forloeb import Forloeb, Sceneforloeb
from generalproeve.rapport.laesning import Koert
from generalproeve.udfald import Udfald


class Forventning(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One entry of the file."""

    feature: str
    scene: str
    verdict: Udfald
    reason: str
    contains: str = ""

    def gaelder(self, scene: Sceneforloeb) -> bool:
        """Say whether it is about that scene."""
        return (self.feature, self.scene) == (scene.egenskab, scene.navn)

    def holder(self, scene: Sceneforloeb) -> bool:
        """Say whether the scene came out as it says."""
        return scene.udfald is self.verdict and self.contains in masker(scene.forklaring)


class _Fil(msgspec.Struct, forbid_unknown_fields=True):
    difference: tuple[Forventning, ...] = ()


@dataclass(frozen=True, slots=True)
class Opgjort:
    """A run against its expectations: those that hold, those that are stale and why, and breaches that nobody expected."""

    holdt: Sequence[tuple[Forventning, Sceneforloeb]]
    foraeldede: Sequence[tuple[Forventning, str]]
    uventede: Sequence[Sceneforloeb]
    aldrig_spillet: int

    def linjer(self) -> Iterator[str]:
        """Say it in lines."""
        for en, scene in self.holdt:
            yield f"FORVENTET: {scene.navn}: {scene.udfald.dansk}, fordi {en.reason}"
        for en, hvorfor in self.foraeldede:
            yield f"FORÆLDET FORVENTNING: {en.feature}: {en.scene}: {hvorfor}"
        if self.aldrig_spillet:
            yield f"{self.aldrig_spillet} scener blev aldrig spillet"


def laes(fil: Path) -> tuple[Forventning, ...]:
    """Read the file; errors: KanIkkeKoere naming file, key and rule."""
    try:
        indhold = msgspec.convert(tomllib.loads(fil.read_text("utf-8")), _Fil)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as brud:
        raise KanIkkeKoere(f"{fil}: {brud}") from None
    for en in indhold.difference:
        if not en.reason.strip():
            raise KanIkkeKoere(f"{fil}: {en.scene}: reason: must say why")
        if en.verdict is Udfald.PASSED:
            raise KanIkkeKoere(f"{fil}: {en.scene}: verdict: passed is no difference")
    return indhold.difference


def kend(fil: Path, forventede: Sequence[Forventning], scener: Iterable[tuple[str, str]]) -> None:
    """Refuse an entry about a scene that there is not; errors: KanIkkeKoere naming it, and the nearest there is."""
    kendte = set(scener)
    for en in forventede:
        if (en.feature, en.scene) not in kendte:
            naer = get_close_matches(f"{en.feature}: {en.scene}", [f"{hvad}: {scene}" for hvad, scene in kendte], 1)
            raad = f"; the nearest is {naer[0]}" if naer else ""
            raise KanIkkeKoere(f"{fil}: {en.feature}: {en.scene}: there is no such scene{raad}")


def opgoer(forloeb: Forloeb, forventede: Sequence[Forventning], *, kun_spillede: bool = False) -> Opgjort:
    """Hold the run against the file, and mark the scenes that came out as expected.

    `kun_spillede`: the run was to play some scenes only, and entries about others are not stale.
    """
    holdt: list[tuple[Forventning, Sceneforloeb]] = []
    foraeldede: list[tuple[Forventning, str]] = []
    for en in forventede:
        om = [scene for scene in forloeb.scener if en.gaelder(scene)]
        passer = [scene for scene in om if en.holder(scene)]
        if not om and kun_spillede:
            continue
        for scene in passer:
            scene.forventet = en.reason
        if passer:
            holdt += [(en, scene) for scene in passer]
        else:
            fundet = ", ".join(f"{scene.udfald} {masker(scene.forklaring)}".strip() for scene in om)
            foraeldede.append((en, f"came out as: {fundet}" if om else "never ran"))
    kendte = {id(scene) for _, scene in holdt}
    daarlige = {Udfald.FAILED, Udfald.ERRORED}
    uventede = [en for en in forloeb.scener if en.udfald in daarlige and id(en) not in kendte]
    return Opgjort(holdt, foraeldede, uventede, forloeb.i_alt - len(forloeb.scener))


def skriv(koert: Koert) -> Iterator[str]:
    """Write such a file of what a run found, for somebody to give the reasons."""
    daarlige = {Udfald.FAILED, Udfald.ERRORED}
    for (egenskab, scene, _), en in koert.scener.items():
        if en.udfald in daarlige:
            yield from _post(egenskab, scene, en.udfald, en.forklaring)


def _post(egenskab: str, scene: str, udfald: Udfald, forklaring: str) -> Iterable[str]:
    return (
        "[[difference]]",
        f"feature = {_tekst(egenskab)}",
        f"scene = {_tekst(scene)}",
        f'verdict = "{udfald}"',
        'reason = ""',
        f"# {' '.join(forklaring.split())}",
        "",
    )


def _tekst(tekst: str) -> str:
    return json.dumps(tekst, ensure_ascii=False)  # a basic string of TOML is written as one of JSON
