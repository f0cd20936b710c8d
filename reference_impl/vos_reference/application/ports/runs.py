"""A run of the nightly jobs as a value: which day, how far it has come, and what each job has looked at and changed.

Its progress is stored in the same transaction as what it changed, so that a run that was killed goes on where it was.
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


class Status(StrEnum):
    """How far a run has come; the nights before the stage began are nobody's to run."""

    RUNNING = "running"
    FINISHED = "finished"
    BEFORE_STAGE = "before_stage"


@dataclass(frozen=True, slots=True)
class JobCounts:
    """What one job has looked at and changed."""

    seen: int = 0
    changed: int = 0

    def plus(self, seen: int = 1, changed: int = 0) -> JobCounts:
        """Count more citizens."""
        return JobCounts(self.seen + seen, self.changed + changed)


@dataclass(frozen=True, slots=True)
class Run:
    """One run; `instant` is the instant of its decisions, also when it is carried out or resumed later.

    `cursor` is the last citizen (full) or the job it has come to (delta); `total` is how many it set out to look at.
    """

    id: str
    day: date
    kind: RunKind
    instant: datetime
    nightly: bool
    status: Status = Status.RUNNING
    cursor: str = ""
    total: int = 0
    seen: int = 0
    seconds: float = 0.0
    number: Mapping[Job, JobCounts] = field(default_factory=dict)

    @property
    def changed(self) -> int:
        """How many changes it has made."""
        return sum(number.changed for number in self.number.values())

    def with_seen(self, job: Job, *, changed: bool) -> Run:
        """Count a citizen that a job has looked at."""
        return replace(self, number={**self.number, job: self.number.get(job, JobCounts()).plus(changed=int(changed))})

    def with_unchanged(self, job: Iterable[Job], count: int) -> Run:
        """Count citizens that every job has looked at and none has changed."""
        return replace(
            self, number={**self.number, **{item: self.number.get(item, JobCounts()).plus(count) for item in job}}
        )


class RunTransaction(Protocol):
    """The nightly jobs' part of one transaction: the runs, and for whom a job falls due."""

    def due(self, job: Job, day: date, count: int) -> Sequence[Person]:
        """List citizens for whom that job falls due on that day or before, the longest due first."""
        ...

    def count_due(self, job: Job, day: date) -> int:
        """Count citizens for whom that job falls due on that day or before."""
        ...

    def save_run(self, run: Run) -> None:
        """Store a run as it now stands, new or begun before."""
        ...

    def latest_run(self) -> Run | None:
        """Return the run that was begun last, if any; only that one can be unfinished."""
        ...

    def latest_night(self) -> date | None:
        """Return the latest day whose nightly run is begun, or that lies before the stage."""
        ...
