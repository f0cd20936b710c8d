"""A run of the nightly jobs in a thread has the same result and the same journal as a run in the event loop."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from support.builders import contract
from support.crowd import FIRST_NIGHT, settle
from vos_contracts.base.ids import new_uuid
from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.control.stage import RunKind
from vos_reference.adapters.sqlite import SqliteStore
from vos_reference.application import batch
from vos_reference.application.clockwork import DueWork
from vos_reference.application.ports import StoreUnavailable
from vos_reference.application.ports.runs import BatchRun
from vos_reference.application.runtime import Runtime
from vos_reference.application.steps import ThreadStep
from vos_reference.background.clockwork import Clockwork
from vos_reference.background.write_turns import WriteTurns
from vos_reference.clock import StageClock, SystemClock

CITIZENS, CHUNK = 150, 20


class Stage:
    """A store with citizens, its clockwork, and the journal entries with the thread that made each."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.store = SqliteStore(file)
        settle(self.store, CITIZENS)
        self.told: list[tuple[threading.Thread, JournalEntry]] = []
        clock, tables = StageClock(SystemClock(), FIRST_NIGHT), contract()
        self.runtime = Runtime(self.store, clock, new_uuid, tables, tables.releases["2024-4"], None, self.journal)
        self.clockwork = Clockwork(clock, DueWork(clock, ()), WriteTurns(), lambda: None)

    def journal(self, entry: JournalEntry) -> None:
        self.told.append((threading.current_thread(), entry))

    def begin(self, kind: RunKind) -> batch.Period:
        return batch.execute(self.runtime, batch.is_open(self.runtime) or batch.begin(self.runtime, kind, FIRST_NIGHT))

    def run(self, kind: RunKind) -> BatchRun:
        return asyncio.run(self.clockwork.carry_out(self.begin(kind)))

    def contents(self) -> tuple[Counter[object], Counter[object]]:
        """Return history and queue without the generated ids."""
        with closing(sqlite3.connect(self.file)) as db:
            history = db.execute(
                "SELECT person_id, kind, type, start_time, end_time, registered FROM registration"
            ).fetchall()
            queue = db.execute(
                "SELECT message_type, organisation_code, json_extract(body, '$.cpr') FROM message"
            ).fetchall()
        return Counter(history), Counter(queue)


@pytest.fixture
def stages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Stage, Stage]]:
    monkeypatch.setattr(batch, "CHUNK", CHUNK)
    both = Stage(tmp_path / "threaded.db"), Stage(tmp_path / "in_place.db")
    yield both
    for stage in both:
        stage.store.close()


@pytest.mark.parametrize("kind", RunKind)
def test_a_run_in_a_thread_is_the_run_in_place(
    kind: RunKind, stages: tuple[Stage, Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    threaded, in_place = stages
    threads: set[threading.Thread] = set()
    carry_out = ThreadStep.carry_out

    def noted(self: ThreadStep[object]) -> None:
        threads.add(threading.current_thread())
        carry_out(self)

    expected = [step for step in in_place.begin(kind) if isinstance(step, BatchRun)][-1]
    with monkeypatch.context() as m:
        m.setattr(ThreadStep, "carry_out", noted)
        report = threaded.run(kind)
    assert threads - {threading.main_thread()}, "a large run must use a thread"
    assert (report.number, report.seen, report.changed) == (expected.number, expected.seen, expected.changed)
    assert report.changed > 0
    assert threaded.contents() == in_place.contents()
    assert {thread for thread, _ in threaded.told} == {threading.main_thread()}
    assert [(entry.kind, entry.cpr) for _, entry in threaded.told] == [
        (entry.kind, entry.cpr) for _, entry in in_place.told
    ]
    assert threaded.told[-1][1].kind is EntryType.RUN


def test_a_few_citizens_are_handled_without_a_thread(
    stages: tuple[Stage, Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "IN_PLACE", CITIZENS)
    steps = [*stages[0].begin(RunKind.FULL)]
    assert {type(step) for step in steps} == {BatchRun}


def test_a_chunk_that_fails_in_its_thread_is_rolled_back_and_the_run_resumes(
    stages: tuple[Stage, Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    threaded, in_place = stages
    in_place.run(RunKind.FULL)
    carried, decide = iter(range(10_000)), batch.decide_job

    def breaks(*arguments: object) -> object:
        if next(carried) == 70:
            raise sqlite3.OperationalError("disk I/O error")
        return decide(*arguments)  # type: ignore[arg-type]  # same arguments

    with monkeypatch.context() as m:
        m.setattr(batch, "decide_job", breaks)
        with pytest.raises(StoreUnavailable):
            threaded.run(RunKind.FULL)
    interrupted = batch.is_open(threaded.runtime)
    assert interrupted is not None
    assert 0 < interrupted.seen < CITIZENS
    assert threaded.run(RunKind.FULL).seen == CITIZENS
    assert threaded.contents() == in_place.contents()
