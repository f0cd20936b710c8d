"""What the comparison's times mean: ratios of channels with intervals that a sceptic can check, from blocks played in turn.

A round is the unit that is drawn again (bootstrap): calls within a block are not independent of each other, rounds nearly are.
The estimate is the interquartile mean of the rounds' logarithmic ratios, which a few disturbed rounds do not move; each
drawing leaves one round out first (Hesterberg 2004, "Unbiasing the bootstrap - bootknife sampling vs. smoothing"), without
which an interval of few rounds is too narrow. Pure: chance comes in as a seed.
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
    tider: dict[int, list[float]] = {}
    for en in blokke:
        if (en.handling, en.kanal) == (handling, kanal):
            tider.setdefault(en.runde, []).extend(en.ms)
    return {runde: float(np.median(ms)) for runde, ms in tider.items()}


def uden(rundetal: Rundetal, linjen: Rundetal) -> Rundetal:
    """Return what is left of each round's figure without the line's own; rounds where nothing is left are left out."""
    return {en: rundetal[en] - linjen[en] for en in rundetal.keys() & linjen.keys() if rundetal[en] > linjen[en]}


def forhold(taeller: Rundetal, naevner: Rundetal, seed: int = 1, sikkerhed: float = SIKKERHED) -> Interval | None:
    """Estimate how many times larger one channel's latency is, from the rounds' own ratios.

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
    trukket = _midte(_traek(lod, b)) - _midte(_traek(lod, a))
    return _interval(float(_midte(b) - _midte(a)), trukket, sikkerhed)


def _bootstrap(logaritmer: np.ndarray, seed: int, sikkerhed: float) -> Interval:
    lod = np.random.default_rng(seed)
    return _interval(float(_midte(logaritmer)), _midte(_traek(lod, logaritmer)), sikkerhed)


def _midte(vaerdier: np.ndarray) -> np.ndarray:
    """Return the mean of the middle half along the last axis."""
    ordnet = np.sort(vaerdier, axis=-1)
    antal = ordnet.shape[-1]
    return np.asarray(ordnet[..., antal // 4 : antal - antal // 4].mean(axis=-1))


def _traek(lod: np.random.Generator, vaerdier: np.ndarray) -> np.ndarray:
    """Draw rounds again, each time from all but one of them."""
    antal = len(vaerdier)
    udeladt = lod.integers(0, antal, TRAEKNINGER)
    valgt = lod.integers(0, antal - 1, (TRAEKNINGER, antal))
    return np.asarray(vaerdier[valgt + (valgt >= udeladt[:, None])])


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
