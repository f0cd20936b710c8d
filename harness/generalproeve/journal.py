"""The run's journal: one stream of everything that happened, as newline-delimited JSON, CPR numbers masked.

A listener like the console. Each scene gives its steps in order, each step its calls, answers and messages, then its verdict.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from generalproeve.base.masking import masker, maskeret_indhold
from generalproeve.bevis import Kaldsbevis
from generalproeve.forloeb import Forloeb, Sceneforloeb, Trin
from generalproeve.rapport.anklage import anklager, antagelser, som_post

KROP_LOFT = 8_192
"""Characters kept of a body."""


class Journalskriver:
    """Writes the stream to a file as the run goes, so that a run that dies leaves what it saw."""

    def __init__(self, fil: Path) -> None:
        self._fil = fil.open("w", encoding="utf-8", newline="\n")
        self._nummer = 0

    def begyndt(self, forloeb: Forloeb) -> None:
        """Write what is played on."""
        ramme = forloeb.ramme
        self._skriv(
            art="begyndt", maal=ramme.maal, udgave=ramme.udgave, bagende=ramme.bagende, ur=ramme.ur.isoformat(),
            version=ramme.version, kontrakt=ramme.kontrakt_hash, overlay=ramme.overlay, orden=ramme.orden,
            latens=ramme.latens, versioner=dict(ramme.versioner), scener=forloeb.i_alt,
        )  # fmt: skip

    def scene_spillet(self, forloeb: Forloeb, scene: Sceneforloeb) -> None:
        """Write a scene whole."""
        for trin in scene.trin:
            for post in _trinposter(trin):
                self._skriv(scene=scene.navn, **post)
        self._skriv(
            art="udfald", scene=scene.navn, egenskab=scene.egenskab, udfald=scene.udfald, forklaring=scene.forklaring,
            krav=list(scene.krav), sted=scene.sted, antagne_navne=dict(forloeb.ramme.antaget(scene)),
            antagelser=antagelser(scene, forloeb.ramme), millisekunder=round(scene.sekunder * 1000, 1),
            anklage=next((som_post(en) for en in anklager([scene], forloeb.ramme)), None),
        )  # fmt: skip
        self._fil.flush()

    def sluttet(self, forloeb: Forloeb) -> None:
        """Write the verdict of the whole and close the file."""
        self._skriv(
            art="sluttet",
            udfald=forloeb.udfald,
            antal={udfald.value: antal for udfald, antal in forloeb.antal().items()},
        )
        self._fil.close()

    def _skriv(self, **felter: object) -> None:
        self._nummer += 1
        self._fil.write(json.dumps(maskeret_indhold({"nr": self._nummer, **felter}), ensure_ascii=False) + "\n")


def _trinposter(trin: Trin) -> Iterator[dict[str, object]]:
    yield {"art": "trin", "trin": trin.tekst, "sted": trin.sted, "udfald": trin.udfald, "forklaring": trin.forklaring}
    for bevis in trin.kald:
        yield kaldspost(bevis)
    for besked in trin.beskeder:
        yield {
            "art": "besked_hentet", "modtager": besked.modtager, "besked": besked.besked.beskedtype,
            "besked_id": besked.besked.besked_id, "type": besked.besked.emne, "id": besked.besked.id,
            "registrerende_myndighed": str(besked.besked.registrant.aktiv), "system": besked.besked.registrant.system,
            "bruger": besked.besked.registrant.bruger.id,
        }  # fmt: skip


def kaldspost(bevis: Kaldsbevis) -> dict[str, object]:
    """Write a call and its answer."""
    return {
        "art": "kald", "metode": bevis.kald.metode, "sti": bevis.kald.sti, "headers": dict(bevis.kald.headers),
        "krop": _tekst(bevis.kald.krop), "status": bevis.svar.status, "svar": _tekst(bevis.svar.krop),
        "millisekunder": round(bevis.sekunder * 1000, 2),
    }  # fmt: skip


def _tekst(krop: bytes) -> str:
    return masker(krop.decode("utf-8", "replace"))[:KROP_LOFT]  # masked first: half a number must not be seen
