"""When calls are due: the profile's curve as calls a second, and arrivals that no answer holds back.

Pure: chance comes in as a generator. Source of the number of calls: the epic's paragraph on the SOAP services' load.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from vos_load.load_profile import ArrivalRate

STEP_S = 1.0
"""Arrivals are drawn for this long at a time, with the rate at its middle."""


def rate_at(rate: ArrivalRate, seconds: float, t: float) -> float:
    """Return how many calls a second are due, `t` seconds into a run of `seconds`."""
    progress = min(max(t / seconds, 0.0), 1.0 - 1e-9)
    hour = int(rate.from_hour + progress * (rate.to_hour - rate.from_hour))
    step = rate.times[int(progress * len(rate.times))]
    return rate.calls_per_month / rate.working_days * rate.hours[hour] / 3600 * step


def peak_rate(rate: ArrivalRate, seconds: float) -> float:
    """Return the highest number of calls a second in a run of `seconds`."""
    return max(rate_at(rate, seconds, middle) for middle, _ in _steps(seconds))


def expected_calls(rate: ArrivalRate, seconds: float) -> float:
    """Return how many calls are due in a run of `seconds`, on average."""
    return sum(rate_at(rate, seconds, middle) * width for middle, width in _steps(seconds))


def draw_arrivals(rate: ArrivalRate, seconds: float, rng: np.random.Generator, share: float = 1.0) -> Iterator[float]:
    """Draw when each call is due, in seconds from the start and in order: a Poisson process with `share` of the rate."""
    for middle, width in _steps(seconds):
        count = rng.poisson(rate_at(rate, seconds, middle) * width * share)
        yield from sorted(float(t) for t in middle - width / 2 + rng.random(count) * width)


def _steps(seconds: float) -> Iterator[tuple[float, float]]:
    """Cut a run into steps of about a second: the middle and the width of each."""
    count = max(int(seconds / STEP_S), 1)
    width = seconds / count
    return (((number + 0.5) * width, width) for number in range(count))
