"""Times and texts that every channel can carry: a value accepted on one channel must be writable on the others.

A time is an xs:dateTime (XML Schema part 2) in the years in which Danish time has an offset of whole minutes. A text holds
only XML 1.0 characters that are not control characters.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

DANISH_TIME = ZoneInfo("Europe/Copenhagen")
FIRST_YEAR, LAST_YEAR = 1901, 9997
_OFFSET = r"Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00)"
XS_DATE_TIME = re.compile(rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?({_OFFSET})?", re.ASCII)
DATE_TIME = re.compile(rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?({_OFFSET})", re.ASCII)
"""The date-time of the OpenAPI documents (RFC 3339), within the offsets that an xs:dateTime can have."""
_WRITTEN = "\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff"
_CHARACTER, _UNTRANSPORTABLE = re.compile(f"[{_WRITTEN}]*"), re.compile(f"[^{_WRITTEN}]")


def read_instant(text: str) -> datetime | None:
    """Read an xs:dateTime; without an offset it is Danish time, and decimals beyond microseconds are dropped.

    Returns None if the text is not a dateTime or its year is out of range."""
    if not XS_DATE_TIME.fullmatch(text):
        return None
    end_of_day = "T24:00:00" in text  # the same instant as the next day's first
    try:
        instant = datetime.fromisoformat(text.replace("T24:00:00", "T00:00:00") if end_of_day else text)
    except ValueError:
        return None
    if not in_calendar(instant):
        return None
    if end_of_day:
        instant += timedelta(days=1)
    return instant if instant.tzinfo else instant.replace(tzinfo=DANISH_TIME)


def midnight(instant: datetime) -> datetime:
    """Return the beginning of the instant's Danish day."""
    return instant.astimezone(DANISH_TIME).replace(hour=0, minute=0, second=0, microsecond=0)


def in_calendar(instant: datetime) -> bool:
    """Return whether every channel can carry the year."""
    return FIRST_YEAR <= instant.year <= LAST_YEAR


def is_transportable(text: str) -> bool:
    """Return whether every channel can carry the text."""
    return _CHARACTER.fullmatch(text) is not None


def transportable(text: str) -> str:
    """Replace characters that some channel cannot carry: white space by a space, others by a question mark."""
    return _UNTRANSPORTABLE.sub(lambda match: " " if match[0].isspace() else "?", text)
