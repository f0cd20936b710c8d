"""The time operations of the control API: the clock, the nightly jobs, and a change of CPR number."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import isodate
import msgspec

from vos_contracts.control import stage
from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.control.stage import ClockMode
from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError
from vos_contracts.wire.asgi.body import require_unambiguous
from vos_contracts.wire.base import Call, RemoteWireError, Response
from vos_contracts.wire.instants import in_calendar
from vos_reference.application import batch
from vos_reference.application.clockwork import DueWork, Target
from vos_reference.application.cpr_change import change_cpr
from vos_reference.application.delivery import Quiet
from vos_reference.application.ports import BatchRun, JobCounts, RunStatus
from vos_reference.application.runtime import Runtime
from vos_reference.application.turns import ClockTurns, TakesTurns
from vos_reference.clock import TimeGoesOnlyForward
from vos_reference.domain.batch_jobs import Job
from vos_reference.domain.danish_time import DANISH_TIME, danish_day, later
from vos_reference.domain.decision import Refused

_PATTERN = re.compile(r"P(?=.)([^T]*)(?:T(.+))?")
RULE = "skal være et antal sekunder eller en ISO 8601-varighed som P1D eller PT2H, og ikke negativ"


class InvalidDuration(ValueError):
    """The duration is unreadable, negative, or leads beyond the calendar; the message is the rule."""


def forward(instant: datetime, duration: float | str) -> datetime:
    """Return the instant that much later in Danish time.

    Years, months, weeks and days follow the calendar: a day later is the same hour, also across a change to or from summer
    time. Hours, minutes and seconds are real time.

    Raises:
        InvalidDuration: the duration is unreadable, negative, or leads beyond the calendar.
    """
    try:
        if not isinstance(duration, str):
            return _add_seconds(instant, duration)
        match = _PATTERN.fullmatch(duration)
        if match is None:
            raise InvalidDuration(RULE)
        calendar = isodate.parse_duration(f"P{match[1] or '0D'}", as_timedelta_if_possible=False)
        wall = instant.astimezone(DANISH_TIME).replace(tzinfo=None, fold=0)
        shifted: datetime = wall + calendar
        if shifted < wall:
            raise InvalidDuration(RULE)
        moved = (
            instant if shifted == wall else shifted.replace(tzinfo=DANISH_TIME).astimezone(UTC).astimezone(DANISH_TIME)
        )
        return _add_seconds(moved, isodate.parse_duration(f"PT{match[2]}").total_seconds() if match[2] else 0)
    except (isodate.ISO8601Error, ValueError, OverflowError, TypeError) as exc:
        raise InvalidDuration(RULE) from exc


def _add_seconds(instant: datetime, seconds: float) -> datetime:
    if seconds < 0:
        raise InvalidDuration(RULE)
    result = later(instant, timedelta(seconds=seconds))
    if not in_calendar(result):
        raise InvalidDuration(RULE)
    return result


MOVED = "pegepinden er flyttet: det gamle nummer svarer 4404, og det nye har alt, også historikken"
NOT_MOVED = "i udgave {} flyttes pegepinden ikke i dette domæne (det sker fra 2024-4); intet er ændret"

Dto = TypeVar("Dto")
StatusResponse = Callable[[Mapping[str, int]], Awaitable[Response]]


class TimeEdge:
    """The endpoints; `status` makes the status response, with the work that fell due while the clock moved."""

    def __init__(
        self,
        runtime: Runtime,
        clockwork: DueWork,
        clock: ClockTurns,
        turns: TakesTurns,
        events: Quiet,
        status: StatusResponse,
        *,
        allow_real_cpr: bool,
    ) -> None:
        self._runtime = runtime
        self._clockwork = clockwork
        self._clock = clock
        self._turns = turns
        self._events = events
        self._status = status
        self._allow_real_cpr = allow_real_cpr

    async def clock(self, call: Call, path: dict[str, str]) -> Response:
        """Move the clock, carry out the work that falls due on the way, and answer when it is done."""
        wish = read(call, stage.ClockDto)
        async with self._clock.alone():
            try:
                fell_due = await self._clock.carry_out(self._clockwork.set(*self._target(wish)))
            except InvalidDuration as exc:
                raise _invalid(f"forward: {exc}") from exc
            except TimeGoesOnlyForward as exc:
                raise _invalid(f"{'state' if wish.instant is None else 'instant'}: {exc}") from exc
            await self._events.until_quiet()  # once, at the end: a broker follows the machine's clock
            await self._turns.run(self._note_clock)
            data = {"clock": self._runtime.clock.now().isoformat(), "state": self._runtime.clock.state.value}
            self._runtime.journal(JournalEntry(kind=EntryType.CLOCK, instant=self._runtime.clock.now(), data=data))
            return await self._status(fell_due)

    def _note_clock(self) -> None:
        with self._runtime.store.transaction() as t:
            t.clock_reached(self._runtime.clock.now())

    async def batch(self, call: Call, path: dict[str, str]) -> Response:
        """Run the nightly jobs now and answer with the report; an interrupted run is finished first."""
        wish = read(call, stage.BatchDto) if call.body else stage.BatchDto()
        async with self._clock.alone():
            now = self._runtime.clock.now()
            if wish.day not in (None, danish_day(now)):
                raise _invalid(f"day: scenen er på {danish_day(now)}; stil uret frem for at køre en senere dags job")
            interrupted = batch.is_open(self._runtime)
            if interrupted is not None:
                await self._clock.carry_out(batch.execute(self._runtime, interrupted))
            run = await self._turns.run(lambda: batch.begin(self._runtime, wish.kind, now))
            return json_response(self._run_dto(await self._clock.carry_out(batch.execute(self._runtime, run))))

    async def show_batch(self, call: Call, path: dict[str, str]) -> Response:
        """Answer with the progress of the running batch or the report of the last one; null if there is none."""
        with self._runtime.store.reading() as t:
            run = t.latest_run()
        shown = run if run is not None and run.status is not RunStatus.BEFORE_STAGE else None
        return json_response(None if shown is None else self._run_dto(shown))

    async def cpr_change(self, call: Call, path: dict[str, str]) -> Response:
        """Change a CPR number according to the release of the stage."""
        wish = read(call, stage.CprChangeDto)
        changed = await self._turns.run(
            lambda: change_cpr(self._runtime, wish.old, wish.new_one, allow_real_cpr=self._allow_real_cpr)
        )
        if isinstance(changed, Refused):
            raise RemoteWireError(*changed.errors, status=400)
        explanation = MOVED if changed.moved else NOT_MOVED.format(self._runtime.release.name)
        return json_response(
            stage.CprChangeResponseDto(moved=changed.moved, explanation=explanation, messages=changed.messages)
        )

    def _target(self, wish: stage.ClockDto) -> tuple[Target, ClockMode]:
        """Return the function that computes the new time, and the mode of the clock after it."""
        clock, instant, duration = self._runtime.clock, wish.instant, wish.forward
        if instant is None and duration is None and wish.state is None:
            raise _invalid("angiv instant, forward eller state")
        if instant is not None and (instant.tzinfo is None or not in_calendar(instant)):
            raise _invalid("instant: skal være en date-time med offset")
        if wish.state is ClockMode.REAL:
            if instant is not None or duration is not None:
                raise _invalid("state: real følger maskinens ur; angiv hverken instant eller forward")
            return lambda now: clock.machine(), ClockMode.REAL
        default_mode = ClockMode.FROZEN if clock.frozen or instant is not None else ClockMode.OFFSET

        def target(now: datetime) -> datetime:
            start = instant or now
            return start if duration is None else forward(start, duration)

        return target, wish.state or default_mode

    def _run_dto(self, run: BatchRun) -> stage.RunDto:
        none = JobCounts()
        counts = [(job, run.number.get(Job(job.code), none)) for job in self._runtime.contract.batchjob]
        return stage.RunDto(
            id=run.id,
            day=run.day,
            kind=run.kind,
            instant=run.instant.astimezone(UTC),
            nightly=run.nightly,
            finished=run.status is RunStatus.FINISHED,
            total=run.total,
            seen=run.seen,
            changed=run.changed,
            seconds=round(run.seconds, 6),
            job=tuple(
                stage.JobCountsDto(job=job.code, name=job.name, seen=job_counts.seen, changed=job_counts.changed)
                for job, job_counts in counts
            ),
        )


def read(call: Call, dto: type[Dto]) -> Dto:
    """Decode a body.

    Raises:
        RemoteWireError: the body does not fit the DTO; the message names the field and the rule.
    """
    try:
        decoded = msgspec.json.decode(call.body, type=dto)
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise _invalid(str(exc)) from exc
    require_unambiguous(call.body)
    return decoded


def json_response(content: object) -> Response:
    """Make a 200 response with the content as JSON."""
    return Response(200, {"content-type": "application/json"}, msgspec.json.encode(content))


def _invalid(rule: str) -> RemoteWireError:
    return RemoteWireError(ServiceError(INVALID_REQUEST, rule))
