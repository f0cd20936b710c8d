"""Open, migrate and close the SQLite file, and begin its transactions.

WAL with `synchronous=NORMAL`: a commit survives a kill of the process at any point. There is one writer at a time (`BEGIN
IMMEDIATE`); readers on another connection are not blocked.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing
from importlib.resources import as_file, files
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

import yoyo
from yoyo.exceptions import BadMigration, LockTimeout, MigrationConflict

from vos_reference.adapters.sqlite.transaction import SqliteTransaction
from vos_reference.application.ports import StoreUnavailable, Transaction

WAIT_TIME_S = 5
"""Seconds that a transaction waits for the write lock of another connection before it fails."""

_WAL_PAGES = 16_000
"""Pages of the WAL (64 MiB) at which a commit runs the checkpoint itself: the WAL grows no further on a busy stage."""

_SECOND_CACHE_KIB = 16 * 1024
"""Page cache of the second connection; a chunk reads each citizen once, so that a larger cache has no effect."""


class DatabaseError(ValueError):
    """The database file cannot be opened or migrated; the message names the file and the reason."""


def migrate(file: Path) -> None:
    """Migrate the file to the newest schema.

    Raises:
        DatabaseError: the file cannot be opened or migrated.
    """
    try:
        with as_file(files("vos_reference.adapters.sqlite").joinpath("migrations")) as folder:
            if _applied_migrations(file) >= _shipped_migrations(folder):
                return  # yoyo takes 10 ms to find that there is nothing to apply
            backend = yoyo.get_backend(f"sqlite:///{quote(file.resolve().as_posix())}")
            try:
                migrations = yoyo.read_migrations(str(folder))
                with backend.lock():
                    backend.apply_migrations(backend.to_apply(migrations))
            finally:
                backend.connection.close()
    except (sqlite3.Error, OSError, BadMigration, LockTimeout, MigrationConflict) as exc:
        raise DatabaseError(f"{file}: {exc}") from exc


def _applied_migrations(file: Path) -> set[str]:
    """Read the ids of the migrations that were applied to the file.

    Raises:
        sqlite3.Error: the file is not a database.
    """
    with closing(sqlite3.connect(file)) as db:
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = '_yoyo_migration'").fetchone():
            return set()
        return {migration_id for (migration_id,) in db.execute("SELECT migration_id FROM _yoyo_migration")}


def _shipped_migrations(folder: Path) -> set[str]:
    return {file.stem for file in folder.glob("*.sql") if not file.name.endswith(".rollback.sql")}


class SqliteStore:
    """One connection for the thread that opens the store, and a second one for chunks that another thread writes."""

    def __init__(self, file: Path) -> None:
        self._file = file
        migrate(file)
        self._db = self._connect(64 * 1024)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._beside: sqlite3.Connection | None = None
        self._is_open = True

    def _connect(self, cache_kib: int, *, any_thread: bool = False) -> sqlite3.Connection:
        db = sqlite3.connect(
            self._file,
            isolation_level=None,
            timeout=WAIT_TIME_S,
            cached_statements=256,
            check_same_thread=not any_thread,
        )
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("PRAGMA foreign_keys = ON")
        db.execute(f"PRAGMA wal_autocheckpoint = {_WAL_PAGES}")
        db.execute(f"PRAGMA cache_size = -{cache_kib}")
        return db

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Begin a write transaction; it commits at the end of the block and rolls back on an exception."""
        return _TransactionContext(self._db, "BEGIN IMMEDIATE")

    def threaded_transaction(self, after: list[Callable[[], None]]) -> AbstractContextManager[Transaction]:
        """See `Store.threaded_transaction`; in WAL mode it does not block readers on the first connection."""
        if self._beside is None:
            self._beside = self._connect(_SECOND_CACHE_KIB, any_thread=True)
        return _TransactionContext(self._beside, "BEGIN IMMEDIATE", after)

    def reading(self) -> AbstractContextManager[Transaction]:
        """Begin a read transaction: one consistent snapshot."""
        return _TransactionContext(self._db, "BEGIN")

    def maintain(self) -> None:
        """Run a passive WAL checkpoint on a connection of its own, so that no call waits for the disk."""
        if not self._is_open:
            return
        try:
            with closing(sqlite3.connect(self._file, timeout=0)) as db:
                db.execute("PRAGMA wal_checkpoint(PASSIVE)")
        except sqlite3.OperationalError as exc:
            raise StoreUnavailable(str(exc)) from exc

    def close(self) -> None:
        """Close the connections; a second call does nothing."""
        if self._is_open:
            self._is_open = False
            self._db.close()
            if self._beside is not None:
                self._beside.close()


class _TransactionContext:
    """Begin, commit or roll back; a class, because a generator-based context manager doubles the cost of a call."""

    __slots__ = ("_after", "_begin", "_db", "_hand_over")

    def __init__(self, db: sqlite3.Connection, begin: str, hand_over: list[Callable[[], None]] | None = None) -> None:
        self._db = db
        self._begin = begin
        self._hand_over = hand_over
        self._after: Sequence[Callable[[], None]] = ()

    def __enter__(self) -> Transaction:
        try:
            self._db.execute(self._begin)
        except sqlite3.OperationalError as exc:
            raise StoreUnavailable(str(exc)) from exc
        t = SqliteTransaction(self._db)
        self._after = t.after
        return t

    def __exit__(
        self, type_: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            try:
                self._db.execute("COMMIT")
            except sqlite3.OperationalError as exc:
                self._roll_back()
                raise StoreUnavailable(str(exc)) from exc
            if self._hand_over is not None:
                self._hand_over.extend(self._after)
                return
            for callback in self._after:
                callback()
            return
        self._roll_back()
        if isinstance(error, sqlite3.OperationalError):
            raise StoreUnavailable(str(error)) from error

    def _roll_back(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
