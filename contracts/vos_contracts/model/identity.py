"""The caller's identity: the active organisation, the user, the user's own organisation, and the calling system.

REST and SOAP headers carry the same parts (FYS/13926415); here they are values without a wire format.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, order=True)
class Organisation:
    """An authority: its type (1..100) and its code (1..20 characters; jobcentre number, fund code, municipality, CVR)."""

    type: int
    code: str

    def __str__(self) -> str:
        return f"{self.type}/{self.code}"


@dataclass(frozen=True, slots=True)
class User:
    """The calling user as the caller's system knows it."""

    name: str
    type: int
    id: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Everything a call says about its caller. It is stored with each registration and repeated in the WSRM message."""

    active: Organisation
    user: User
    user_organisation: Organisation
    registreringstidspunkt: datetime
    system: int = 0
