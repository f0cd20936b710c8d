"""A database has one stage: a second stage, another program's file, and a file that is lost while the stage runs."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from support.adversary import FROZEN, Adversary
from support.processes import stage_process
from vos_reference.adapters.sqlite.store import DatabaseError, SqliteStore

DB = ("--db", "stage.db")


def start_refused(folder: Path) -> subprocess.CompletedProcess[str]:
    """Start a stage that is expected to end with an error."""
    return subprocess.run(
        [sys.executable, "-m", "generalproeve", "up", "--port", "0", *FROZEN, *DB],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip


def test_a_second_stage_on_the_same_file_is_refused_by_the_process_of_the_first(tmp_path: Path) -> None:
    with stage_process(*FROZEN, *DB, folder=tmp_path) as first:
        second = start_refused(tmp_path)
        assert second.returncode == 2
        assert f"another stage uses it (process {first.popen.pid})" in " ".join(second.stderr.split())
        assert "Traceback" not in second.stderr
        Adversary(first).neighbour_served()


@pytest.mark.slow
def test_the_file_is_free_when_its_stage_has_ended_however_it_ended(tmp_path: Path) -> None:
    for _ in range(2):
        with stage_process(*FROZEN, *DB, folder=tmp_path) as stage:
            Adversary(stage).neighbour_served()
            stage.popen.kill()
            stage.popen.wait(30)


@pytest.mark.parametrize("kind", ["symbolic link", "relative path"])
def test_the_same_file_by_another_name_is_the_same_file(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "stage.db"
    with closing(SqliteStore(file)):
        if kind == "symbolic link":
            other = tmp_path / "link.db"
            other.symlink_to(file)
        else:
            other = Path(os.path.relpath(file))
        with pytest.raises(DatabaseError, match=rf"another stage uses it \(process {os.getpid()}\)"):
            SqliteStore(other)
    SqliteStore(file).close()


def test_a_file_with_two_names_is_refused(tmp_path: Path) -> None:
    """Also while a stage uses it by the first name, which goes on."""
    file = tmp_path / "stage.db"
    with closing(SqliteStore(file)) as store:
        os.link(file, tmp_path / "second.db")
        with pytest.raises(DatabaseError, match="a second name"):
            SqliteStore(tmp_path / "second.db")
        with store.transaction() as t:
            t.add_known_cpr("0101010000")
    with pytest.raises(DatabaseError, match="a second name"):
        SqliteStore(file)
    (tmp_path / "second.db").unlink()
    SqliteStore(file).close()


def test_a_file_with_a_newer_schema_is_refused_and_unchanged(tmp_path: Path) -> None:
    file = tmp_path / "stage.db"
    SqliteStore(file).close()
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("ALTER TABLE person ADD COLUMN colour TEXT")
        row = db.execute("SELECT * FROM _yoyo_migration LIMIT 1").fetchone()
        db.execute(
            f"INSERT INTO _yoyo_migration VALUES (?, ?, {', '.join('?' * (len(row) - 2))})",
            ("x", "0099.colour", *row[2:]),
        )
    before = file.read_bytes()
    assert start_refused(tmp_path).returncode == 2
    with pytest.raises(DatabaseError, match=r"has the schema of a newer version \(0099\.colour\)"):
        SqliteStore(file)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "table", ["person", *(pytest.param(name, marks=pytest.mark.slow) for name in ("notes", "_yoyo_migration"))]
)
def test_the_database_of_another_program_is_refused_and_unchanged(table: str, tmp_path: Path) -> None:
    file = tmp_path / "stage.db"
    with closing(sqlite3.connect(file)) as db, db:
        db.execute(f"CREATE TABLE {table} (migration_hash, migration_id)")
        db.execute(f"INSERT INTO {table} VALUES ('a', 'their.first')")
    before = file.read_bytes()
    refused = start_refused(tmp_path)
    assert refused.returncode == 2
    assert "is a database of another program" in " ".join(refused.stderr.split())
    assert file.read_bytes() == before


@contextmanager
def running(folder: Path) -> Iterator[Adversary]:
    with stage_process(*FROZEN, *DB, folder=folder) as stage:
        adversary = Adversary(stage)
        adversary.neighbour_served()
        yield adversary


def delete(file: Path) -> None:
    file.unlink()


def delete_the_log(file: Path) -> None:
    Path(f"{file}-wal").unlink()


def replace_with_a_copy(file: Path) -> None:
    shutil.copy(file, f"{file}.copy")
    Path(f"{file}.copy").replace(file)


def truncate(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.truncate(4096)


@pytest.mark.parametrize(
    "lose",
    [delete, *(pytest.param(way, marks=pytest.mark.slow) for way in (delete_the_log, replace_with_a_copy, truncate))],
)
def test_the_loss_of_the_file_is_detected(lose: object, tmp_path: Path) -> None:
    """Every call gets 503 with the reason, since its changes would be lost; the log has one line about it."""
    with running(tmp_path) as adversary:
        path, headers, body = adversary.registration()
        lose(tmp_path / "stage.db")  # type: ignore[operator]  # one of the functions above
        sent = dict(header.split(": ", 1) for header in headers)
        for _ in range(2):
            response = httpx.post(f"{adversary.process.services}{path}", headers=sent, content=body, trust_env=False)
            assert response.status_code == 503
            assert "databasen er slettet, erstattet eller afkortet" in response.text
        read = httpx.get(f"{adversary.process.services}{path}/historik", headers=sent, trust_env=False)
        assert read.status_code == 503
        adversary.process.popen.terminate()
        _, log = adversary.process.popen.communicate(timeout=30)
    assert log.count("every call is answered with 503") == 1


def test_another_programs_transaction_delays_writes_and_not_reads(tmp_path: Path) -> None:
    with running(tmp_path) as adversary, closing(sqlite3.connect(tmp_path / "stage.db", isolation_level=None)) as other:
        path, headers, body = adversary.registration()
        sent = dict(header.split(": ", 1) for header in headers)
        other.execute("BEGIN IMMEDIATE")
        written: list[httpx.Response] = []

        def write() -> None:
            url = f"{adversary.process.services}{path}"
            written.append(httpx.post(url, headers=sent, content=body, trust_env=False, timeout=30))

        writer = threading.Thread(target=write)
        writer.start()
        for _ in range(5):
            assert httpx.get(f"{adversary.process.services}/v1/Kodeliste", trust_env=False).status_code == 200
            history = httpx.get(f"{adversary.process.services}{path}/historik", headers=sent, trust_env=False)
            assert (history.status_code, history.json()) == (200, [])
        assert writer.is_alive(), "the write did not wait for the other program's transaction"
        other.execute("ROLLBACK")
        writer.join(30)
        assert [response.status_code for response in written] == [200]


@pytest.mark.slow
def test_a_write_that_waits_too_long_gets_503(tmp_path: Path) -> None:
    with running(tmp_path) as adversary, closing(sqlite3.connect(tmp_path / "stage.db", isolation_level=None)) as other:
        path, headers, body = adversary.registration()
        sent = dict(header.split(": ", 1) for header in headers)
        other.execute("BEGIN IMMEDIATE")
        url = f"{adversary.process.services}{path}"
        refused = httpx.post(url, headers=sent, content=body, trust_env=False, timeout=30)
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        other.execute("ROLLBACK")
        assert httpx.post(url, headers=sent, content=body, trust_env=False).status_code == 200, (
            "the refused call used up its request id"
        )
