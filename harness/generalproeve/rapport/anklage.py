"""What a fallen scene accuses the stage of, in the epic's own words: sentences, step, rule, and how to see it again.

Taken from what the run saw and from the contract's tables; what neither says is not said. Not here: how it looks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generalproeve.forloeb import Fejlregel, Kaldsbevis, Ramme, Sceneforloeb, Trin
from generalproeve.udfald import Udfald
from vos_contracts import krav
from vos_contracts.krav import Krav

_TAL = re.compile(r"(?<!\d)\d{3,6}(?!\d)")
_I_SVAR = re.compile(rb'"fejlkode"\s*:\s*(\d+)|ErrorCode>(\d+)<')


@dataclass(frozen=True, slots=True)
class Anklage:
    """One fallen scene: what the epic says, where it fell, which rules it is about, and the call to make again."""

    scene: Sceneforloeb
    saetninger: Sequence[Krav]
    trin: str
    regler: Sequence[Fejlregel]
    genskab: Kaldsbevis | None
    antagelser: Sequence[str]


def anklager(scener: Sequence[Sceneforloeb], ramme: Ramme) -> list[Anklage]:
    """Accuse for every scene that failed or could not be judged."""
    alle = krav.indlaes()
    return [_anklage(en, ramme, alle) for en in scener if en.udfald in {Udfald.FAILED, Udfald.ERRORED}]


def _anklage(scene: Sceneforloeb, ramme: Ramme, alle: Mapping[str, Krav]) -> Anklage:
    faldt = next((en for en in scene.trin if en.udfald in {Udfald.FAILED, Udfald.ERRORED}), None)
    kald = _sidste_kald(scene, faldt)
    regler = _regler(scene, ramme, kald)
    antagne = [f"fejlkode {en.kode}" for en in regler if en.sikkerhed == "assumed"]
    antagne += [f"{antal} navne i {tjeneste}" for tjeneste, antal in ramme.antaget(scene).items() if antal]
    return Anklage(
        scene=scene,
        saetninger=[alle[noegle] for noegle in scene.krav],
        trin="" if faldt is None else faldt.tekst,
        regler=regler,
        genskab=kald,
        antagelser=antagne,
    )


def _sidste_kald(scene: Sceneforloeb, faldt: Trin | None) -> Kaldsbevis | None:
    """Return the call that the judgement was about: the last one that registered or told something, else the last one."""
    foer = scene.trin if faldt is None else scene.trin[: scene.trin.index(faldt) + 1]
    kald = [bevis for trin in foer for bevis in trin.kald]
    egne = list(faldt.kald) if faldt is not None else []
    gjort = [bevis for bevis in kald if bevis.kald.metode != "GET" and "Wsrm" not in bevis.kald.sti]
    valgt = egne or gjort or kald
    return valgt[-1] if valgt else None


def _regler(scene: Sceneforloeb, ramme: Ramme, kald: Kaldsbevis | None) -> list[Fejlregel]:
    sagt = {int(tal) for tal in _TAL.findall(scene.forklaring)}
    if kald is not None:
        sagt |= {int(rest or soap) for rest, soap in _I_SVAR.findall(kald.svar.krop)}
    return [ramme.regler[kode] for kode in sorted(sagt) if kode in ramme.regler]
