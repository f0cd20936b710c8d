"""What a fallen scene accuses the stage of, in the epic's own words: sentences, step, rule, and how to see it again.

Taken from what the run saw and from the contract's tables; what neither says is not said. Not here: how a page looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generalproeve.bevis import Kaldsbevis
from generalproeve.forloeb import Ramme, Sceneforloeb, Trin
from generalproeve.rapport.genskab import genskab
from generalproeve.run.touched.facts import Fakta
from generalproeve.udfald import Udfald
from vos_contracts import krav
from vos_contracts.krav import Krav

_ORD = re.compile(r"\w+")
DAARLIGE = frozenset({Udfald.FAILED, Udfald.ERRORED})


@dataclass(frozen=True, slots=True)
class Saetning:
    """What the epic says, and the rows that say it in those words."""

    tekst: str
    krav: Sequence[Krav]


@dataclass(frozen=True, slots=True)
class Anklage:
    """One fallen scene: what the epic says, where it fell, which rules it is about, and the call to make again."""

    scene: Sceneforloeb
    saetninger: Sequence[Saetning]
    trin: str
    sted: str
    regler: Sequence[Fakta]
    genskab: str
    svar: str
    antagelser: Sequence[str]


def anklager(scener: Sequence[Sceneforloeb], ramme: Ramme) -> list[Anklage]:
    """Accuse for every scene that failed or could not be judged."""
    faldne = [en for en in scener if en.udfald in DAARLIGE]
    alle = krav.indlaes() if faldne else {}
    return [_anklage(en, ramme, alle) for en in faldne]


def som_post(en: Anklage) -> dict[str, object]:
    """Return it as a JSON object: what the journal keeps."""
    return {
        "trin": en.trin,
        "sted": en.sted,
        "epicen": [{"tekst": et.tekst, "krav": [raekke.noegle for raekke in et.krav]} for et in en.saetninger],
        "regler": [
            {"tekst": regel.tekst, "tabel": regel.navn, "kilde": regel.kilde, "sikkerhed": regel.sikkerhed}
            for regel in en.regler
        ],
        "antagelser": list(en.antagelser),
        "genskab": en.genskab,
        "svar": en.svar,
    }


def linjer(post: Mapping[str, Any]) -> Iterator[str]:
    """Say such an object in lines."""
    yield f"trin: {post['trin'] or '-'} ({post['sted']})"
    for saetning in post["epicen"]:
        yield f"epicen: »{saetning['tekst']}« ({', '.join(saetning['krav'])})"
    for regel in post["regler"]:
        yield f"regel: {regel['tekst']} ({regel['tabel']}; {regel['kilde']}; {regel['sikkerhed']})"
    if post["antagelser"]:
        yield f"hviler på antagelser: {'; '.join(post['antagelser'])}"
    if post["genskab"]:
        yield "genskab:"
        yield post["genskab"]
        yield f"svaret var:\n{post['svar']}"


def antagelser(scene: Sceneforloeb, ramme: Ramme) -> list[str]:
    """Say which of our choices its verdict rests on: facts of the tables, and names on the wire by service."""
    navne = ramme.antaget(scene)
    return [
        *(f"{en.tekst} ({en.tabel})" for en in scene.antagne),
        *(f"{antal} navne i {tjeneste}" for tjeneste, antal in navne.items() if antal),
    ]


def _anklage(scene: Sceneforloeb, ramme: Ramme, alle: Mapping[str, Krav]) -> Anklage:
    faldt = next((en for en in scene.trin if en.udfald in DAARLIGE), None)
    fra, kald = _sidste_kald(scene, faldt)
    return Anklage(
        scene=scene,
        saetninger=_saetninger([alle[noegle] for noegle in scene.krav]),
        trin="" if faldt is None else faldt.tekst,
        sted=scene.sted if faldt is None else faldt.sted,
        regler=_regler(scene, ramme, [trin for trin in (faldt, fra) if trin is not None]),
        genskab="" if kald is None else genskab(kald.kald),
        svar="" if kald is None else f"{kald.svar.krop.decode('utf-8', 'replace')}\nHTTP {kald.svar.status}",
        antagelser=antagelser(scene, ramme),
    )


def _saetninger(raekker: Sequence[Krav]) -> list[Saetning]:
    efter: dict[str, list[Krav]] = {}
    for en in raekker:
        efter.setdefault(en.tekst, []).append(en)
    return [Saetning(tekst, krav) for tekst, krav in efter.items()]


def _sidste_kald(scene: Sceneforloeb, faldt: Trin | None) -> tuple[Trin | None, Kaldsbevis | None]:
    """Return the call that the judgement was about: the last one that registered or told something, else the last one."""
    foer = scene.trin if faldt is None else scene.trin[: scene.trin.index(faldt) + 1]
    kald = [(trin, bevis) for trin in foer for bevis in trin.kald]
    uden_koe = [(trin, bevis) for trin, bevis in kald if "Wsrm" not in bevis.kald.sti]
    egne = [(trin, bevis) for trin, bevis in uden_koe if trin is faldt]
    gjort = [(trin, bevis) for trin, bevis in uden_koe if bevis.kald.metode != "GET"]
    valgt = egne or gjort or kald
    return valgt[-1] if valgt else (None, None)


def _regler(scene: Sceneforloeb, ramme: Ramme, trin: Sequence[Trin]) -> list[Fakta]:
    """Choose the errors and messages that were named, and what the fallen step and the judged one touch, errors first."""
    sagt = set(_ORD.findall(scene.forklaring))
    naevnt = [en for en in ramme.regler if en.noegle[0] in sagt]
    roert = sorted((en for et in trin for en in et.fakta), key=lambda en: en.tabel != "fejl")
    return list(dict.fromkeys([*naevnt, *roert]))
