"""The identity of DFDG as registrant of what a nightly job does (facts: "for system calls: system and job name")."""

from __future__ import annotations

from datetime import datetime

from vos_contracts.model.identity import Identity, Organisation, User
from vos_contracts.tables.access import ClientSystem, OrganisationType

STAR = Organisation(OrganisationType.STAR, "1")
SYSTEM_USER = 3
"""The user type of a system without a caseworker."""


def identity(job: str, now: datetime) -> Identity:
    """Return DFDG, acting for STAR, as the caller that runs the job."""
    return Identity(STAR, User(f"DFDG {job}", SYSTEM_USER, "dfdg"), STAR, now, ClientSystem.DFDG)
