"""Empty stores for tests: a SQLite file that is migrated once per process and copied for each store (2 ms instead of 100)."""

from __future__ import annotations

import atexit
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vos_reference.adapters.sqlite import SqliteStore

_numbers = count()
_open: list[tuple[SqliteStore, Path]] = []


@cache
def _folder() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="stores-")
    atexit.register(folder.cleanup)
    return Path(folder.name)


@cache
def template() -> bytes:
    """Migrate an empty file and return its content: the store closes it, so that nothing of it is left in a log beside it."""
    from vos_reference.adapters.sqlite import SqliteStore  # lazy: conftest imports this module, and yoyo takes 100 ms

    file = _folder() / "template.db"
    SqliteStore(file).close()
    return file.read_bytes()


def empty_store(file: Path | None = None) -> SqliteStore:
    """Open a new, empty store, in the given file or in one of its own; `closing_stores` closes it if the test does not.

    All have the generation of the template.
    """
    from vos_reference.adapters.sqlite import SqliteStore  # lazy: see `template`

    file = file or _folder() / f"{next(_numbers)}.db"
    file.write_bytes(template())
    store = SqliteStore(file)
    _open.append((store, file))
    return store


@contextmanager
def closing_stores() -> Iterator[None]:
    """Close, at the end of the block, the stores that were opened in it, and delete their files."""
    before = len(_open)
    try:
        yield
    finally:
        for store, file in _open[before:]:
            store.close()
            file.unlink()
        del _open[before:]
