"""How far to move a clock forward: seconds, or an ISO 8601 duration with a calendar part and a part of real time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import isodate

from vos_contracts.wire.instants import i_calendar
from vos_reference.domain.danish_time import DANISH_TIME, later

_FORM = re.compile(r"P(?=.)([^T]*)(?:T(.+))?")
RULE = "skal være et antal sekunder eller en ISO 8601-varighed som P1D eller PT2H, og ikke negativ"


class InvalidDuration(ValueError):
    """The duration cannot be read, is negative, or leads out of the calendar; the message says the rule."""


def forward(instant: datetime, duration: float | str) -> datetime:
    """Return the instant that much later in Danish time.

    Years, months, weeks and days go by the calendar (a day later is the same hour, also over a night when the clock is
    changed); hours, minutes and seconds are real time. Errors: InvalidDuration.
    """
    try:
        if not isinstance(duration, str):
            return _seconds(instant, duration)
        form = _FORM.fullmatch(duration)
        if form is None:
            raise InvalidDuration(RULE)
        calendar = isodate.parse_duration(f"P{form[1] or '0D'}", as_timedelta_if_possible=False)
        wall = instant.astimezone(DANISH_TIME).replace(tzinfo=None, fold=0)
        new_one: datetime = wall + calendar
        if new_one < wall:
            raise InvalidDuration(RULE)
        moved = (
            instant if new_one == wall else new_one.replace(tzinfo=DANISH_TIME).astimezone(UTC).astimezone(DANISH_TIME)
        )
        return _seconds(moved, isodate.parse_duration(f"PT{form[2]}").total_seconds() if form[2] else 0)
    except (isodate.ISO8601Error, ValueError, OverflowError, TypeError) as exc:
        raise InvalidDuration(RULE) from exc


def _seconds(instant: datetime, seconds: float) -> datetime:
    if seconds < 0:
        raise InvalidDuration(RULE)
    result = later(instant, timedelta(seconds=seconds))
    if not i_calendar(result):
        raise InvalidDuration(RULE)
    return result
