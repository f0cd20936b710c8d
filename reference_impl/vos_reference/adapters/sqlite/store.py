"""Open, migrate and close the SQLite file, and begin its transactions.

WAL and `synchronous=NORMAL`: a commit survives the death of the process at any point. One writer, begun immediate.
"""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager, closing
from importlib.resources import as_file, files
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

import yoyo
from yoyo.exceptions import BadMigration, LockTimeout, MigrationConflict

from vos_reference.adapters.sqlite.transaktion import SqliteTransaktion
from vos_reference.application.ports import StoreUtilgaengelig, Transaktion

VENTETID_S = 5
"""How long a transaction waits for another process's write before it gives up, in seconds."""


_WAL_SIDER = 16_000
"""Pages of the log (64 MiB) at which a commit carries the rest over itself: so much it grows on a stage that never rests."""


class DatabaseFejl(ValueError):
    """The database file cannot be opened or migrated; the message names the file and the reason."""


def migrer(fil: Path) -> None:
    """Bring the file's schema to the newest version; errors: DatabaseFejl."""
    try:
        with sqlite3.connect(fil) as proeve:
            proeve.execute("PRAGMA schema_version").fetchone()
        proeve.close()
        with as_file(files("vos_reference.adapters.sqlite").joinpath("migrationer")) as mappe:
            bagende = yoyo.get_backend(f"sqlite:///{quote(fil.resolve().as_posix())}")
            try:
                trin = yoyo.read_migrations(str(mappe))
                with bagende.lock():
                    bagende.apply_migrations(bagende.to_apply(trin))
            finally:
                bagende.connection.close()
    except (sqlite3.Error, OSError, BadMigration, LockTimeout, MigrationConflict) as fejl:
        raise DatabaseFejl(f"{fil}: {fejl}") from fejl


class SqliteStore:
    """One connection for one thread; open it in the thread that uses it."""

    def __init__(self, fil: Path) -> None:
        migrer(fil)
        self._fil = fil
        self._db = sqlite3.connect(fil, isolation_level=None, timeout=VENTETID_S, cached_statements=256)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.execute(f"PRAGMA wal_autocheckpoint = {_WAL_SIDER}")
        self._db.execute("PRAGMA cache_size = -65536")
        self._aaben = True

    def transaktion(self) -> AbstractContextManager[Transaktion]:
        """Begin immediate, commit at the end, roll back on an exception."""
        return _Omkring(self._db, "BEGIN IMMEDIATE")

    def laesning(self) -> AbstractContextManager[Transaktion]:
        """Read one consistent state."""
        return _Omkring(self._db, "BEGIN")

    def vedligehold(self) -> None:
        """Carry the log over into the file, on a connection of its own: it waits for the disk, and nobody waits for it."""
        if not self._aaben:
            return
        try:
            with closing(sqlite3.connect(self._fil, timeout=0)) as db:
                db.execute("PRAGMA wal_checkpoint(PASSIVE)")
        except sqlite3.OperationalError as fejl:
            raise StoreUtilgaengelig(str(fejl)) from fejl

    def luk(self) -> None:
        """Close the file."""
        if self._aaben:
            self._aaben = False
            self._db.close()


class _Omkring:
    """What stands around a transaction; a class because a generator would cost every call twice as much."""

    __slots__ = ("_begynd", "_db")

    def __init__(self, db: sqlite3.Connection, begynd: str) -> None:
        self._db = db
        self._begynd = begynd

    def __enter__(self) -> Transaktion:
        try:
            self._db.execute(self._begynd)
        except sqlite3.OperationalError as fejl:
            raise StoreUtilgaengelig(str(fejl)) from fejl
        return SqliteTransaktion(self._db)

    def __exit__(
        self, type_: type[BaseException] | None, fejl: BaseException | None, spor: TracebackType | None
    ) -> None:
        if fejl is None:
            try:
                self._db.execute("COMMIT")
            except sqlite3.OperationalError as brud:
                self._rul_tilbage()
                raise StoreUtilgaengelig(str(brud)) from brud
            return
        self._rul_tilbage()
        if isinstance(fejl, sqlite3.OperationalError):
            raise StoreUtilgaengelig(str(fejl)) from fejl

    def _rul_tilbage(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
