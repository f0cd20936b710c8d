"""The batch runner: delta and full runs agree, the report adds up, and an interrupted run resumes where it was."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from support.builders import NOW, contract
from support.crowd import DAY, FIRST_NIGHT, people, settle
from support.stores import empty_store
from vos_contracts.base.ids import new_uuid
from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.control.stage import ClockMode, RunKind
from vos_reference.adapters.sqlite.transaction import SqliteTransaction
from vos_reference.application import batch
from vos_reference.application.clockwork import DueWork
from vos_reference.application.nightly_run import NightlyRun
from vos_reference.application.ports import BatchRun, Envelope, JobCounts, RunStatus, Store, StoreUnavailable
from vos_reference.application.runtime import Runtime
from vos_reference.clock import StageClock, SystemClock
from vos_reference.domain.batch_jobs import Job
from vos_reference.domain.person import Person

NIGHTS = [FIRST_NIGHT + timedelta(days=number) for number in range(4)]


def make_runtime(store: Store, entries: list[JournalEntry] | None = None) -> Runtime:
    k = contract()
    journal: Any = (lambda entry: None) if entries is None else entries.append
    return Runtime(store, StageClock(SystemClock(), NOW), new_uuid, k, k.releases["2024-4"], None, journal)


def execute(runtime: Runtime, kind: RunKind, night: int = 0) -> BatchRun:
    return finished(batch.execute(runtime, batch.is_open(runtime) or batch.begin(runtime, kind, NIGHTS[night])))


def finished(course: Any) -> Any:
    while True:
        try:
            next(course)
        except StopIteration as end:
            return end.value


def one_chunk(runtime: Runtime, run: BatchRun) -> None:
    next(step for step in batch.execute(runtime, run) if isinstance(step, BatchRun))


def without_new_ids(person: Person) -> Person:
    """Return the citizen with every id generated during the run replaced by "new"."""
    old = {row.id for row in next(item for item in people(int(person.id[1:]) + 1) if item.id == person.id).history}
    return replace(person, history=tuple(row if row.id in old else replace(row, id="new") for row in person.history))


def state(store: Store) -> tuple[list[Person], list[int]]:
    with store.reading() as t:
        citizens = [without_new_ids(person) for person in t.people_after("", 10_000)]
        return citizens, [t.count_due(job, DAY + timedelta(days=90)) for job in Job]


def messages(file: Path) -> Counter[tuple[str, str, int, str, str]]:
    with sqlite3.connect(file) as db:
        rows = db.execute(
            "SELECT message_type, organisation_code, json_extract(body, '$.type'), json_extract(body, '$.cpr'),"
            " json_extract(body, '$.registrant.user.name') FROM message"
        ).fetchall()
    db.close()
    return Counter(rows)


def test_delta_and_full_runs_give_the_same_night_by_night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "CHUNK", 7)
    outcomes = []
    for kind in RunKind:
        store = empty_store(tmp_path / f"{kind}.db")
        settle(store, 100)
        runs = [execute(make_runtime(store), kind, night) for night in range(4)]
        outcomes.append((state(store), messages(tmp_path / f"{kind}.db"), [run.changed for run in runs]))
        store.close()
    assert outcomes[0] == outcomes[1]
    assert outcomes[0][2] == [28, 21, 21, 0]


def test_running_twice_changes_nothing_more(tmp_path: Path) -> None:
    store = empty_store(tmp_path / "g.db")
    settle(store, 50)
    runtime = make_runtime(store)
    execute(runtime, RunKind.FULL)
    before = state(store), messages(tmp_path / "g.db")
    for kind in RunKind:
        assert execute(runtime, kind).changed == 0
        assert (state(store), messages(tmp_path / "g.db")) == before
    store.close()


def test_the_report_counts_by_job_and_gives_the_duration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "CHUNK", 7)
    times = iter(range(1000))
    monkeypatch.setattr(batch.stopwatch, "seconds", lambda: float(next(times)))
    store, entries = empty_store(), list[JournalEntry]()
    settle(store, 100)
    delta = execute(make_runtime(store, entries), RunKind.DELTA)
    assert (delta.status, delta.day, delta.kind, delta.nightly) == (
        RunStatus.FINISHED,
        NIGHTS[0].date(),
        RunKind.DELTA,
        False,
    )
    assert delta.number == {
        Job.CANCELLATION: JobCounts(4, 4), Job.RECOVERY: JobCounts(4, 4), Job.SYGEDAGPENGE_STOP: JobCounts(4, 4),
        Job.FLEKSJOB: JobCounts(8, 8), Job.THIRTY_YEAR: JobCounts(8, 8),
    }  # fmt: skip
    assert (delta.total, delta.seen, delta.changed, delta.seconds) == (28, 28, 28, 9.0)
    full = execute(make_runtime(store, entries), RunKind.FULL)
    assert full.number == {job: JobCounts(100, 0) for job in Job}
    assert (full.total, full.seen, full.seconds) == (100, 100, 15.0)
    assert [(entry.data["kind"], entry.data["changed"]) for entry in entries if entry.kind is EntryType.RUN] == [
        ("delta", 28), ("full", 0),
    ]  # fmt: skip


def test_a_delta_run_looks_only_at_citizens_that_are_due(monkeypatch: pytest.MonkeyPatch) -> None:
    store = empty_store()
    settle(store, 200)
    looked_at: list[str] = []
    original = batch.decide_job
    monkeypatch.setattr(batch, "decide_job", lambda person, *a: looked_at.append(person.id) or original(person, *a))
    execute(make_runtime(store), RunKind.DELTA)
    assert len(looked_at) == len(set(looked_at)) == 7 * 7
    looked_at.clear()
    execute(make_runtime(store), RunKind.DELTA)
    assert looked_at == []


def test_a_stale_due_date_is_rewritten_and_does_not_come_again() -> None:
    store = empty_store()
    runtime = make_runtime(store)
    (_, _, _, person) = people(4)
    person = replace(person, fleksjob=())
    with store.transaction() as t:
        t.create_person(person, ((Job.FLEKSJOB, DAY),))
    assert execute(runtime, RunKind.DELTA).number == {Job.FLEKSJOB: JobCounts(1, 0)}
    assert execute(runtime, RunKind.DELTA).number == {}


@pytest.mark.parametrize("kind", RunKind)
def test_an_interrupted_run_resumes_where_it_was(
    kind: RunKind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every fifth write of messages fails: its chunk is rolled back, and the run resumes."""
    monkeypatch.setattr(batch, "CHUNK", 7)
    whole, broken = empty_store(tmp_path / "whole.db"), empty_store(tmp_path / "broken.db")
    for store in (whole, broken):
        settle(store, 100)
    undisturbed = execute(make_runtime(whole), kind)
    put, call = SqliteTransaction.enqueue, iter(range(10_000))

    def fails_sometimes(self: SqliteTransaction, envelopes: Sequence[Envelope]) -> None:
        if next(call) % 5 == 4:
            raise sqlite3.OperationalError("disk I/O error")
        put(self, envelopes)

    interruptions = 0
    while True:
        try:
            with monkeypatch.context() as m:
                m.setattr(SqliteTransaction, "enqueue", fails_sometimes)
                run = execute(make_runtime(broken), kind)
            break
        except StoreUnavailable:
            interruptions += 1
            assert interruptions < 200
            interrupted = batch.is_open(make_runtime(broken))
            assert interrupted is not None
            if interruptions % 2 == 0:  # complete one chunk, so that the run ends
                one_chunk(make_runtime(broken), interrupted)
    assert interruptions > 2
    assert (run.number, run.seen) == (undisturbed.number, undisturbed.seen)
    assert state(broken) == state(whole)
    assert messages(tmp_path / "broken.db") == messages(tmp_path / "whole.db")
    for store in (whole, broken):
        store.close()


