"""The formats that the columns of the SQLite file share: instants as UTC text, days as ISO 8601; text order is time order."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import overload


@lru_cache(maxsize=256)  # one transaction writes the same instant into up to a few hundred rows
def to_text(instant: datetime) -> str:
    """Write an instant with a fixed number of digits, so that text order is time order."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


@overload
def from_text(text: str) -> datetime: ...
@overload
def from_text(text: str | None) -> datetime | None: ...
def from_text(text: str | None) -> datetime | None:
    """Read an instant that `to_text` wrote; NULL is no instant."""
    return None if text is None else datetime.fromisoformat(text)


def day_to_text(day: date | None) -> str | None:
    """Write a day; no day is NULL."""
    return None if day is None else day.isoformat()


@overload
def day_from_text(text: str) -> date: ...
@overload
def day_from_text(text: str | None) -> date | None: ...
def day_from_text(text: str | None) -> date | None:
    """Read a day that `day_to_text` wrote; NULL is no day."""
    return None if text is None else date.fromisoformat(text)
