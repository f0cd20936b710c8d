"""A planner system at a jobcentre: reads to plan interviews with, and registers nothing."""

from __future__ import annotations

from datetime import datetime

from vos_contracts.identitet import Bruger, Identitet, Organisation

SYSTEM = 1002
"""The calling system's number in this project; STAR's code list is not public."""


def identitet(jobcenter: Organisation, now: datetime) -> Identitet:
    """Say who a caseworker of that jobcentre is, calling through the planner system."""
    return Identitet(jobcenter, Bruger("Pia Planlægger", 2, "pia"), jobcenter, now, SYSTEM)
