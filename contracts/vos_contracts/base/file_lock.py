"""A lock between processes: the operating system's, on a file, so that it ends with its process however that ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO


class InUse(OSError):
    """Another process has the lock; the message names it."""


class FileLock:
    """The lock on a file or folder, held from its construction until it is released."""

    def __init__(self, path: Path, user: str) -> None:
        """Take the lock by the lock file `path`; `user` is what an error calls its holder.

        Raises:
            InUse: another process has it.
            OSError: the lock file cannot be written.
        """
        self._file: IO[str] = path.open("a+", encoding="ascii")
        try:
            _lock(self._file)
        except OSError:
            self._file.seek(0)
            process = self._file.read(20).strip()
            self._file.close()
            raise InUse(
                f"another {user} uses it (process {process or 'unknown'}); end that one or choose another"
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
