"""The machine's own clock, for what happens outside any stage; a stage has a clock of its own."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the machine's time."""
    return datetime.now(UTC)  # noqa: TID251 - the harness' one place
