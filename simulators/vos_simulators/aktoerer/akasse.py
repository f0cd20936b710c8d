"""An unemployment fund: enrols its members, reads their contact groups, empties its queue; it may not register."""

from __future__ import annotations

from datetime import datetime

from vos_contracts.identitet import Bruger, Identitet, Organisation

SYSTEM = 2001
"""The calling system's number in this project; STAR's code list is not public."""


def identitet(akasse: Organisation, now: datetime) -> Identitet:
    """Say who a caseworker of that fund is."""
    return Identitet(akasse, Bruger("Aksel Akasse", 2, "aksel"), akasse, now, SYSTEM)
