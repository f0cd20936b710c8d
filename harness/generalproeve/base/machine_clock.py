"""The wall clock of this machine, for the harness itself; a stage has a clock of its own."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the only place in the harness
