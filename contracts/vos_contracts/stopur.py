"""The one place that measures durations; never a source of dates."""

from __future__ import annotations

from time import perf_counter  # noqa: TID251 - the one place


def nu() -> float:
    """Return a reading in seconds that only differences make sense of."""
    return perf_counter()
