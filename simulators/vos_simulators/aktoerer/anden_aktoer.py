"""A private operator (anden aktør) that acts for a jobcentre: active is the jobcentre, the user's own the operator."""

from __future__ import annotations

from datetime import datetime

from vos_contracts.identitet import Bruger, Identitet, Organisation

SYSTEM = 1001


def identitet(jobcenter: Organisation, egen: Organisation, now: datetime) -> Identitet:
    """Say who a consultant of that operator is, acting for the jobcentre."""
    return Identitet(jobcenter, Bruger("Anders Aktør", 2, "anders"), egen, now, SYSTEM)
