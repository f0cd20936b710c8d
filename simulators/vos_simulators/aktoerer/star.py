"""STAR's own caseworker, who may register on every citizen."""

from __future__ import annotations

from datetime import datetime

from vos_contracts.identitet import Bruger, Identitet, Organisation
from vos_contracts.koder.aktoerer import Organisationstype

SYSTEM = 3001
"""The calling system's number in this project; STAR's code list is not public."""

STAR = Organisation(Organisationstype.STAR, "1")


def identitet(now: datetime) -> Identitet:
    """Say who STAR's caseworker is."""
    return Identitet(STAR, Bruger("Stella Styrelse", 4, "stella"), STAR, now, SYSTEM)
