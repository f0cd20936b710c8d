"""How far to move a clock forward: seconds, or an ISO 8601 duration with a calendar part and a part of real time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import isodate

from vos_contracts.wire.tid import i_kalenderen
from vos_reference.domain.tid import DANSK_TID, senere

_FORM = re.compile(r"P(?=.)([^T]*)(?:T(.+))?")
REGEL = "skal være et antal sekunder eller en ISO 8601-varighed som P1D eller PT2H, og ikke negativ"


class UgyldigVarighed(ValueError):
    """The duration cannot be read, is negative, or leads out of the calendar; the message says the rule."""


def frem(tidspunkt: datetime, varighed: float | str) -> datetime:
    """Return the instant that much later in Danish time.

    Years, months, weeks and days go by the calendar (a day later is the same hour, also over a night when the clock is
    changed); hours, minutes and seconds are real time. Errors: UgyldigVarighed.
    """
    try:
        if not isinstance(varighed, str):
            return _sekunder(tidspunkt, varighed)
        form = _FORM.fullmatch(varighed)
        if form is None:
            raise UgyldigVarighed(REGEL)
        kalender = isodate.parse_duration(f"P{form[1] or '0D'}", as_timedelta_if_possible=False)
        vaeg = tidspunkt.astimezone(DANSK_TID).replace(tzinfo=None, fold=0)
        nyt: datetime = vaeg + kalender
        if nyt < vaeg:
            raise UgyldigVarighed(REGEL)
        flyttet = tidspunkt if nyt == vaeg else nyt.replace(tzinfo=DANSK_TID).astimezone(UTC).astimezone(DANSK_TID)
        return _sekunder(flyttet, isodate.parse_duration(f"PT{form[2]}").total_seconds() if form[2] else 0)
    except (isodate.ISO8601Error, ValueError, OverflowError, TypeError) as brud:
        raise UgyldigVarighed(REGEL) from brud


def _sekunder(tidspunkt: datetime, sekunder: float) -> datetime:
    if sekunder < 0:
        raise UgyldigVarighed(REGEL)
    resultat = senere(tidspunkt, timedelta(seconds=sekunder))
    if not i_kalenderen(resultat):
        raise UgyldigVarighed(REGEL)
    return resultat
