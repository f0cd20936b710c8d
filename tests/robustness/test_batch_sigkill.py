"""Kill a run of the nightly jobs repeatedly: the resumed run has the same result as a run that was not killed."""

from __future__ import annotations

import random  # noqa: TID251 - seeded, to choose the moments
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import httpx
import pytest

from support.crowd import FIRST_NIGHT, settle
from support.processes import stage_process
from vos_contracts.base import stopwatch
from vos_contracts.control.stage import RunKind
from vos_reference.adapters.sqlite import SqliteStore

COUNT, CHUNK = 1500, 20
DEADLINE_S = 60
TEST_FOLDER = Path(__file__).parents[1]

RUN = f"""
import sys
from pathlib import Path
from support.builders import contract
from support.crowd import FIRST_NIGHT
from vos_contracts.control.stage import RunKind
from vos_contracts.base.ids import new_uuid
from vos_reference.adapters.sqlite import SqliteStore
from vos_reference.application import batch
from vos_reference.application.ports import BatchRun
from vos_reference.application.runtime import Runtime
from vos_reference.clock import StageClock, SystemClock
batch.CHUNK = {CHUNK}
tables = contract()
clock = StageClock(SystemClock(), FIRST_NIGHT)
runtime = Runtime(SqliteStore(Path(sys.argv[1])), clock, new_uuid, tables, tables.releases["2024-4"], None, lambda entry: None)
for step in batch.execute(runtime, batch.is_open(runtime) or batch.begin(runtime, RunKind(sys.argv[2]), FIRST_NIGHT)):
    if isinstance(step, BatchRun):
        print(step.seen, flush=True)
"""


def start(file: Path, kind: RunKind) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", RUN, str(file), kind.value], cwd=TEST_FOLDER, stdout=subprocess.PIPE, text=True
    )


def content(file: Path) -> tuple[Counter[object], Counter[object], list[object]]:
    """Return the history and the queue without generated ids, and the stored runs without their duration."""
    with sqlite3.connect(file) as db:
        history = db.execute(
            "SELECT person_id, kind, type, event, start_time, end_time, registered, registrant FROM registration"
        ).fetchall()
        queue = db.execute(
            "SELECT message_type, organisation_code, json_extract(body, '$.cpr'), json_extract(body, '$.type'),"
            " json_extract(body, '$.end') FROM message"
        ).fetchall()
        runs = db.execute("SELECT day, kind, status, total, seen, counts FROM run").fetchall()
    db.close()
    return Counter(history), Counter(queue), runs


def is_finished(file: Path) -> bool:
    with sqlite3.connect(file) as db:
        (status,) = db.execute("SELECT status FROM run").fetchone()
    db.close()
    return bool(status == "finished")


@pytest.mark.parametrize(
    ("kind", "most_kills"),
    [(RunKind.DELTA, 1), *(pytest.param(kind, 1000, marks=pytest.mark.slow, id=f"{kind}-always") for kind in RunKind)],
)
def test_a_run_that_is_killed_repeatedly_has_the_result_of_an_undisturbed_run(
    kind: RunKind, most_kills: int, tmp_path: Path
) -> None:
    rng = random.Random(1728)
    whole, killed = tmp_path / "whole.db", tmp_path / "killed.db"
    for file in (whole, killed):
        store = SqliteStore(file)
        settle(store, COUNT)
        store.close()
    with start(whole, kind) as undisturbed:
        assert undisturbed.wait(timeout=DEADLINE_S) == 0
    kills, seen_before = 0, -1
    while True:
        with start(killed, kind) as process:
            assert process.stdout is not None
            lines = []
            for _ in range(rng.randint(3, 14)):
                lines.append(process.stdout.readline())
            if "" in lines or kills == most_kills:  # the process ended before the kill, or enough kills were made
                assert process.wait(timeout=DEADLINE_S) == 0
                break
            process.kill()
            process.wait(timeout=DEADLINE_S)
        if is_finished(killed):  # the kill hit between the last commit and the last line
            break
        kills += 1
        assert int(lines[0]) > seen_before
        seen_before = int(lines[0])
    assert kills >= 1  # usually more than 10; on a busy machine the run proceeds before the kill arrives
    assert content(killed) == content(whole)
    assert content(whole)[0].total() > COUNT


@pytest.mark.slow
def test_the_stage_finishes_a_killed_run_when_started_again(tmp_path: Path) -> None:
    whole, killed = tmp_path / "whole.db", tmp_path / "killed.db"
    for file in (whole, killed):
        store = SqliteStore(file)
        settle(store, COUNT * 10)
        store.close()
    flags = ("--people", "0", "--clock", FIRST_NIGHT.isoformat())
    with stage_process("--db", str(whole), *flags, folder=tmp_path) as process:
        response = httpx.post(f"{process.control}/control/batch", json={"kind": "full"}, timeout=DEADLINE_S)
        assert response.json()["finished"] is True
    with stage_process("--db", str(killed), *flags, folder=tmp_path) as process:
        threading.Thread(target=_request_full_run, args=(process.control,), daemon=True).start()
        deadline = stopwatch.seconds() + DEADLINE_S
        while True:  # the stage answers while the run is in progress
            run = httpx.get(f"{process.control}/control/batch", timeout=DEADLINE_S).json()
            if run is not None and run["seen"] >= 2000:
                break
            assert stopwatch.seconds() < deadline
        assert not run["finished"], "the run finished before the kill"
        process.kill()
    with stage_process("--db", str(killed), *flags, folder=tmp_path) as process:
        finished = httpx.get(f"{process.control}/control/batch", timeout=DEADLINE_S).json()
    assert finished["finished"] is True
    assert content(killed) == content(whole)


def _request_full_run(address: str) -> None:
    try:
        httpx.post(f"{address}/control/batch", json={"kind": "full"}, timeout=DEADLINE_S)
    except httpx.TransportError:
        return
