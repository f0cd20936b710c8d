"""The one place that measures durations; never a source of dates.

It stands in the contract's package because the wire (`wire.split_times`) and the packages that see nothing but the contract
(reference, simulators, load) all measure.
"""

from __future__ import annotations

from time import perf_counter  # noqa: TID251 - the one place


def seconds() -> float:
    """Return a reading in seconds; only the difference of two readings means anything."""
    return perf_counter()
