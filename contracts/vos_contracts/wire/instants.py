"""Times and texts that every channel can carry: what one channel lets in, another must be able to write.

A time is an xs:dateTime (XML Schema part 2) in years that have a Danish time with an offset of whole minutes; a text holds
only characters that XML 1.0 can carry and that are no control characters.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

DANISH_TIME = ZoneInfo("Europe/Copenhagen")
FIRST_YEAR, LAST_YEAR = 1901, 9997
_FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_WRITTEN = "\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff"
_CHARACTER, _ANDRE_CHARACTER = re.compile(f"[{_WRITTEN}]*"), re.compile(f"[^{_WRITTEN}]")


def read_instant(text: str) -> datetime | None:
    """Read a time, a naive one as Danish; decimals past microseconds fall away; None if it is none or out of the years."""
    if not _FORM.fullmatch(text):
        return None
    today_end = "T24:00:00" in text  # the same instant as the next day's first
    try:
        instant = datetime.fromisoformat(text.replace("T24:00:00", "T00:00:00") if today_end else text)
    except ValueError:
        return None
    if not i_calendar(instant):
        return None
    if today_end:
        instant += timedelta(days=1)
    return instant if instant.tzinfo else instant.replace(tzinfo=DANISH_TIME)


def midnight(instant: datetime) -> datetime:
    """Return the beginning of its day in Denmark."""
    return instant.astimezone(DANISH_TIME).replace(hour=0, minute=0, second=0, microsecond=0)


def i_calendar(instant: datetime) -> bool:
    """Say whether the year is one that every channel can carry."""
    return FIRST_YEAR <= instant.year <= LAST_YEAR


def can_written(text: str) -> bool:
    """Say whether every channel can carry the text."""
    return _CHARACTER.fullmatch(text) is not None


def som_can_written(text: str) -> str:
    """Put a question mark for every character that some channel cannot carry, and a space for white space."""
    return _ANDRE_CHARACTER.sub(lambda finding: " " if finding[0].isspace() else "?", text)
