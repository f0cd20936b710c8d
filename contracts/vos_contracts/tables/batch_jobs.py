"""The nightly jobs: their names, their order and the time they run (epic AC 1005.17.28.16).

The time must exist exactly once in every night. Between 02:00 and 03:00 it does not, because daylight saving time begins and
ends there. At 01:00 the new day has begun, and the UTC offset is the same as at midnight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from vos_contracts.tables.table import Table

CHANGED = (time(2), time(3))
"""The hour that is skipped or repeated when daylight saving time begins or ends."""


@dataclass(frozen=True, slots=True)
class Batchjob:
    """One nightly job; `clock_time` is in Danish time."""

    code: str
    name: str
    order: int
    clock_time: time


def batchjob(table: Table) -> Sequence[Batchjob]:
    """Read the jobs in the order they run.

    Raises:
        ValueError: the hour is invalid, jobs have different hours, or two jobs share a place in the order.
    """
    jobs = [
        Batchjob(row["code"], row["name"], int(row["order"]), time.fromisoformat(row["clock_time"]))
        for row in table.values()
    ]
    if len({job.clock_time for job in jobs}) != 1:
        raise ValueError("batchjob.clock_time: all jobs run in one run, so the time must be the same for all")
    if CHANGED[0] <= jobs[0].clock_time < CHANGED[1]:
        raise ValueError(
            "batchjob.clock_time: must not be between 02:00 and 03:00, when the clock is changed for daylight saving time"
        )
    if len({job.order for job in jobs}) != len(jobs):
        raise ValueError("batchjob.order: two jobs have the same place")
    return sorted(jobs, key=lambda job: job.order)
