"""When calls are due: the day's curve as rates, and arrivals that nobody's answer holds back.

Pure: chance comes in as a generator. Source of the number of calls: the epic's paragraph on the SOAP services' load.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from vos_load.profil import Rate

SKRIDT_S = 1.0
"""Arrivals are drawn for this long at a time, with the rate at its middle."""


def rate(r: Rate, sekunder: float, t: float) -> float:
    """Return how many calls a second are due, `t` seconds into a run of that length."""
    naaet = min(max(t / sekunder, 0.0), 1.0 - 1e-9)
    time = int(r.from_hour + naaet * (r.to_hour - r.from_hour))
    return r.calls_per_month / r.working_days * r.hours[time] / 3600 * r.times[int(naaet * len(r.times))]


def ventede(r: Rate, sekunder: float) -> float:
    """Return how many calls are due in all."""
    skridt = max(int(sekunder / SKRIDT_S), 1)
    bredde = sekunder / skridt
    return sum(rate(r, sekunder, (nummer + 0.5) * bredde) * bredde for nummer in range(skridt))


def ankomster(r: Rate, sekunder: float, lod: np.random.Generator, andel: float = 1.0) -> Iterator[float]:
    """Draw when each call is due, in seconds from the beginning, in order: a Poisson process with the curve's rate.

    `andel` is the part of the traffic that this process makes.
    """
    skridt = max(int(sekunder / SKRIDT_S), 1)
    bredde = sekunder / skridt
    for nummer in range(skridt):
        antal = lod.poisson(rate(r, sekunder, (nummer + 0.5) * bredde) * bredde * andel)
        yield from sorted(float(en) for en in nummer * bredde + lod.random(antal) * bredde)
