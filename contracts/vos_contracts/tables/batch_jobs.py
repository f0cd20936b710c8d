"""The nightly jobs: what each is called, in which order they run, and when in the night (epic AC 1005.17.28.16).

The hour exists exactly once in every night: between two and three the clock is changed, in spring past it and in autumn
back over it. One o'clock is after midnight, so the day is the new one, and before the change, so its offset is midnight's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from vos_contracts.tables.table import Table

CHANGED = (time(2), time(3))
"""The hour that does not exist, or exists twice, in the two nights when the clock is changed."""


@dataclass(frozen=True, slots=True)
class Batchjob:
    """One nightly job; `clock_time` is Danish time."""

    code: str
    name: str
    order: int
    clock_time: time


def batchjob(table: Table) -> Sequence[Batchjob]:
    """Read the jobs in the order they run; errors: ValueError for an hour that cannot be, or more than one."""
    job = [
        Batchjob(row["code"], row["name"], int(row["order"]), time.fromisoformat(row["clock_time"]))
        for row in table.values()
    ]
    if len({item.clock_time for item in job}) != 1:
        raise ValueError(
            "batchjob.clock_time: the jobs run one after the other in one run, so the hour is the same for all"
        )
    if CHANGED[0] <= job[0].clock_time < CHANGED[1]:
        raise ValueError(
            "batchjob.clock_time: between 02:00 and 03:00 the clock is changed; the hour must exist once a night"
        )
    if len({item.order for item in job}) != len(job):
        raise ValueError("batchjob.order: two jobs cannot have the same place")
    return sorted(job, key=lambda item: item.order)
