"""The only place that measures durations. It is never a source of dates.

It is in this package because `wire.split_times`, the reference, the simulators and the load driver all measure, and the
contract is the only package that they share.
"""

from __future__ import annotations

from time import perf_counter  # noqa: TID251 - the only place


def seconds() -> float:
    """Return a monotonic reading in seconds; only the difference between two readings has a meaning."""
    return perf_counter()
