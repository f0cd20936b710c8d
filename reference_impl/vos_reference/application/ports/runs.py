"""A run of the nightly jobs as a value: which day, how far it has come, and what each job has looked at and changed.

Its progress is stored in the same transaction as what it changed, so that a run that was killed goes on where it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from vos_contracts.control.stage import Koerselsart
from vos_reference.domain.batchjob import Job
from vos_reference.domain.person import Person


class Status(StrEnum):
    """How far a run has come; the nights before the stage began are nobody's to run."""

    I_GANG = "i_gang"
    FAERDIG = "faerdig"
    FOER_SCENEN = "foer_scenen"


@dataclass(frozen=True, slots=True)
class Jobtal:
    """What one job has looked at and changed."""

    sete: int = 0
    aendrede: int = 0

    def plus(self, sete: int = 1, aendrede: int = 0) -> Jobtal:
        """Count more citizens."""
        return Jobtal(self.sete + sete, self.aendrede + aendrede)


@dataclass(frozen=True, slots=True)
class Koersel:
    """One run; `tidspunkt` is the instant of its decisions, also when it is carried out or resumed later.

    `markoer` is the last citizen (full) or the job it has come to (delta); `i_alt` is how many it set out to look at.
    """

    id: str
    dag: date
    art: Koerselsart
    tidspunkt: datetime
    natlig: bool
    status: Status = Status.I_GANG
    markoer: str = ""
    i_alt: int = 0
    sete: int = 0
    sekunder: float = 0.0
    tal: Mapping[Job, Jobtal] = field(default_factory=dict)

    @property
    def aendrede(self) -> int:
        """How many changes it has made."""
        return sum(tal.aendrede for tal in self.tal.values())

    def med_tal(self, job: Job, *, aendret: bool) -> Koersel:
        """Count a citizen that a job has looked at."""
        return replace(self, tal={**self.tal, job: self.tal.get(job, Jobtal()).plus(aendrede=int(aendret))})

    def set_af_alle(self, job: Iterable[Job], antal: int) -> Koersel:
        """Count citizens that every job has looked at and none has changed."""
        return replace(self, tal={**self.tal, **{en: self.tal.get(en, Jobtal()).plus(antal) for en in job}})


class RunTransaction(Protocol):
    """The nightly jobs' part of one transaction: the runs, and for whom a job falls due."""

    def forfaldne(self, job: Job, dag: date, antal: int) -> Sequence[Person]:
        """List citizens for whom that job falls due on that day or before, the longest due first."""
        ...

    def antal_forfaldne(self, job: Job, dag: date) -> int:
        """Count citizens for whom that job falls due on that day or before."""
        ...

    def gem_koersel(self, koersel: Koersel) -> None:
        """Store a run as it now stands, new or begun before."""
        ...

    def seneste_koersel(self) -> Koersel | None:
        """Return the run that was begun last, if any; only that one can be unfinished."""
        ...

    def seneste_nat(self) -> date | None:
        """Return the latest day whose nightly run is begun, or that lies before the stage."""
        ...
