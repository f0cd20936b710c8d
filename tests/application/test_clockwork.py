"""Due work is done in order of time, at its own instant, and the stage clock never goes backwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from support.builders import NOW, contract
from support.stores import empty_store
from vos_contracts.base.ids import new_uuid
from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.control.stage import ClockMode
from vos_contracts.tables.batch_jobs import batchjob
from vos_contracts.tables.table import Certainty, Row
from vos_reference.application.clockwork import DueWork
from vos_reference.application.nightly_run import NightlyRun
from vos_reference.application.ports import Owner, WsrmSequence
from vos_reference.application.runtime import Runtime
from vos_reference.application.wsrm_queue import LIFETIME, SequenceExpiry
from vos_reference.clock import StageClock, TimeGoesOnlyForward
from vos_reference.domain.batch_jobs import STAR
from vos_reference.domain.danish_time import DANISH_TIME, kl


class Machine:
    """A machine clock that the test sets."""

    def __init__(self, time: datetime) -> None:
        self.time = time

    def now(self) -> datetime:
        return self.time


def test_the_clock_is_not_before_what_is_stored() -> None:
    machine, year = Machine(NOW), timedelta(days=365)
    frozen, goes = StageClock(machine, NOW), StageClock(machine)
    for clock in (frozen, goes):
        clock.not_before(NOW - year)
        assert clock.now() == NOW
        clock.not_before(NOW + year)
        assert clock.now() == NOW + year
    machine.time += timedelta(hours=1)
    assert (frozen.now(), goes.now()) == (NOW + year, NOW + year + timedelta(hours=1))
    assert (frozen.state, goes.state) == (ClockMode.FROZEN, ClockMode.OFFSET)


class Source:
    """A source that is due at given instants and records the clock at each."""

    def __init__(self, name: str, clock: StageClock, *times: datetime) -> None:
        self.name = name
        self._clock = clock
        self._times = list(times)
        self.happened: list[tuple[datetime, datetime]] = []

    def next_item(self) -> datetime | None:
        return self._times[0] if self._times else None

    def carry_out(self, instant: datetime) -> Iterator[None]:
        self.happened.append((self._times.pop(0), self._clock.now()))
        yield


def finished(course: Any) -> Any:
    while True:
        try:
            next(course)
        except StopIteration as end:
            return end.value


def until(instant: datetime) -> Any:
    return lambda now: instant


def danish(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=DANISH_TIME, fold=fold)  # type: ignore[arg-type, misc]  # year, month, day, hour ...


def test_due_work_runs_in_order_of_time_at_its_own_instant() -> None:
    clock = StageClock(Machine(NOW), NOW)
    hours = [NOW + timedelta(hours=item) for item in range(6)]
    a, b = Source("a", clock, hours[1], hours[4]), Source("b", clock, hours[1], hours[2], hours[5])
    assert finished(DueWork(clock, (a, b)).set(until(hours[4]), ClockMode.FROZEN)) == {"a": 2, "b": 2}
    assert a.happened == [(hours[1], hours[1]), (hours[4], hours[4])]
    assert b.happened == [(hours[1], hours[1]), (hours[2], hours[2])]
    assert clock.now() == hours[4]
    assert DueWork(clock, (a, b)).next_item() == hours[5]


def test_overdue_work_runs_without_moving_the_clock_back() -> None:
    clock = StageClock(Machine(NOW), NOW)
    source = Source("a", clock, NOW - timedelta(days=2), NOW + timedelta(days=1))
    finished(DueWork(clock, (source,)).catch_up())
    assert source.happened == [(NOW - timedelta(days=2), NOW)]
    assert clock.now() == NOW


def test_moving_back_is_refused_before_anything_happens() -> None:
    clock = StageClock(Machine(NOW), NOW)
    source = Source("a", clock, NOW - timedelta(days=2))
    with pytest.raises(TimeGoesOnlyForward, match="uret står på 2024-11-18T09:00:00"):
        finished(DueWork(clock, (source,)).set(until(NOW - timedelta(days=1)), ClockMode.FROZEN))
    assert source.happened == []


def test_a_source_that_never_finishes_stops_the_clock_and_not_the_process() -> None:
    class Eternal(Source):
        def carry_out(self, instant: datetime) -> Iterator[None]:
            yield

    clock = StageClock(Machine(NOW), NOW)
    with pytest.raises(AssertionError, match="forever"):
        finished(DueWork(clock, (Eternal("a", clock, NOW),)).set(until(NOW), ClockMode.FROZEN))


@pytest.mark.parametrize("state", [ClockMode.OFFSET, ClockMode.FROZEN])
def test_a_failing_source_leaves_the_clock_there_in_its_former_mode(state: ClockMode) -> None:
    class Failing(Source):
        def carry_out(self, instant: datetime) -> Iterator[None]:
            raise ZeroDivisionError
            yield

    machine = Machine(NOW)
    clock = StageClock(machine)
    if state is ClockMode.FROZEN:
        clock.freeze()
    time = timedelta(hours=1)
    with pytest.raises(ZeroDivisionError):
        finished(DueWork(clock, (Failing("a", clock, NOW + time),)).set(until(NOW + 5 * time), state))
    assert (clock.now(), clock.state) == (NOW + time, state)
    machine.time += time
    assert clock.now() == NOW + (2 * time if state is ClockMode.OFFSET else time)


def test_real_offset_and_frozen() -> None:
    machine = Machine(NOW)
    clock = StageClock(machine)
    assert clock.state is ClockMode.REAL
    finished(DueWork(clock, ()).set(until(NOW + timedelta(days=1)), ClockMode.OFFSET))
    machine.time = NOW + timedelta(hours=2)
    assert (clock.now(), clock.state) == (NOW + timedelta(days=1, hours=2), ClockMode.OFFSET)
    clock.freeze()
    machine.time = NOW + timedelta(hours=9)
    assert (clock.now(), clock.state, clock.frozen) == (NOW + timedelta(days=1, hours=2), ClockMode.FROZEN, True)
    clock.go()
    assert clock.now() == NOW + timedelta(days=1, hours=2)
    with pytest.raises(TimeGoesOnlyForward):
        finished(DueWork(clock, ()).set(lambda now: clock.machine(), ClockMode.REAL))
    assert clock.state is ClockMode.OFFSET
    clock.freeze()
    machine.time = NOW + timedelta(days=3)
    finished(DueWork(clock, ()).set(lambda now: clock.machine(), ClockMode.REAL))
    assert (clock.now(), clock.state) == (machine.time, ClockMode.REAL)


def test_the_clock_stands_still_when_the_machines_is_set_back() -> None:
    machine = Machine(NOW)
    clock = StageClock(machine)
    assert clock.now() == NOW
    machine.time = NOW - timedelta(hours=1)
    assert clock.now() == NOW


def test_reset_takes_the_clock_back_to_where_the_stage_started() -> None:
    frozen = StageClock(Machine(NOW + timedelta(days=9)), NOW)
    frozen.assign(NOW + timedelta(days=400))
    frozen.reset()
    assert (frozen.now(), frozen.state) == (NOW, ClockMode.FROZEN)
    goes = StageClock(Machine(NOW))
    goes.assign(NOW + timedelta(days=1))
    goes.reset()
    assert (goes.now(), goes.state) == (NOW, ClockMode.REAL)


def test_the_hour_that_occurs_twice_is_two_hours() -> None:
    """02:10 with fold=1 is later than 02:30 with fold=0, though earlier by the wall clock."""
    first, other = danish(2024, 10, 27, 2, 30), danish(2024, 10, 27, 2, 10, fold=1)
    clock = StageClock(Machine(NOW), first)
    clock.assign(other)
    assert clock.now().astimezone(UTC) == datetime(2024, 10, 27, 1, 10, tzinfo=UTC)
    with pytest.raises(TimeGoesOnlyForward):
        clock.assign(first)


def stage(start: datetime) -> tuple[Runtime, DueWork, list[JournalEntry]]:
    entries: list[JournalEntry] = []
    clock = StageClock(Machine(start), start)
    runtime = Runtime(empty_store(), clock, new_uuid, contract(), contract().releases["2024-4"], None, entries.append)
    nights = NightlyRun(runtime)
    nights.begin()
    return runtime, DueWork(clock, (nights, SequenceExpiry(runtime))), entries


def nights(entries: list[JournalEntry]) -> list[datetime]:
    return [entry.instant for entry in entries if entry.kind is EntryType.RUN]


@pytest.mark.parametrize(
    ("since", "until_", "utc"),
    [
        # summer time ends: the night has 25 hours, and the jobs run once
        (danish(2024, 10, 26, 9), danish(2024, 10, 28, 9), [(2024, 10, 26, 23), (2024, 10, 28, 0)]),
        # summer time begins: the night has 23 hours, and the jobs run
        (danish(2025, 3, 29, 9), danish(2025, 3, 31, 9), [(2025, 3, 30, 0), (2025, 3, 30, 23)]),
        # New Year
        (danish(2024, 12, 31, 9), danish(2025, 1, 2, 0, 59), [(2025, 1, 1, 0)]),
        # just before and at 01:00
        (danish(2024, 11, 18, 0, 59), danish(2024, 11, 18, 0, 59, 59), []),
        (danish(2024, 11, 18, 0, 59), danish(2024, 11, 18, 1), [(2024, 11, 18, 0)]),
        (danish(2024, 11, 18, 1), danish(2024, 11, 18, 23, 59, 59), []),
        # past midnight, but before the hour of the jobs
        (danish(2024, 11, 18, 23, 59), danish(2024, 11, 19, 0, 30), []),
        # a leap day
        (danish(2024, 2, 28, 9), danish(2024, 3, 1, 9), [(2024, 2, 29, 0), (2024, 3, 1, 0)]),
    ],
)
def test_every_danish_night_runs_exactly_once(
    since: datetime, until_: datetime, utc: list[tuple[int, int, int, int]]
) -> None:
    runtime, clockwork, entries = stage(since)
    finished(clockwork.set(until(until_), ClockMode.FROZEN))
    assert [night.astimezone(UTC) for night in nights(entries)] == [datetime(*parts, tzinfo=UTC) for parts in utc]
    finished(clockwork.catch_up())
    assert len(nights(entries)) == len(utc)
    assert runtime.clock.now() == until_


def test_a_year_has_as_many_nights_as_days_in_one_jump_or_many() -> None:
    start = danish(2024, 3, 1, 9)
    _, in_one_jump, entries = stage(start)
    finished(in_one_jump.set(until(danish(2025, 3, 1, 9)), ClockMode.FROZEN))
    assert len(nights(entries)) == 365
    _, in_many_jumps, others = stage(start)
    for number in range(1, 366 * 3):
        time = (start.astimezone(UTC) + timedelta(hours=8 * number)).astimezone(DANISH_TIME)
        if time <= danish(2025, 3, 1, 9):
            finished(in_many_jumps.set(until(time), ClockMode.FROZEN))
    assert nights(others) == nights(entries)


@pytest.mark.parametrize("summer_time", [True, False])
def test_a_sequence_lives_sixty_real_minutes_across_a_clock_change(summer_time: bool) -> None:
    opened = danish(2024, 10, 27, 2, 30) if summer_time else danish(2025, 3, 30, 1, 30)
    runtime, clockwork, _ = stage(opened)
    with runtime.store.transaction() as t:
        t.create_sequence(WsrmSequence("s", Owner(STAR, 0), "", opened), 500)
    time = opened.astimezone(UTC) + LIFETIME
    assert finished(clockwork.set(until(time), ClockMode.FROZEN)) == {}
    assert finished(clockwork.set(until(time + timedelta(seconds=1)), ClockMode.FROZEN)) == {"sequence_expiry": 1}
    with runtime.store.reading() as t:
        assert t.find_sequence("s") is None


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ([("a", "1", "02:30")], "the clock is changed"),
        ([("a", "1", "02:00")], "the clock is changed"),
        ([("a", "1", "01:00"), ("b", "2", "03:00")], "the same for all"),
        ([("a", "1", "01:00"), ("b", "1", "01:00")], "the same place"),
        ([("a", "1", "25:00")], "hour must be in"),
    ],
)
def test_an_hour_that_does_not_exist_once_a_night_is_refused(cells: list[tuple[str, str, str]], rule: str) -> None:
    table = {
        (code,): Row({"code": code, "name": code, "order": order, "clock_time": clock_time}, "k", Certainty.ASSUMED)
        for code, order, clock_time in cells
    }
    with pytest.raises(ValueError, match=rule):
        batchjob(table)


def test_the_shipped_hour_exists_once_in_every_night_of_a_century() -> None:
    clock_time = contract().batchjob[0].clock_time
    for number in range(36525):
        day = date(2000, 1, 1) + timedelta(days=number)
        first, other = kl(day, clock_time), kl(day, clock_time).replace(fold=1)
        assert first.utcoffset() == other.utcoffset()
        assert first.astimezone(UTC).astimezone(DANISH_TIME).time() == clock_time
