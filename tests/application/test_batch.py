"""The runner: delta and full come to the same, progress and report add up, and an interrupted run goes on where it was."""

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
from vos_reference.application.ports import Envelope, JobCounts, Run, Status, Store, StoreUnavailable
from vos_reference.application.runtime import Runtime
from vos_reference.clock import StageClock, SystemClock
from vos_reference.domain.batch_jobs import Job
from vos_reference.domain.person import Person

NIGHTS = [FIRST_NIGHT + timedelta(days=number) for number in range(4)]


def runtime(store: Store, entries: list[JournalEntry] | None = None) -> Runtime:
    k = contract()
    journal: Any = (lambda entry: None) if entries is None else entries.append
    return Runtime(store, StageClock(SystemClock(), NOW), new_uuid, k, k.releases["2024-4"], None, journal)


def execute(d: Runtime, kind: RunKind, night: int = 0) -> Run:
    return finished(batch.execute(d, batch.is_open(d) or batch.begin(d, kind, NIGHTS[night])))


def finished(course: Any) -> Any:
    while True:
        try:
            next(course)
        except StopIteration as end:
            return end.value


def one_chunk(d: Runtime, run: Run) -> None:
    next(step for step in batch.execute(d, run) if isinstance(step, Run))


def without_new_ids(person: Person) -> Person:
    """The citizen with the ids that were minted on the way made the same for all."""
    old = {item.id for item in next(item for item in people(int(person.id[1:]) + 1) if item.id == person.id).history}
    return replace(
        person, history=tuple(item if item.id in old else replace(item, id="new") for item in person.history)
    )


def state(store: Store) -> tuple[list[Person], list[int]]:
    with store.reading() as t:
        everyone = [without_new_ids(item) for item in t.people_after("", 10_000)]
        return everyone, [t.count_due(job, DAY + timedelta(days=90)) for job in Job]


def messages(file: Path) -> Counter[tuple[str, str, int, str, str]]:
    with sqlite3.connect(file) as db:
        rows = db.execute(
            "SELECT message_type, organisation_code, json_extract(body, '$.type'), json_extract(body, '$.cpr'),"
            " json_extract(body, '$.registrant.user.name') FROM message"
        ).fetchall()
    db.close()
    return Counter(rows)


def test_delta_og_fuldt_giver_det_samme_nat_for_nat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "CHUNK", 7)
    came_until = []
    for kind in RunKind:
        store = empty_store(tmp_path / f"{kind}.db")
        settle(store, 100)
        runs = [execute(runtime(store), kind, night) for night in range(4)]
        came_until.append((state(store), messages(tmp_path / f"{kind}.db"), [run.changed for run in runs]))
        store.close()
    assert came_until[0] == came_until[1]
    assert came_until[0][2] == [28, 21, 21, 0]


def test_to_gange_er_en_gang(tmp_path: Path) -> None:
    store = empty_store(tmp_path / "g.db")
    settle(store, 50)
    d = runtime(store)
    execute(d, RunKind.FULL)
    before = state(store), messages(tmp_path / "g.db")
    for kind in RunKind:
        assert execute(d, kind).changed == 0
        assert (state(store), messages(tmp_path / "g.db")) == before
    store.close()


def test_rapporten_taeller_pr_job_og_siger_hvor_laenge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "CHUNK", 7)
    times = iter(range(1000))
    monkeypatch.setattr(batch.stopwatch, "seconds", lambda: float(next(times)))
    store, entries = empty_store(), list[JournalEntry]()
    settle(store, 100)
    delta = execute(runtime(store, entries), RunKind.DELTA)
    assert (delta.status, delta.day, delta.kind, delta.nightly) == (
        Status.FINISHED,
        NIGHTS[0].date(),
        RunKind.DELTA,
        False,
    )
    assert delta.number == {
        Job.CANCELLATION: JobCounts(4, 4), Job.RECOVERY: JobCounts(4, 4), Job.SYGEDAGPENGE_STOP: JobCounts(4, 4),
        Job.FLEKSJOB: JobCounts(8, 8), Job.THIRTY_YEAR: JobCounts(8, 8),
    }  # fmt: skip
    assert (delta.total, delta.seen, delta.changed, delta.seconds) == (28, 28, 28, 9.0)
    full = execute(runtime(store, entries), RunKind.FULL)
    assert full.number == {job: JobCounts(100, 0) for job in Job}
    assert (full.total, full.seen, full.seconds) == (100, 100, 15.0)
    assert [(entry.data["kind"], entry.data["changed"]) for entry in entries if entry.kind is EntryType.RUN] == [
        ("delta", 28), ("full", 0),
    ]  # fmt: skip


