"""The store in one SQLite file: `store` opens and migrates it, `transaction` holds the SQL, `queue` the queue's SQL, `codec` the
formats of the columns."""

from vos_reference.adapters.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
