"""The SQL of the runs of the nightly jobs: one row per run."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime

import msgspec

from vos_contracts.control.stage import RunKind
from vos_reference.adapters.sqlite.codec import day_from_text, day_to_text, from_text, to_text
from vos_reference.application.ports import BatchRun, JobCounts, RunStatus
from vos_reference.domain.batch_jobs import Job

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[Job, JobCounts]).decode
_FIELDS = "id, day, kind, instant, nightly, status, cursor, total, seen, seconds, counts"


def save(db: sqlite3.Connection, run: BatchRun) -> None:
    """Insert the run, or update its progress."""
    db.execute(
        f"INSERT INTO run ({_FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
        " status = excluded.status, cursor = excluded.cursor, total = excluded.total, seen = excluded.seen,"
        " seconds = excluded.seconds, counts = excluded.counts",
        (
            run.id,
            day_to_text(run.day),
            run.kind.value,
            to_text(run.instant),
            run.nightly,
            run.status.value,
            run.cursor,
            run.total,
            run.seen,
            run.seconds,
            _encode(run.number).decode(),
        ),
    )


def latest(db: sqlite3.Connection) -> BatchRun | None:
    """Read the run that was started last."""
    row = db.execute(f"SELECT {_FIELDS} FROM run ORDER BY number DESC LIMIT 1").fetchone()
    if row is None:
        return None
    id_, day, kind, instant, nightly, status, cursor, total, seen, seconds, number = row
    return BatchRun(
        id=id_,
        day=day_from_text(day),
        kind=RunKind(kind),
        instant=from_text(instant),
        nightly=bool(nightly),
        status=RunStatus(status),
        cursor=cursor,
        total=total,
        seen=seen,
        seconds=seconds,
        number=_decode(number),
    )


def latest_night(db: sqlite3.Connection) -> date | None:
    """Read the latest day whose nightly run was started."""
    day: str | None = db.execute("SELECT max(day) FROM run WHERE nightly").fetchone()[0]
    return day_from_text(day)


def latest_instant(db: sqlite3.Connection) -> datetime | None:
    """Read the latest stored instant: of the clock, of a run, or of the newest row of the history."""
    instant: str | None = db.execute(
        "SELECT max(instant) FROM (SELECT instant FROM run UNION ALL SELECT instant FROM clock UNION ALL"
        " SELECT registered FROM (SELECT registered FROM registration ORDER BY number DESC LIMIT 1))"
    ).fetchone()[0]
    return from_text(instant)
