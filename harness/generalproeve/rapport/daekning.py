"""How far a run carries the epic: for each requirement the verdicts of its scenes, and for each party how its rows came out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from generalproeve.forloeb import Sceneforloeb
from generalproeve.udfald import Udfald, samlet
from vos_contracts import krav
from vos_contracts.krav import Krav, Status


class Stand(StrEnum):
    """How a requirement came out, in the words of the report."""

    BAARET = "båret og bestået"
    BRUDT = "båret og ikke bestået"
    UDELADT = "udeladt her"
    IKKE_SPILLET = "ikke spillet"
    IKKE_TESTET = "testes ikke"


@dataclass(frozen=True, slots=True)
class Daekket:
    """One requirement and the verdicts of its scenes."""

    krav: Krav
    udfald: Sequence[Udfald]

    @property
    def stand(self) -> Stand:
        """How it came out."""
        if self.krav.status is not Status.SCENARIE:
            return Stand.IKKE_TESTET
        match samlet(self.udfald) if self.udfald else None:
            case None:
                return Stand.IKKE_SPILLET
            case Udfald.FAILED | Udfald.ERRORED:
                return Stand.BRUDT
            case Udfald.PASSED:
                return Stand.BAARET
            case Udfald.SKIPPED | Udfald.OMITTED:
                return Stand.UDELADT


def daekning(scener: Sequence[Sceneforloeb]) -> list[Daekket]:
    """List every requirement of the epic."""
    efter: dict[str, list[Udfald]] = {}
    for scene in scener:
        for noegle in scene.krav:
            efter.setdefault(noegle, []).append(scene.udfald)
    return [Daekket(en, efter.get(noegle, ())) for noegle, en in krav.indlaes().items()]


def per_part(daekkede: Sequence[Daekket]) -> Mapping[str, Mapping[Stand, int]]:
    """Count, for each party that the epic says a row is relevant for, how its rows came out."""
    talt: dict[str, Counter[Stand]] = {}
    for en in daekkede:
        for part in en.krav.relevant_for.split():
            talt.setdefault(part, Counter())[en.stand] += 1
    return dict(sorted(talt.items()))
