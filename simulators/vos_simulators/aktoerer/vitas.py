"""VITAS, where employers and jobcentres agree on company-based offers: reads, and registers nothing."""

from __future__ import annotations

from datetime import datetime

from vos_contracts.identitet import Bruger, Identitet, Organisation

SYSTEM = 3005
"""The calling system's number in this project; STAR's code list is not public."""


def identitet(jobcenter: Organisation, now: datetime) -> Identitet:
    """Say who a caseworker of that jobcentre is, calling through VITAS."""
    return Identitet(jobcenter, Bruger("Viggo Vitas", 2, "viggo"), jobcenter, now, SYSTEM)
