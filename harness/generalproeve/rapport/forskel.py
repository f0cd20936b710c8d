"""Hold two runs against each other: which scenes came out otherwise, which are new and which are gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from generalproeve.rapport.laesning import Koert, Noegle
from generalproeve.udfald import Udfald

_VAERST_FOERST = tuple(Udfald)
RAMME = ("maal", "udgave", "bagende", "version", "kontrakt", "overlay", "latens")


class Slags(StrEnum):
    """What became of a scene from the one run to the other."""

    VAERRE = "værre"
    BEDRE = "bedre"
    ANDERLEDES = "anderledes"
    NY = "ny"
    VAEK = "væk"


@dataclass(frozen=True, slots=True)
class Sceneforskel:
    """One scene that came out otherwise; `foer` or `nu` None where the run did not play it."""

    slags: Slags
    egenskab: str
    scene: str
    foer: Udfald | None
    nu: Udfald | None
    forklaring: str


def forskelle(a: Koert, b: Koert) -> list[Sceneforskel]:
    """List them, in the order of the second run and then what is gone."""
    return list(_forskelle(a, b))


def rammeforskelle(a: Koert, b: Koert) -> list[tuple[str, str, str]]:
    """List what the runs were played on that is not the same: name, before, now."""
    return [(en, str(a.ramme[en]), str(b.ramme[en])) for en in RAMME if a.ramme[en] != b.ramme[en]]


def _forskelle(a: Koert, b: Koert) -> Iterator[Sceneforskel]:
    for noegle, nu in b.scener.items():
        foer = a.scener.get(noegle)
        if foer is None:
            yield _en(Slags.NY, noegle, None, nu.udfald, nu.forklaring)
        elif foer.udfald is not nu.udfald:
            yield _en(_slags(foer.udfald, nu.udfald), noegle, foer.udfald, nu.udfald, nu.forklaring)
        elif nu.udfald is not Udfald.PASSED and foer.forklaring != nu.forklaring:
            yield _en(Slags.ANDERLEDES, noegle, foer.udfald, nu.udfald, nu.forklaring)
    for noegle, foer in a.scener.items():
        if noegle not in b.scener:
            yield _en(Slags.VAEK, noegle, foer.udfald, None, "")


def _slags(foer: Udfald, nu: Udfald) -> Slags:
    daarlige = {Udfald.FAILED, Udfald.ERRORED}
    if nu in daarlige and (foer not in daarlige or _VAERST_FOERST.index(nu) < _VAERST_FOERST.index(foer)):
        return Slags.VAERRE
    if nu is not Udfald.PASSED and foer is Udfald.PASSED:
        return Slags.VAERRE
    return Slags.BEDRE if foer in daarlige or nu is Udfald.PASSED else Slags.ANDERLEDES


def _en(slags: Slags, noegle: Noegle, foer: Udfald | None, nu: Udfald | None, forklaring: str) -> Sceneforskel:
    return Sceneforskel(slags, noegle[0], noegle[1], foer, nu, forklaring)
