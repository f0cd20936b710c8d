"""Two runs held together: what has become slower or quicker, beyond what chance and the machine can have done.

Times of two runs are not comparable on machines that others use too; what is held together is each channel's time against
REST's in the same round. Where a run has no pairs, the slots of its traffic are compared, which is weaker. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vos_load import statistik
from vos_load.optagelse import LINJEN
from vos_load.profil import MINDST_RUNDER
from vos_load.resultat import ALLE, NAEVNER, PAR, Resultat
from vos_load.statistik import Interval

TOLERANCE = 0.10
"""Less than this is no difference that matters, however sure it is."""


@dataclass(frozen=True, slots=True)
class Aendring:
    """One figure in two runs: how many times larger the second is, and whether that is worse or better."""

    hvad: str
    foer: float
    efter: float
    interval: Interval
    dom: str


VAERRE, BEDRE, ENS = "langsommere", "hurtigere", "ens"


def sammenlign(
    a: Resultat, b: Resultat, tolerance: float = TOLERANCE, sikkerhed: float = statistik.SIKKERHED
) -> list[Aendring]:
    """Hold the second run against the first; errors: ValueError for runs that have nothing in common."""
    if a.workload != b.workload:
        raise ValueError(f"one run is {a.workload}, the other {b.workload}: they cannot be held together")
    if a.workload != PAR and a.profile != b.profile:
        raise ValueError(f"one run is of {a.profile}, the other of {b.profile}: their traffic is not the same")
    par = list(_par(a, b) if a.blocks else _trafik(a, b))
    if not par:
        raise ValueError(
            f"the runs have no operation on the same channels in common, or fewer than {MINDST_RUNDER} rounds of it"
        )
    strengt = 1 - (1 - sikkerhed) / len(par)  # as many questions as there are, and still so seldom a false answer
    return [_dom(hvad, foer, efter, tolerance, strengt) for hvad, foer, efter in par]


Talpar = tuple[str, Sequence[float], Sequence[float]]


def _par(a: Resultat, b: Resultat) -> Iterator[Talpar]:
    kanaler = sorted({en.kanal for en in a.blocks} & {en.kanal for en in b.blocks} - {NAEVNER, LINJEN})
    fra_b = {en.handling for en in b.blocks} - {LINJEN}
    handlinger = [en for en in dict.fromkeys(en.handling for en in a.blocks) if en in fra_b]
    for kanal in kanaler:
        samlede: tuple[list[dict[int, float]], list[dict[int, float]]] = ([], [])
        for handling in handlinger:
            for alle, koersel in zip(samlede, (a, b), strict=True):
                oppe, nede = (statistik.medianer(koersel.blocks, handling, en) for en in (kanal, NAEVNER))
                alle.append(statistik.rundeforhold(oppe, nede))
            foer, efter = (list(en[-1].values()) for en in samlede)
            if min(len(foer), len(efter)) >= MINDST_RUNDER:
                yield f"{handling} {kanal}/{NAEVNER}", foer, efter
        foer, efter = (statistik.geometrisk(en) for en in samlede)
        if min(len(foer), len(efter)) >= MINDST_RUNDER:
            yield f"{ALLE} {kanal}/{NAEVNER}", foer, efter


def _trafik(a: Resultat, b: Resultat) -> Iterator[Talpar]:
    """Compare the slots' medians, the first tenth of them left out: connections are opened and caches filled."""
    for kanal in sorted({en for punkt in a.series for en in punkt.median_ms}):
        foer, efter = (
            [p.median_ms[kanal] for p in en.series[len(en.series) // 10 :] if kanal in p.median_ms] for en in (a, b)
        )
        if min(len(foer), len(efter)) >= MINDST_RUNDER:
            yield f"{ALLE} {kanal}, ms", foer, efter


def _dom(hvad: str, foer: Sequence[float], efter: Sequence[float], tolerance: float, sikkerhed: float) -> Aendring:
    interval = statistik.aendring(foer, efter, sikkerhed=sikkerhed)
    dom = ENS
    if interval.nedre > 1 and interval.estimat > 1 + tolerance:
        dom = VAERRE
    elif interval.oevre < 1 and interval.estimat < 1 / (1 + tolerance):
        dom = BEDRE
    return Aendring(hvad, statistik.median(foer), statistik.median(efter), interval, dom)
