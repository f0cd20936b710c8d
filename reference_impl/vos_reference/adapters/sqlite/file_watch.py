"""Watch a database file while it is open: somebody may delete, replace or truncate it."""

from __future__ import annotations

import os
from pathlib import Path


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
        """Return whether the files are the ones that were opened and no shorter than seen before; a loss is final."""
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
