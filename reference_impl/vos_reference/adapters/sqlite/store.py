"""Open, migrate and close the SQLite file, and begin its transactions.

WAL with `synchronous=NORMAL`: a commit survives a kill of the process at any point; a power loss may take the last commits, and
the file stays consistent. There is one writer at a time (`BEGIN IMMEDIATE`); readers on another connection are not blocked.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing
from importlib.resources import as_file, files
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

import yoyo
from yoyo.exceptions import BadMigration, LockTimeout, MigrationConflict

from vos_contracts.base.file_lock import FileLock
from vos_reference.adapters.sqlite.file_watch import FileWatch
from vos_reference.adapters.sqlite.transaction import SqliteTransaction
from vos_reference.application.ports import StoreUnavailable, Transaction

WAIT_TIME_S = 5
"""Seconds that a chunk in its thread waits for the write lock of another program before it fails."""

_SHOWN_TABLES = 3
_WAL_PAGES = 16_000
"""Pages of the WAL (64 MiB) at which a commit runs the checkpoint itself: the WAL grows no further on a busy stage."""

_SECOND_CACHE_KIB = 16 * 1024
"""Page cache of the second connection; a chunk reads each citizen once, so that a larger cache has no effect."""


LOST = "databasen er slettet, erstattet eller afkortet, mens scenen kørte; start scenen igen"

log = logging.getLogger(__name__)


class DatabaseError(ValueError):
    """The database file cannot be opened or migrated; the message names the file and the reason."""


def migrate(file: Path) -> None:
    """Migrate the file to the newest schema.

    Raises:
        DatabaseError: the file cannot be opened or migrated.
    """
    try:
        with as_file(files("vos_reference.adapters.sqlite").joinpath("migrations")) as folder:
            applied, shipped = _applied_migrations(file), _shipped_migrations(folder)
            if applied and not applied & shipped:
                raise DatabaseError(f"{file}: is a database of another program")
            if newer := sorted(applied - shipped):
                raise DatabaseError(
                    f"{file}: has the schema of a newer version ({', '.join(newer)}); choose another file"
                )
            if applied >= shipped:
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
        DatabaseError: it has tables, and none of them is ours.
    """
    with closing(sqlite3.connect(file)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        if "_yoyo_migration" not in tables:
            if tables:
                shown = ", ".join(tables[:_SHOWN_TABLES])
                raise DatabaseError(
                    f"{file}: is a database of another program (its tables: {shown}); choose another file"
                )
            return set()
        return {migration_id for (migration_id,) in db.execute("SELECT migration_id FROM _yoyo_migration")}


def _shipped_migrations(folder: Path) -> set[str]:
    return {file.stem for file in folder.glob("*.sql") if not file.name.endswith(".rollback.sql")}


class SqliteStore:
    """One connection for the thread that opens the store, and a second one for chunks that another thread writes."""

    def __init__(self, file: Path, *, durable: bool = False) -> None:
        """Open the file and take its lock; a durable one writes each commit to the disk (`synchronous=FULL`).

        Raises:
            DatabaseError: the file cannot be used, or another stage uses it.
        """
        self._synchronous = "FULL" if durable else "NORMAL"
        self._file = file = file.resolve()  # a link and the file it names have one lock and one log
        if file.exists() and file.stat().st_nlink > 1:
            # SQLite keeps a write-ahead log per name: a file that is opened by two names is destroyed
            raise DatabaseError(f"{file}: has a second name (a hard link); a stage needs a file with one name")
        try:
            self._lock = FileLock(file.with_name(f"{file.name}.lock"), "stage")
        except OSError as exc:
            raise DatabaseError(f"{file}: {exc.strerror or exc}") from exc
        try:
            migrate(file)
            self._db = self._connect(64 * 1024)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("BEGIN IMMEDIATE")  # creates the WAL, which the watch is to know
            self._db.execute("COMMIT")
        except sqlite3.Error as exc:
            self._lock.release()
            raise DatabaseError(f"{file}: {exc}") from exc
        except DatabaseError:
            self._lock.release()
            raise
        self._watch = FileWatch(file)
        self._beside: sqlite3.Connection | None = None
        self._is_open = True

    def is_locked(self) -> bool:
        """Return whether another program holds the write lock."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        self._db.execute("ROLLBACK")
        return False

    def _intact(self) -> None:
        """Refuse to go on with a file that is not there any more: what is written into it is lost.

        Raises:
            StoreUnavailable: it was deleted, replaced or truncated.
        """
        known = self._watch.lost
        if not self._watch.is_intact():
            if not known:
                log.error(
                    "%s while the stage ran; every call is answered with 503 until it is started again",
                    self._watch.lost,
                )
            raise StoreUnavailable(description=LOST)

    def _connect(self, cache_kib: int, *, any_thread: bool = False) -> sqlite3.Connection:
        db = sqlite3.connect(
            self._file,
            isolation_level=None,
            timeout=WAIT_TIME_S if any_thread else 0,  # the event loop does not wait for a lock: see `WriteTurns`
            cached_statements=256,
            check_same_thread=not any_thread,
        )
        db.execute(f"PRAGMA synchronous = {self._synchronous}")
        db.execute("PRAGMA foreign_keys = ON")
        db.execute(f"PRAGMA wal_autocheckpoint = {_WAL_PAGES}")
        db.execute(f"PRAGMA cache_size = -{cache_kib}")
        return db

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Begin a write transaction; it commits at the end of the block and rolls back on an exception."""
        self._intact()
        return _TransactionContext(self._db, "BEGIN IMMEDIATE")

    def threaded_transaction(self, after: list[Callable[[], None]]) -> AbstractContextManager[Transaction]:
        """See `Store.threaded_transaction`; in WAL mode it does not block readers on the first connection."""
        self._intact()
        if self._beside is None:
            self._beside = self._connect(_SECOND_CACHE_KIB, any_thread=True)
        return _TransactionContext(self._beside, "BEGIN IMMEDIATE", after)

    def reading(self) -> AbstractContextManager[Transaction]:
        """Begin a read transaction: one consistent snapshot."""
        self._intact()
        return _TransactionContext(self._db, "BEGIN")

    def maintain(self) -> None:
        """Run a passive WAL checkpoint on a connection of its own, so that no call waits for the disk."""
        if not self._is_open:
            return
        self._intact()  # a checkpoint would grow a truncated file again
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
            self._lock.release()


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
