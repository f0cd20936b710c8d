"""What the comparison's times mean: ratios of channels with intervals that a sceptic can check, from blocks played in turn.

A round is the unit that is drawn again (bootstrap): calls within a block are not independent of each other, rounds nearly are.
Pure: chance comes in as a seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from vos_load.optagelse import Blok

TRAEKNINGER = 4000
SIKKERHED = 0.95

Rundetal = Mapping[int, float]
"""A figure per round."""


class Interval(NamedTuple):
    """An estimate and the interval that holds it with the confidence asked for."""

    estimat: float
    nedre: float
    oevre: float

    def rummer(self, vaerdi: float) -> bool:
        """Say whether a value is within."""
        return self.nedre <= vaerdi <= self.oevre

    def overlapper(self, andet: Interval) -> bool:
        """Say whether two intervals have anything in common."""
        return self.nedre <= andet.oevre and andet.nedre <= self.oevre


def medianer(blokke: Sequence[Blok], handling: str, kanal: str) -> Rundetal:
    """Return each round's median of one operation on one channel, in milliseconds."""
    return {en.runde: float(np.median(en.ms)) for en in blokke if (en.handling, en.kanal) == (handling, kanal)}


def forhold(taeller: Rundetal, naevner: Rundetal, seed: int = 1, sikkerhed: float = SIKKERHED) -> Interval | None:
    """Estimate how many times larger one channel's latency is: the median over rounds of the rounds' own ratios.

    None where fewer than three rounds have both.
    """
    runder = sorted(taeller.keys() & naevner.keys())
    if len(runder) < 3:
        return None
    return _bootstrap(np.log([taeller[en] / naevner[en] for en in runder]), seed, sikkerhed)


def samlet(forholdene: Sequence[Mapping[int, float]], seed: int = 1, sikkerhed: float = SIKKERHED) -> Interval | None:
    """Estimate one ratio for several operations: the geometric mean over them, round by round."""
    midler = geometrisk(forholdene)
    return None if len(midler) < 3 else _bootstrap(np.log(midler), seed, sikkerhed)


def rundeforhold(taeller: Rundetal, naevner: Rundetal) -> dict[int, float]:
    """Return each round's ratio."""
    return {en: taeller[en] / naevner[en] for en in sorted(taeller.keys() & naevner.keys())}


def aendring(foer: Sequence[float], efter: Sequence[float], seed: int = 1, sikkerhed: float = SIKKERHED) -> Interval:
    """Estimate how many times larger the figures of one run's rounds are than another's; the rounds are drawn separately."""
    lod = np.random.default_rng(seed)
    a, b = np.log(foer), np.log(efter)
    trukket = np.median(lod.choice(b, (TRAEKNINGER, len(b))), axis=1) - np.median(
        lod.choice(a, (TRAEKNINGER, len(a))), axis=1
    )
    return _interval(float(np.median(b) - np.median(a)), trukket, sikkerhed)


def _bootstrap(logaritmer: np.ndarray, seed: int, sikkerhed: float) -> Interval:
    lod = np.random.default_rng(seed)
    trukket = np.median(lod.choice(logaritmer, (TRAEKNINGER, len(logaritmer))), axis=1)
    return _interval(float(np.median(logaritmer)), trukket, sikkerhed)


def _interval(estimat: float, trukket: np.ndarray, sikkerhed: float) -> Interval:
    nedre, oevre = np.quantile(trukket, [(1 - sikkerhed) / 2, (1 + sikkerhed) / 2])
    return Interval(float(np.exp(estimat)), float(np.exp(nedre)), float(np.exp(oevre)))


def median(vaerdier: Sequence[float]) -> float:
    """Return the median."""
    return float(np.median(vaerdier))


def geometrisk(forholdene: Sequence[Mapping[int, float]]) -> list[float]:
    """Return the geometric mean over operations of each round's ratios, for the rounds that all have."""
    runder = sorted(set.intersection(*(set(en) for en in forholdene))) if forholdene else []
    return [float(np.exp(np.mean([np.log(en[runde]) for en in forholdene]))) for runde in runder]
