"""Jobnet: reads for the citizen's pages, and for a caseworker who is logged in there."""

from __future__ import annotations

from datetime import datetime

from vos_contracts.identitet import Bruger, Identitet, Organisation

SYSTEM = 3004
"""The calling system's number in this project; STAR's code list is not public."""


def identitet(organisation: Organisation, now: datetime) -> Identitet:
    """Say who a caseworker of that authority is, logged in on Jobnet."""
    return Identitet(organisation, Bruger("Jonna Jobnet", 2, "jonna"), organisation, now, SYSTEM)
