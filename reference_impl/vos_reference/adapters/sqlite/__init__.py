"""The store in one SQLite file: `store` opens and migrates it, `transaktion` holds the SQL, `koe` the queue's SQL, `codec` the
formats of the columns."""

from vos_reference.adapters.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
