"""How long calls take, as distributions: each is its quantile function, which both draws and describes. Seconds throughout."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from statistics import NormalDist
from typing import Protocol

_NORMAL = NormalDist()
_MINDST = 2.0**-53
"""The smallest lot but 0, where a normal distribution has no quantile."""
Z95 = _NORMAL.inv_cdf(0.95)


class Fordeling(Protocol):
    """A distribution of durations."""

    def fraktil(self, p: float) -> float:
        """Return the duration that a share `p` of the calls do not exceed; `p` from 0 up to 1, or a lot that was drawn."""
        ...


@dataclass(frozen=True, slots=True)
class Lognormal:
    """Around a median, with a long tail upwards: `sigma` is the standard deviation of the logarithm."""

    median: float
    sigma: float

    @classmethod
    def med_p95(cls, median: float, p95: float) -> Lognormal:
        """Make the one in which one call of twenty takes longer than `p95`."""
        return cls(median, log(p95 / median) / Z95)

    def fraktil(self, p: float) -> float:
        """As `Fordeling`."""
        return self.median * exp(self.sigma * _NORMAL.inv_cdf(max(p, _MINDST)))


@dataclass(frozen=True, slots=True)
class Jaevn:
    """Anywhere between two durations; the same twice is a fixed one."""

    lav: float
    hoej: float

    def fraktil(self, p: float) -> float:
        """As `Fordeling`."""
        return self.lav + (self.hoej - self.lav) * p