def test_delta_ser_kun_paa_de_forfaldne(monkeypatch: pytest.MonkeyPatch) -> None:
    store = empty_store()
    settle(store, 200)
    set_on: list[str] = []
    original = batch.decide_job
    monkeypatch.setattr(batch, "decide_job", lambda person, *a: set_on.append(person.id) or original(person, *a))
    execute(runtime(store), RunKind.DELTA)
    assert len(set_on) == len(set(set_on)) == 7 * 7
    set_on.clear()
    execute(runtime(store), RunKind.DELTA)
    assert set_on == []


def test_et_forfald_der_ikke_laengere_er_et_noteres_om_og_kommer_ikke_igen() -> None:
    store = empty_store()
    d = runtime(store)
    (_, _, _, person) = people(4)
    person = replace(person, fleksjob=())
    with store.transaction() as t:
        t.create_person(person, ((Job.FLEKSJOB, DAY),))
    assert execute(d, RunKind.DELTA).number == {Job.FLEKSJOB: JobCounts(1, 0)}
    assert execute(d, RunKind.DELTA).number == {}


@pytest.mark.parametrize("kind", RunKind)
def test_en_koersel_der_afbrydes_gaar_videre_hvor_den_var(
    kind: RunKind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store fails in the middle of every other chunk, after half of its messages: nothing of that chunk has happened."""
    monkeypatch.setattr(batch, "CHUNK", 7)
    whole, broken = empty_store(tmp_path / "whole.db"), empty_store(tmp_path / "broken.db")
    for store in (whole, broken):
        settle(store, 100)
    undisturbed = execute(runtime(whole), kind)
    put, call = SqliteTransaction.enqueue, iter(range(10_000))

    def falls_out(self: SqliteTransaction, envelopes: Sequence[Envelope]) -> None:
        if next(call) % 5 == 4:
            raise sqlite3.OperationalError("disk I/O error")
        put(self, envelopes)

    interruptions = 0
    while True:
        try:
            with monkeypatch.context() as m:
                m.setattr(SqliteTransaction, "enqueue", falls_out)
                run = execute(runtime(broken), kind)
            break
        except StoreUnavailable:
            interruptions += 1
            assert interruptions < 200
            is_open = batch.is_open(runtime(broken))
            assert is_open is not None
            if interruptions % 2 == 0:  # let it get somewhere
                one_chunk(runtime(broken), is_open)
    assert interruptions > 2
    assert (run.number, run.seen) == (undisturbed.number, undisturbed.seen)
    assert state(broken) == state(whole)
    assert messages(tmp_path / "broken.db") == messages(tmp_path / "whole.db")
    for store in (whole, broken):
        store.close()


def test_en_afbrudt_koersel_faar_sit_eget_tidspunkt_og_kommer_foer_den_naeste_nat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batch, "CHUNK", 7)
    store, entries = empty_store(), list[JournalEntry]()
    settle(store, 100)
    d = runtime(store, entries)
    nights = NightlyRun(d)
    nights.begin()
    one_chunk(d, batch.begin(d, RunKind.FULL, NIGHTS[0], nightly=True))
    d.clock.assign(NIGHTS[2] + timedelta(hours=5))
    finished(DueWork(d.clock, (nights,)).catch_up())
    assert [(entry.instant, entry.data["kind"]) for entry in entries if entry.kind is EntryType.RUN] == [
        (NIGHTS[0], "full"), (NIGHTS[1], "delta"), (NIGHTS[2], "delta"),
    ]  # fmt: skip


def test_forsoemte_naetter_er_det_samme_som_hver_nat_for_sig() -> None:
    each_night, missed = empty_store(), empty_store()
    for store in (each_night, missed):
        settle(store, 100)
    d = runtime(each_night)
    nights = NightlyRun(d)
    nights.begin()
    for night in NIGHTS:
        finished(
            DueWork(d.clock, (nights,)).set(lambda now, night=night: night + timedelta(hours=7), ClockMode.FROZEN)
        )
    d = runtime(missed)
    nights = NightlyRun(d)
    nights.begin()
    d.clock.assign(NIGHTS[-1] + timedelta(hours=7))
    finished(DueWork(d.clock, (nights,)).catch_up())
    assert state(missed) == state(each_night)


def test_i_en_udgave_uden_wsrm_skifter_grupperne_og_ingen_faar_besked(tmp_path: Path) -> None:
    store = empty_store(tmp_path / "g.db")
    settle(store, 50)
    d = runtime(store)
    d.release = contract().releases["2025-2"]
    assert execute(d, RunKind.DELTA).changed == 14
    assert messages(tmp_path / "g.db") == Counter()
    store.close()
