"""How long calls take, as distributions: each is its quantile function, which both draws and describes. Seconds throughout."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from statistics import NormalDist
from typing import Protocol

_NORMAL = NormalDist()
_AT_LEAST = 2.0**-53
"""The smallest lot but 0, where a normal distribution has no quantile."""
Z95 = _NORMAL.inv_cdf(0.95)


class Distribution(Protocol):
    """A distribution of durations."""

    def quantile(self, p: float) -> float:
        """Return the duration that a share `p` of the calls do not exceed; `p` from 0 up to 1, or a lot that was drawn."""
        ...


@dataclass(frozen=True, slots=True)
class Lognormal:
    """Around a median, with a long tail upwards: `sigma` is the standard deviation of the logarithm."""

    median: float
    sigma: float

    @classmethod
    def with_p95(cls, median: float, p95: float) -> Lognormal:
        """Make the one in which one call of twenty takes longer than `p95`."""
        return cls(median, log(p95 / median) / Z95)

    def quantile(self, p: float) -> float:
        """As `Distribution`."""
        return self.median * exp(self.sigma * _NORMAL.inv_cdf(max(p, _AT_LEAST)))


@dataclass(frozen=True, slots=True)
class Even:
    """Anywhere between two durations; the same twice is a fixed one."""

    make: float
    high: float

    def quantile(self, p: float) -> float:
        """As `Distribution`."""
        return self.make + (self.high - self.make) * p
