"""One database, one stage: the lock on a database file for the life of a stage, and the watch on the file under way.

The lock is the operating system's, on a file beside the database, so that it ends with its process however that ends.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO

SUFFIX = ".lock"


class InUse(OSError):
    """Another stage has the file; the message names its process."""


class FileLock:
    """The lock on a database file, held from its construction until it is released."""

    def __init__(self, database: Path) -> None:
        """Take the lock.

        Raises:
            InUse: another stage has the database.
            OSError: the lock file cannot be written.
        """
        path = database.with_name(f"{database.name}{SUFFIX}")
        self._file: IO[str] = path.open("a+", encoding="ascii")
        try:
            _lock(self._file)
        except OSError:
            self._file.seek(0)
            process = self._file.read(20).strip()
            self._file.close()
            raise InUse(
                f"another stage uses it (process {process or 'unknown'}); end that stage or choose another file"
            ) from None
        self._file.seek(0)
        self._file.truncate()
        self._file.write(f"{os.getpid()}\n")
        self._file.flush()

    def release(self) -> None:
        """Give the lock back; the file stays, because deleting it would let two stages lock two files of that name."""
        self._file.close()


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> None:
        file.seek(1 << 30)  # a byte behind the text, which others may read
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FileWatch:
    """Notices that a database was deleted, replaced or truncated by somebody else; SQLite itself goes on without a word.

    The database is open in WAL mode and has been read, so that its log exists.
    """

    def __init__(self, database: Path) -> None:
        self._database = str(database)
        self._log = f"{database}-wal"
        opened = os.stat(self._database)
        self._identity, self._size = _identity(opened), opened.st_size
        self._log_identity = _identity(os.stat(self._log))
        self.lost = ""

    def is_intact(self) -> bool:
        """Say whether the files are the ones that were opened and no shorter than seen before; a loss is final."""
        if self.lost:
            return False
        try:
            main = os.stat(self._database)
            log = os.stat(self._log)
        except OSError as exc:
            self.lost = f"{exc.filename} is gone"
            return False
        if _identity(main) != self._identity or _identity(log) != self._log_identity:
            self.lost = f"{self._database} was replaced"
        elif main.st_size < self._size:
            self.lost = f"{self._database} was truncated from {self._size} to {main.st_size} bytes"
        self._size = main.st_size
        return not self.lost


def _identity(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino
