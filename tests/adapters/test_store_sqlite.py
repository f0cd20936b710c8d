import shutil
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
import yoyo

from support.stores import empty_store
from vos_reference.adapters.sqlite import SqliteStore
from vos_reference.adapters.sqlite.store import DatabaseError
from vos_reference.application.ports import Store, StoreUnavailable
from vos_reference.testing.store_contract import StoreContract, person


class TestSqlite(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        return empty_store(tmp_path / "a b.db")

    @pytest.fixture
    def other_store(self, tmp_path: Path) -> Iterator[Store]:
        store = SqliteStore(tmp_path / "other.db")  # migrated by itself: a copied file would have the same generation
        yield store
        store.close()


def test_data_is_in_the_file_and_can_be_read_with_sql(tmp_path: Path) -> None:
    file = tmp_path / "g.db"
    store = SqliteStore(file)
    with store.transaction() as t:
        t.create_person(person())
    store.close()
    again = SqliteStore(file)
    with again.reading() as t:
        assert t.find_person("0201901234") == person()
    again.close()
    with sqlite3.connect(file) as db:
        rows = db.execute(
            "SELECT kind, type, organisation_type, organisation_code, system FROM registration ORDER BY number"
        ).fetchall()
    db.close()
    assert rows == [("kontaktgruppe", 2, 8, "10100", 1001), ("personkategori", 8, 8, "10100", 1001)]


def test_citizens_from_before_the_extracts_are_in_the_extracts(tmp_path: Path) -> None:
    """A file of an earlier schema, whose citizens are numbered for the extracts by the migration."""
    file = tmp_path / "g.db"
    folder = str(files("vos_reference.adapters.sqlite").joinpath("migrations"))
    backend = yoyo.get_backend(f"sqlite:///{file.as_posix()}")
    older = yoyo.read_migrations(folder).filter(lambda step: step.id < "0003")
    with backend.lock():
        backend.apply_migrations(backend.to_apply(older))
    backend.connection.close()
    with sqlite3.connect(file) as db:
        db.execute("INSERT INTO person VALUES ('p1', '0201901234', '1990-01-02', NULL)")
        db.execute("INSERT INTO cpr VALUES ('0201901234', 'p1')")
    db.close()
    store = SqliteStore(file)
    with store.reading() as t:
        assert [(item.id, item.cpr) for _, item in t.citizens_after(0, 9)] == [("p1", "0201901234")]
        assert t.last_event() == 0
    store.close()


def test_relations_survive_the_migration_to_helbredsbegraensninger_and_back(tmp_path: Path) -> None:
    file = tmp_path / "g.db"
    steps = yoyo.read_migrations(str(files("vos_reference.adapters.sqlite").joinpath("migrations")))
    newest = steps.filter(lambda step: step.id >= "0009")

    def rollback() -> None:
        backend = yoyo.get_backend(f"sqlite:///{file.as_posix()}")
        with backend.lock():
            backend.rollback_migrations(backend.to_rollback(newest))
        backend.connection.close()

    def stored() -> object:
        store = SqliteStore(file)
        with store.reading() as t:
            found = t.find_person(person().cpr)
        store.close()
        return found

    store = SqliteStore(file)
    with store.transaction() as t:
        t.create_person(person())
    store.close()
    rollback()
    assert stored() == replace(person(), helbredsbegraensninger=())


def test_the_broker_positions_can_be_rolled_back_and_applied_again(tmp_path: Path) -> None:
    file = tmp_path / "g.db"
    SqliteStore(file).close()
    step = yoyo.read_migrations(str(files("vos_reference.adapters.sqlite").joinpath("migrations")))
    backend = yoyo.get_backend(f"sqlite:///{file.as_posix()}")
    with backend.lock():
        backend.rollback_migrations(backend.to_rollback(step.filter(lambda item: item.id >= "0006")))
    tables = {name for (name,) in backend.execute("SELECT name FROM sqlite_master").fetchall()}
    backend.connection.close()
    assert "domain_event" in tables
    assert "broker_position" not in tables
    store = SqliteStore(file)
    with store.transaction() as t:
        t.move_broker_position("en", "JobSearch", 1)
    store.close()


@pytest.mark.parametrize(("durable", "synchronous"), [(False, 1), (True, 2)])
def test_a_durable_store_waits_for_the_disk_on_both_connections(
    durable: bool, synchronous: int, tmp_path: Path
) -> None:
    store = SqliteStore(tmp_path / "g.db", durable=durable)
    with store.threaded_transaction([]):
        pass
    assert store._beside is not None
    for connection in (store._db, store._beside):
        assert connection.execute("PRAGMA synchronous").fetchone() == (synchronous,)
    store.close()


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    file = tmp_path / "text.db"
    file.write_text("this is no database, but a text that is long enough to be read as a header")
    with pytest.raises(DatabaseError, match=r"text\.db"):
        SqliteStore(file)


def test_a_locked_database_is_unavailable_and_unchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "g.db"
    monkeypatch.setattr("vos_reference.adapters.sqlite.store.WAIT_TIME_S", 0)
    store = SqliteStore(file)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable), store.transaction() as t:
        t.create_person(person())
    other.execute("ROLLBACK")
    other.close()
    with store.transaction() as t:
        assert t.count_people() == 0
    store.close()


def test_maintenance_checkpoints_beside_a_transaction(tmp_path: Path) -> None:
    """A copy of the main file shows only checkpointed rows; the concurrent transaction is not disturbed."""
    file, copy = tmp_path / "g.db", tmp_path / "copy.db"
    store = SqliteStore(file)
    with store.transaction() as t:
        t.create_person(person())
    assert _citizens(file, copy) == []
    with store.transaction() as t:
        t.create_person(person("0301901234", "p2"))
        thread = threading.Thread(target=store.maintain)
        thread.start()
        thread.join(30)
        assert not thread.is_alive()
        assert _citizens(file, copy) == ["p1"]
    store.maintain()
    assert _citizens(file, copy) == ["p1", "p2"]
    store.close()
    store.maintain()


def _citizens(file: Path, copy: Path) -> list[str]:
    shutil.copy(file, copy)
    with sqlite3.connect(copy) as db:
        rows = db.execute("SELECT id FROM person ORDER BY id").fetchall()
    db.close()
    return [id_ for (id_,) in rows]
