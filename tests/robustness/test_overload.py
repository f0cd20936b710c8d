"""More calls than a stage lets wait: the rest get 503 at once, the waiting ones are served, and the journal says so."""

from __future__ import annotations

import sqlite3
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import closing
from pathlib import Path

import httpx

from support.adversary import FROZEN, Adversary
from support.processes import stage_process

LIMIT, CALLS, DEADLINE_S = 3, 12, 60


def test_beyond_the_queue_calls_are_shed_at_once_and_the_rest_are_served(tmp_path: Path) -> None:
    flags = (*FROZEN, "--db", "stage.db", "--limit", f"waiting={LIMIT}")
    with (
        stage_process(*flags, folder=tmp_path) as process,
        closing(sqlite3.connect(tmp_path / "stage.db", isolation_level=None)) as other,
        ThreadPoolExecutor(CALLS) as threads,
    ):
        adversary = Adversary(process)
        calls = [adversary.registration() for _ in range(CALLS)]

        def send(number: int) -> httpx.Response:
            path, headers, body = calls[number]
            sent = dict(header.split(": ", 1) for header in headers)
            url = f"{process.services}{path}"
            return httpx.post(url, headers=sent, content=body, timeout=DEADLINE_S, trust_env=False)

        other.execute("BEGIN IMMEDIATE")  # the store is busy, so accepted calls wait
        sent = {threads.submit(send, number): number for number in range(CALLS)}
        pending = set(sent)
        while len(pending) > LIMIT:
            finished, pending = wait(pending, DEADLINE_S, FIRST_COMPLETED)
            assert finished, "no call was shed"
        shed = [future for future in sent if future not in pending]
        assert {future.result().status_code for future in shed} == {503}
        assert {future.result().headers["retry-after"] for future in shed} == {"1"}
        assert f"{LIMIT} kald venter allerede" in shed[0].result().text
        other.execute("ROLLBACK")
        assert {future.result(DEADLINE_S).status_code for future in pending} == {200}
        assert {send(sent[future]).status_code for future in shed} == {200}, "a shed call uses nothing up"
        entries = httpx.get(f"{process.control}/control/journal", trust_env=False).json()["entries"]
        told = [entry["data"] for entry in entries if entry["kind"] == "overload"]
        assert [(entry["state"], entry.get("limit"), entry.get("shed")) for entry in told] == [
            ("shedding", LIMIT, None),
            ("recovered", None, CALLS - LIMIT),
        ]
