"""Times and texts that every channel can carry: what one channel lets in, another must be able to write.

A time is an xs:dateTime (XML Schema part 2) in years that have a Danish time with an offset of whole minutes; a text holds
only characters that XML 1.0 can carry and that are no control characters.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

DANSK_TID = ZoneInfo("Europe/Copenhagen")
FOERSTE_AAR, SIDSTE_AAR = 1901, 9997
_FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_SKRIVES = "\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff"
_TEGN, _ANDRE_TEGN = re.compile(f"[{_SKRIVES}]*"), re.compile(f"[^{_SKRIVES}]")


def laes_tidspunkt(tekst: str) -> datetime | None:
    """Read a time, a naive one as Danish; decimals past microseconds fall away; None if it is none or out of the years."""
    if not _FORM.fullmatch(tekst):
        return None
    dagens_slut = "T24:00:00" in tekst  # the same instant as the next day's first
    try:
        tidspunkt = datetime.fromisoformat(tekst.replace("T24:00:00", "T00:00:00") if dagens_slut else tekst)
    except ValueError:
        return None
    if not i_kalenderen(tidspunkt):
        return None
    if dagens_slut:
        tidspunkt += timedelta(days=1)
    return tidspunkt if tidspunkt.tzinfo else tidspunkt.replace(tzinfo=DANSK_TID)


def midnat(tidspunkt: datetime) -> datetime:
    """Return the beginning of its day in Denmark."""
    return tidspunkt.astimezone(DANSK_TID).replace(hour=0, minute=0, second=0, microsecond=0)


def i_kalenderen(tidspunkt: datetime) -> bool:
    """Say whether the year is one that every channel can carry."""
    return FOERSTE_AAR <= tidspunkt.year <= SIDSTE_AAR


def kan_skrives(tekst: str) -> bool:
    """Say whether every channel can carry the text."""
    return _TEGN.fullmatch(tekst) is not None


def som_kan_skrives(tekst: str) -> str:
    """Put a question mark for every character that some channel cannot carry, and a space for white space."""
    return _ANDRE_TEGN.sub(lambda fund: " " if fund[0].isspace() else "?", tekst)