def test_an_interrupted_run_keeps_its_instant_and_resumes_before_the_next_night(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batch, "CHUNK", 7)
    store, entries = empty_store(), list[JournalEntry]()
    settle(store, 100)
    runtime = make_runtime(store, entries)
    nights = NightlyRun(runtime)
    nights.begin()
    one_chunk(runtime, batch.begin(runtime, RunKind.FULL, NIGHTS[0], nightly=True))
    runtime.clock.assign(NIGHTS[2] + timedelta(hours=5))
    finished(DueWork(runtime.clock, (nights,)).catch_up())
    assert [(entry.instant, entry.data["kind"]) for entry in entries if entry.kind is EntryType.RUN] == [
        (NIGHTS[0], "full"), (NIGHTS[1], "delta"), (NIGHTS[2], "delta"),
    ]  # fmt: skip


def test_missed_nights_give_the_same_as_each_night_by_itself() -> None:
    nightly, missed = empty_store(), empty_store()
    for store in (nightly, missed):
        settle(store, 100)
    runtime = make_runtime(nightly)
    nights = NightlyRun(runtime)
    nights.begin()
    for night in NIGHTS:
        finished(
            DueWork(runtime.clock, (nights,)).set(lambda now, night=night: night + timedelta(hours=7), ClockMode.FROZEN)
        )
    runtime = make_runtime(missed)
    nights = NightlyRun(runtime)
    nights.begin()
    runtime.clock.assign(NIGHTS[-1] + timedelta(hours=7))
    finished(DueWork(runtime.clock, (nights,)).catch_up())
    assert state(missed) == state(nightly)


def test_a_release_without_wsrm_changes_groups_and_sends_no_messages(tmp_path: Path) -> None:
    store = empty_store(tmp_path / "g.db")
    settle(store, 50)
    runtime = make_runtime(store)
    runtime.release = contract().releases["2025-2"]
    assert execute(runtime, RunKind.DELTA).changed == 14
    assert messages(tmp_path / "g.db") == Counter()
    store.close()
