"""Danish days: what "today" and "future" mean in a rule. The instant itself is always an argument."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DANSK_TID = ZoneInfo("Europe/Copenhagen")


def dansk_dag(tidspunkt: datetime) -> date:
    """Return the calendar day in Denmark at that instant."""
    return tidspunkt.astimezone(DANSK_TID).date()


def alder(foedt: date, dag: date) -> int:
    """Count full years on that day; one born on 29 February is a year older on 1 March (DECISIONS section 4)."""
    return dag.year - foedt.year - ((dag.month, dag.day) < (foedt.month, foedt.day))


def midnat(dag: date) -> datetime:
    """Return the first instant of a day in Denmark; never ambiguous, since clocks are changed at two and three."""
    return datetime(dag.year, dag.month, dag.day, tzinfo=DANSK_TID)


def kl(dag: date, klokken: time) -> datetime:
    """Return the instant of a Danish hour on that day; the hour must be one that exists once."""
    return datetime.combine(dag, klokken, tzinfo=DANSK_TID)


def senere(tidspunkt: datetime, saa_meget: timedelta) -> datetime:
    """Return the instant that much later, in real time: the clock on the wall may have been changed meanwhile."""
    return (tidspunkt.astimezone(UTC) + saa_meget).astimezone(DANSK_TID)


def aarsdag(foedt: date, aar: int) -> date:
    """Return the day on which a person fills that many years; one born on 29 February on 1 March (DECISIONS section 4)."""
    try:
        return foedt.replace(year=foedt.year + aar)
    except ValueError:
        return date(foedt.year + aar, 3, 1)
