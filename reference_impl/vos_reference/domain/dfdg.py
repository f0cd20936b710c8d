"""Who stands as registrant when nobody called: DFDG itself, for STAR (facts: "for system calls: system and job name")."""

from __future__ import annotations

from datetime import datetime

from vos_contracts.koder.aktoerer import Klientsystem, Organisationstype
from vos_contracts.model.identity import Bruger, Identitet, Organisation

STAR = Organisation(Organisationstype.STAR, "1")
SYSTEMBRUGER = 3
"""The user type of a system."""


def identitet(job: str, now: datetime) -> Identitet:
    """Return DFDG as the caller that carries out that job."""
    return Identitet(STAR, Bruger(f"DFDG {job}", SYSTEMBRUGER, "dfdg"), STAR, now, Klientsystem.DFDG)
