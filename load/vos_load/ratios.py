"""Ratios of channels with bootstrap intervals, from blocks that were played in turn.

The unit of the bootstrap is the round: calls within a block depend on each other, rounds hardly do. The estimate is the
interquartile mean of the rounds' logarithmic ratios, which a few disturbed rounds do not move. Each resample leaves one round
out first (bootknife; Hesterberg 2004, "Unbiasing the bootstrap - bootknife sampling vs. smoothing"), without which intervals
of few rounds are too narrow. Pure: chance comes in as a seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from vos_load.recording import RecordedBlock

RESAMPLES = 4000
CONFIDENCE = 0.95

PerRound = Mapping[int, float]
"""A figure per round."""


class Interval(NamedTuple):
    """An estimate, and the interval that covers the truth with the confidence asked for."""

    estimate: float
    low: float
    high: float

    def covers(self, value: float) -> bool:
        """Return whether a value is within."""
        return self.low <= value <= self.high

    def overlaps(self, other: Interval) -> bool:
        """Return whether two intervals have a value in common."""
        return self.low <= other.high and other.low <= self.high


def round_medians(blocks: Sequence[RecordedBlock], operation: str, channel: str) -> PerRound:
    """Return each round's median of one operation on one channel, in milliseconds."""
    times: dict[int, list[float]] = {}
    for block in blocks:
        if (block.operation, block.channel) == (operation, channel):
            times.setdefault(block.round, []).extend(block.ms)
    return {round_: float(np.median(ms)) for round_, ms in times.items()}


def subtract_line(figures: PerRound, line: PerRound) -> PerRound:
    """Subtract the line's own time from each round's; rounds where nothing is left are left out."""
    return {
        round_: figures[round_] - line[round_]
        for round_ in figures.keys() & line.keys()
        if figures[round_] > line[round_]
    }


def estimate_ratio(above: PerRound, below: PerRound, seed: int = 1, confidence: float = CONFIDENCE) -> Interval | None:
    """Estimate how many times larger one channel's latency is; None with fewer than three common rounds."""
    ratios = list(round_ratios(above, below).values())
    return None if len(ratios) < 3 else _bootstrap(np.log(ratios), seed, confidence)


def estimate_joint_ratio(
    ratios: Sequence[Mapping[int, float]], seed: int = 1, confidence: float = CONFIDENCE
) -> Interval | None:
    """Estimate one ratio for several operations: the geometric mean over them, round by round."""
    means = geometric_means(ratios)
    return None if len(means) < 3 else _bootstrap(np.log(means), seed, confidence)


def round_ratios(above: PerRound, below: PerRound) -> dict[int, float]:
    """Return each common round's ratio."""
    return {round_: above[round_] / below[round_] for round_ in sorted(above.keys() & below.keys())}


def estimate_change(
    before: Sequence[float], after: Sequence[float], seed: int = 1, confidence: float = CONFIDENCE
) -> Interval:
    """Estimate how many times larger one run's figures are than another's; each run's rounds are resampled by themselves."""
    rng = np.random.default_rng(seed)
    a, b = np.log(before), np.log(after)
    resampled = _centre(_resample(rng, b)) - _centre(_resample(rng, a))
    return _interval(float(_centre(b) - _centre(a)), resampled, confidence)


def median(values: Sequence[float]) -> float:
    """Return the median."""
    return float(np.median(values))


def geometric_means(ratios: Sequence[Mapping[int, float]]) -> list[float]:
    """Return the geometric mean over operations of each round's ratios, for the rounds that all operations have."""
    rounds = sorted(set.intersection(*(set(one) for one in ratios))) if ratios else []
    return [float(np.exp(np.mean([np.log(one[round_]) for one in ratios]))) for round_ in rounds]


def _bootstrap(logarithms: np.ndarray, seed: int, confidence: float) -> Interval:
    rng = np.random.default_rng(seed)
    return _interval(float(_centre(logarithms)), _centre(_resample(rng, logarithms)), confidence)


def _centre(values: np.ndarray) -> np.ndarray:
    """Return the interquartile mean along the last axis."""
    ordered = np.sort(values, axis=-1)
    count = ordered.shape[-1]
    return np.asarray(ordered[..., count // 4 : count - count // 4].mean(axis=-1))


def _resample(rng: np.random.Generator, values: np.ndarray) -> np.ndarray:
    """Draw rounds again, each time from all but one of them."""
    count = len(values)
    left_out = rng.integers(0, count, RESAMPLES)
    chosen = rng.integers(0, count - 1, (RESAMPLES, count))
    return np.asarray(values[chosen + (chosen >= left_out[:, None])])


def _interval(estimate: float, resampled: np.ndarray, confidence: float) -> Interval:
    low, high = np.quantile(resampled, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Interval(float(np.exp(estimate)), float(np.exp(low)), float(np.exp(high)))
