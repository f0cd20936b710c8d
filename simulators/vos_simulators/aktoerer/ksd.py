"""KSD, the municipalities' sickness benefit system: tells of illness and recovery without a caseworker in between."""

from __future__ import annotations

from datetime import datetime

from vos_contracts.identitet import Bruger, Identitet, Organisation

SYSTEM = 1003
"""The calling system's number in this project; STAR's code list is not public."""


def identitet(kommune: Organisation, now: datetime) -> Identitet:
    """Say who KSD is when it acts for that municipality."""
    return Identitet(kommune, Bruger("KSD sygedagpenge", 3, "CVR:12345678-UUID:ksd"), kommune, now, SYSTEM)
