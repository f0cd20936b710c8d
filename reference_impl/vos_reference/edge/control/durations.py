"""Add a duration to an instant: seconds, or an ISO 8601 duration with a calendar part and a real-time part."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import isodate

from vos_contracts.wire.instants import in_calendar
from vos_reference.domain.danish_time import DANISH_TIME, later

_PATTERN = re.compile(r"P(?=.)([^T]*)(?:T(.+))?")
RULE = "skal være et antal sekunder eller en ISO 8601-varighed som P1D eller PT2H, og ikke negativ"


class InvalidDuration(ValueError):
    """The duration is unreadable, negative, or leads beyond the calendar; the message is the rule."""


def forward(instant: datetime, duration: float | str) -> datetime:
    """Return the instant that much later in Danish time.

    Years, months, weeks and days follow the calendar: a day later is the same hour, also across a change to or from summer
    time. Hours, minutes and seconds are real time.

    Raises:
        InvalidDuration: the duration is unreadable, negative, or leads beyond the calendar.
    """
    try:
        if not isinstance(duration, str):
            return _add_seconds(instant, duration)
        match = _PATTERN.fullmatch(duration)
        if match is None:
            raise InvalidDuration(RULE)
        calendar = isodate.parse_duration(f"P{match[1] or '0D'}", as_timedelta_if_possible=False)
        wall = instant.astimezone(DANISH_TIME).replace(tzinfo=None, fold=0)
        shifted: datetime = wall + calendar
        if shifted < wall:
            raise InvalidDuration(RULE)
        moved = (
            instant if shifted == wall else shifted.replace(tzinfo=DANISH_TIME).astimezone(UTC).astimezone(DANISH_TIME)
        )
        return _add_seconds(moved, isodate.parse_duration(f"PT{match[2]}").total_seconds() if match[2] else 0)
    except (isodate.ISO8601Error, ValueError, OverflowError, TypeError) as exc:
        raise InvalidDuration(RULE) from exc


def _add_seconds(instant: datetime, seconds: float) -> datetime:
    if seconds < 0:
        raise InvalidDuration(RULE)
    result = later(instant, timedelta(seconds=seconds))
    if not in_calendar(result):
        raise InvalidDuration(RULE)
    return result
