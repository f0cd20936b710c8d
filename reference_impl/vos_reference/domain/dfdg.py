"""Who stands as registrant when nobody called: DFDG itself, for STAR (facts: "for system calls: system and job name")."""

from __future__ import annotations

from datetime import datetime

from vos_contracts.model.identity import Identity, Organisation, User
from vos_contracts.tables.access import ClientSystem, OrganisationType

STAR = Organisation(OrganisationType.STAR, "1")
SYSTEM_USER = 3
"""The user type of a system."""


def identity(job: str, now: datetime) -> Identity:
    """Return DFDG as the caller that carries out that job."""
    return Identity(STAR, User(f"DFDG {job}", SYSTEM_USER, "dfdg"), STAR, now, ClientSystem.DFDG)
