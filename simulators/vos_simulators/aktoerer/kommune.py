"""A municipality that registers on its own citizens without a jobcentre in between."""

from __future__ import annotations

from datetime import datetime

from vos_contracts.identitet import Bruger, Identitet, Organisation

SYSTEM = 1001


def identitet(kommune: Organisation, now: datetime) -> Identitet:
    """Say who a caseworker of that municipality is."""
    return Identitet(kommune, Bruger("Karen Kommune", 2, "karen"), kommune, now, SYSTEM)
