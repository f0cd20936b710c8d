"""Danish calendar days, as the rules use "today" and "future"; every function takes the instant as an argument."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DANISH_TIME = ZoneInfo("Europe/Copenhagen")


def danish_day(instant: datetime) -> date:
    """Return the calendar day in Denmark at that instant."""
    return instant.astimezone(DANISH_TIME).date()


def age(born: date, day: date) -> int:
    """Return the age in full years on that day; a person born on 29 February is a year older on 1 March (DECISIONS.md)."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def midnight(day: date) -> datetime:
    """Return the first instant of a day in Denmark; never ambiguous, since the clock changes between 02:00 and 03:00."""
    return datetime(day.year, day.month, day.day, tzinfo=DANISH_TIME)


def kl(day: date, clock_time: time) -> datetime:
    """Return the instant of a Danish clock time on that day; it must be a time that occurs exactly once that day."""
    return datetime.combine(day, clock_time, tzinfo=DANISH_TIME)


def later(instant: datetime, duration: timedelta) -> datetime:
    """Return the instant `duration` later in elapsed time, across a change between summer and winter time."""
    return (instant.astimezone(UTC) + duration).astimezone(DANISH_TIME)


def anniversary(born: date, year: int) -> date:
    """Return the day on which a person turns `year`; born on 29 February, that is 1 March in other years (DECISIONS.md)."""
    try:
        return born.replace(year=born.year + year)
    except ValueError:
        return date(born.year + year, 3, 1)
