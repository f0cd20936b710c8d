"""Open, migrate and close the SQLite file, and begin its transactions.

WAL and `synchronous=NORMAL`: a commit survives the death of the process at any point. One writer, begun immediate; writers of
several processes queue at a lock of their own, since SQLite's is waited for by sleeping and trying again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
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
        with as_file(files("vos_reference.adapters.sqlite").joinpath("migrationer")) as mappe:
            if _applied_migrations(fil) >= _shipped_migrations(mappe):
                return  # without yoyo, which takes 10 ms to find that there is nothing to apply
            bagende = yoyo.get_backend(f"sqlite:///{quote(fil.resolve().as_posix())}")
            try:
                trin = yoyo.read_migrations(str(mappe))
                with bagende.lock():
                    bagende.apply_migrations(bagende.to_apply(trin))
            finally:
                bagende.connection.close()
    except (sqlite3.Error, OSError, BadMigration, LockTimeout, MigrationConflict) as fejl:
        raise DatabaseFejl(f"{fil}: {fejl}") from fejl


def _applied_migrations(file: Path) -> set[str]:
    """Read the ids of the migrations that the file has.

    Raises:
        sqlite3.Error: the file is not a database.
    """
    with closing(sqlite3.connect(file)) as db:
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = '_yoyo_migration'").fetchone():
            return set()
        return {migration_id for (migration_id,) in db.execute("SELECT migration_id FROM _yoyo_migration")}


def _shipped_migrations(folder: Path) -> set[str]:
    return {file.stem for file in folder.glob("*.sql") if not file.name.endswith(".rollback.sql")}


IMENS_S = 0.001
"""How often one that waits for the queue does what it does meanwhile, in seconds."""


class Koe:
    """A lock of the operating system's on a file: whoever waits is woken when it is free, and one that dies has left it.

    `foer_slip` is called by one who has it, before the next gets it; `imens` again and again while one waits for it.
    """

    def __init__(self, fil: Path) -> None:
        import fcntl  # where there is none, a stage has one process

        self._fil = fil.open("ab")
        self._flock = fcntl.flock
        self._tag, self._forsoeg, self._slip = fcntl.LOCK_EX, fcntl.LOCK_EX | fcntl.LOCK_NB, fcntl.LOCK_UN
        self._venter = ThreadPoolExecutor(1, "skrivekoe")
        self.foer_slip: Callable[[], None] = lambda: None
        self.imens: Callable[[], None] | None = None

    def tag(self) -> None:
        """Wait for it."""
        if self.imens is None:
            self._flock(self._fil, self._tag)
            return
        try:
            self._flock(self._fil, self._forsoeg)
        except BlockingIOError:
            faaet = self._venter.submit(self._flock, self._fil, self._tag)
            while faaet not in wait((faaet,), IMENS_S).done:
                self.imens()
            faaet.result()

    def slip(self) -> None:
        """Let the next have it."""
        try:
            self.foer_slip()
        finally:
            self._flock(self._fil, self._slip)

    def luk(self) -> None:
        """Leave it for good."""
        self._venter.shutdown()
        self._fil.close()


class SqliteStore:
    """One connection for one thread; open it in the thread that uses it.

    `koe` is where the writers of several processes queue; None where there is one process.
    """

    def __init__(self, fil: Path, koe: Koe | None = None) -> None:
        self._fil = fil
        self._koe = koe
        if self._koe is None:
            self._aabn()
            return
        self._koe.tag()  # two that bring a file up to date at the same time are in each other's way
        try:
            self._aabn()
        except BaseException:
            self._koe.luk()
            raise
        self._koe.slip()

    def _aabn(self) -> None:
        fil = self._fil
        migrer(fil)
        self._db = sqlite3.connect(fil, isolation_level=None, timeout=VENTETID_S, cached_statements=256)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.execute(f"PRAGMA wal_autocheckpoint = {_WAL_SIDER}")
        self._db.execute("PRAGMA cache_size = -65536")
        self._aaben = True

    def transaktion(self) -> AbstractContextManager[Transaktion]:
        """Begin immediate, commit at the end, roll back on an exception."""
        if self._koe is not None:
            return _Koet(self._koe, self._db)
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
            if self._koe is not None:
                self._koe.luk()


class _Omkring:
    """What stands around a transaction; a class because a generator would cost every call twice as much."""

    __slots__ = ("_begynd", "_db", "_efter")

    def __init__(self, db: sqlite3.Connection, begynd: str) -> None:
        self._db = db
        self._begynd = begynd
        self._efter: Sequence[Callable[[], None]] = ()

    def __enter__(self) -> Transaktion:
        try:
            self._db.execute(self._begynd)
        except sqlite3.OperationalError as fejl:
            raise StoreUtilgaengelig(str(fejl)) from fejl
        t = SqliteTransaktion(self._db)
        self._efter = t.efter
        return t

    def __exit__(
        self, type_: type[BaseException] | None, fejl: BaseException | None, spor: TracebackType | None
    ) -> None:
        if fejl is None:
            try:
                self._db.execute("COMMIT")
            except sqlite3.OperationalError as brud:
                self._rul_tilbage()
                raise StoreUtilgaengelig(str(brud)) from brud
            for kald in self._efter:
                kald()
            return
        self._rul_tilbage()
        if isinstance(fejl, sqlite3.OperationalError):
            raise StoreUtilgaengelig(str(fejl)) from fejl

    def _rul_tilbage(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")


class _Koet(_Omkring):
    """A write that waits for those of other processes."""

    __slots__ = ("_koe",)

    def __init__(self, koe: Koe, db: sqlite3.Connection) -> None:
        super().__init__(db, "BEGIN IMMEDIATE")
        self._koe = koe

    def __enter__(self) -> Transaktion:
        self._koe.tag()
        try:
            return super().__enter__()
        except BaseException:
            self._koe.slip()
            raise

    def __exit__(
        self, type_: type[BaseException] | None, fejl: BaseException | None, spor: TracebackType | None
    ) -> None:
        try:
            super().__exit__(type_, fejl, spor)
        finally:
            self._koe.slip()
