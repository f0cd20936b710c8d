"""A municipal case system (KSS) at a jobcentre: registers by REST or SOAP, reads back, empties its queue."""

from __future__ import annotations

from datetime import datetime

from vos_contracts.identitet import Bruger, Identitet, Organisation

SYSTEM = 1001
"""The calling system's number in this project; STAR's code list is not public."""


def identitet(jobcenter: Organisation, now: datetime) -> Identitet:
    """Say who a caseworker of that jobcentre is, calling through the case system."""
    return Identitet(jobcenter, Bruger("Sofie Sagsbehandler", 2, "CVR:12345678-UUID:sofie"), jobcenter, now, SYSTEM)
