"""The schedule of the nightly jobs: every Danish night at the hour of the table; missed nights run one by one, in order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from vos_contracts.control.stage import RunKind
from vos_reference.application import batch
from vos_reference.application.ports import BatchRun, RunStatus
from vos_reference.application.runtime import Runtime
from vos_reference.domain.danish_time import danish_day, kl

_DAY = timedelta(days=1)


class NightlyRun:
    """The nights as a `clockwork.Source`; an interrupted run is due at once, at its own instant."""

    name = "nightly_run"

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._clock_time = runtime.contract.batchjob[0].clock_time

    def begin(self) -> None:
        """Mark, in an empty store, the latest night as before the stage, so that it is not caught up; idempotent."""
        now = self._runtime.clock.now()
        day = danish_day(now)
        if kl(day, self._clock_time).astimezone(UTC) > now.astimezone(UTC):
            day -= _DAY
        with self._runtime.store.transaction() as t:
            if t.latest_night() is None:
                t.save_run(
                    BatchRun(self._runtime.ids(), day, RunKind.DELTA, now, nightly=True, status=RunStatus.BEFORE_STAGE)
                )

    def next_item(self) -> datetime | None:
        """Return the instant of the interrupted run, or of the night after the latest one."""
        interrupted = batch.is_open(self._runtime)
        if interrupted is not None:
            return interrupted.instant
        with self._runtime.store.reading() as t:
            night = t.latest_night()
        return None if night is None else kl(night + _DAY, self._clock_time)

    def carry_out(self, instant: datetime) -> Iterator[object]:
        """Resume the interrupted run, or run that night."""
        interrupted = batch.is_open(self._runtime)
        run = interrupted or batch.begin(self._runtime, RunKind.DELTA, instant, nightly=True)
        yield from batch.execute(self._runtime, run)
