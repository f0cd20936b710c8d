"""A run of the nightly jobs: its day, its progress, and the counts of each job.

The progress is stored in the same transaction as the changes, so that a killed run resumes where it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from vos_contracts.control.stage import RunKind
from vos_reference.domain.batch_jobs import Job
from vos_reference.domain.person import Person


class RunStatus(StrEnum):
    """The status of a run; BEFORE_STAGE marks the latest night before the stage began, which is never run."""

    RUNNING = "running"
    FINISHED = "finished"
    BEFORE_STAGE = "before_stage"


@dataclass(frozen=True, slots=True)
class JobCounts:
    """The number of citizens that one job has processed (`seen`) and changed."""

    seen: int = 0
    changed: int = 0

    def plus(self, seen: int = 1, changed: int = 0) -> JobCounts:
        """Return the counts increased."""
        return JobCounts(self.seen + seen, self.changed + changed)


@dataclass(frozen=True, slots=True)
class BatchRun:
    """One run; `instant` is the time of its decisions, also when it is executed or resumed later.

    `cursor` is the last citizen's id (full) or the present job (delta); `total` is the number of citizens to process, `seen`
    those processed, and `number` the counts by job. `nightly` is false for a run started by the control API.
    """

    id: str
    day: date
    kind: RunKind
    instant: datetime
    nightly: bool
    status: RunStatus = RunStatus.RUNNING
    cursor: str = ""
    total: int = 0
    seen: int = 0
    seconds: float = 0.0
    number: Mapping[Job, JobCounts] = field(default_factory=dict)

    @property
    def changed(self) -> int:
        """The number of changes by all jobs."""
        return sum(number.changed for number in self.number.values())

    def with_seen(self, job: Job, *, changed: bool) -> BatchRun:
        """Return the run with one more citizen processed by the job."""
        return replace(self, number={**self.number, job: self.number.get(job, JobCounts()).plus(changed=int(changed))})

    def with_unchanged(self, job: Iterable[Job], count: int) -> BatchRun:
        """Return the run with `count` more citizens processed by every job in `job` and changed by none."""
        return replace(
            self, number={**self.number, **{item: self.number.get(item, JobCounts()).plus(count) for item in job}}
        )


class RunTransaction(Protocol):
    """The part of a transaction for the nightly jobs: the runs, and the citizens for whom a job is due."""

    def due(self, job: Job, day: date, count: int) -> Sequence[Person]:
        """List at most `count` citizens for whom the job is due on the day or before, the longest due first."""
        ...

    def count_due(self, job: Job, day: date) -> int:
        """Count the citizens for whom the job is due on the day or before."""
        ...

    def save_run(self, run: BatchRun) -> None:
        """Store a run, new or changed."""
        ...

    def latest_run(self) -> BatchRun | None:
        """Return the run that was begun last, or None; only that one can be unfinished."""
        ...

    def latest_night(self) -> date | None:
        """Return the latest day with a nightly run, begun or marked as before the stage."""
        ...
