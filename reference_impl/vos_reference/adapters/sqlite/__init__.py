"""The store in one SQLite file.

`store` opens and migrates the file, `transaction` combines the SQL of `citizens`, `queue`, `webhooks`, `events` and `runs`,
and `codec` has the formats of the columns.
"""

from vos_reference.adapters.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
