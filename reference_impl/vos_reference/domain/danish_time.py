"""Danish days: what "today" and "future" mean in a rule. The instant itself is always an argument."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DANISH_TIME = ZoneInfo("Europe/Copenhagen")


def danish_day(instant: datetime) -> date:
    """Return the calendar day in Denmark at that instant."""
    return instant.astimezone(DANISH_TIME).date()


def age(born: date, day: date) -> int:
    """Count full years on that day; one born on 29 February is a year older on 1 March (DECISIONS section 4)."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def midnight(day: date) -> datetime:
    """Return the first instant of a day in Denmark; never ambiguous, since clocks are changed at two and three."""
    return datetime(day.year, day.month, day.day, tzinfo=DANISH_TIME)


def kl(day: date, clock_time: time) -> datetime:
    """Return the instant of a Danish hour on that day; the hour must be one that exists once."""
    return datetime.combine(day, clock_time, tzinfo=DANISH_TIME)


def later(instant: datetime, duration: timedelta) -> datetime:
    """Return the instant that much later, in real time: the clock on the wall may have been changed meanwhile."""
    return (instant.astimezone(UTC) + duration).astimezone(DANISH_TIME)


def anniversary(born: date, year: int) -> date:
    """Return the day on which a person fills that many years; one born on 29 February on 1 March (DECISIONS section 4)."""
    try:
        return born.replace(year=born.year + year)
    except ValueError:
        return date(born.year + year, 3, 1)
