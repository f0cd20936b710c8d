"""Distributions of response times, given by their quantile functions; all durations are seconds. Seeded random numbers."""

from __future__ import annotations

import random  # noqa: TID251 - the only place
from collections.abc import Callable
from dataclasses import dataclass
from math import exp, log
from statistics import NormalDist
from typing import Protocol

_NORMAL = NormalDist()
_SMALLEST_P = 2.0**-53
"""The smallest random number above 0: at 0 a normal distribution has no quantile."""
Z95 = _NORMAL.inv_cdf(0.95)

Uniform = Callable[[], float]
"""A stream of uniform random numbers in [0, 1)."""


def uniform_stream(seed: str) -> Uniform:
    """Return a stream of random numbers that depends on nothing but the seed."""
    return random.Random(seed).random


class Distribution(Protocol):
    """A distribution of durations."""

    def quantile(self, p: float) -> float:
        """Return the duration that a share `p` in [0, 1) of the calls do not exceed; a random `p` draws a sample."""
        ...


@dataclass(frozen=True, slots=True)
class Lognormal:
    """A log-normal distribution; `sigma` is the standard deviation of the logarithm."""

    median: float
    sigma: float

    @classmethod
    def with_p95(cls, median: float, p95: float) -> Lognormal:
        """Return the distribution with this median and this 95th percentile."""
        return cls(median, log(p95 / median) / Z95)

    def quantile(self, p: float) -> float:
        """Return the quantile, see `Distribution`."""
        return self.median * exp(self.sigma * _NORMAL.inv_cdf(max(p, _SMALLEST_P)))


@dataclass(frozen=True, slots=True)
class UniformDistribution:
    """A uniform distribution between two durations; a fixed duration if they are equal."""

    low: float
    high: float

    def quantile(self, p: float) -> float:
        """Return the quantile, see `Distribution`."""
        return self.low + (self.high - self.low) * p
