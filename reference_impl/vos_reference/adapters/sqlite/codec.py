"""The column formats of the SQLite file: instants as UTC text, days as ISO 8601. Text order is time order."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import overload


@lru_cache(maxsize=256)  # a transaction writes the same instant to up to some hundred rows
def to_text(instant: datetime) -> str:
    """Format an instant in UTC with six decimals, so that text order is time order."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


@overload
def from_text(text: str) -> datetime: ...
@overload
def from_text(text: str | None) -> datetime | None: ...
def from_text(text: str | None) -> datetime | None:
    """Parse an instant that `to_text` formatted; None for NULL."""
    return None if text is None else datetime.fromisoformat(text)


def day_to_text(day: date | None) -> str | None:
    """Format a day; NULL for None."""
    return None if day is None else day.isoformat()


@overload
def day_from_text(text: str) -> date: ...
@overload
def day_from_text(text: str | None) -> date | None: ...
def day_from_text(text: str | None) -> date | None:
    """Parse a day that `day_to_text` formatted; None for NULL."""
    return None if text is None else date.fromisoformat(text)
