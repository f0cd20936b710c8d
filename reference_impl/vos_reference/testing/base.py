"""The fixed instant, the organisations and the queue message that the contract tests of the ports share."""

from __future__ import annotations

from datetime import UTC, datetime

from vos_contracts.model.identity import Organisation
from vos_reference.application.ports import Ejer, Konvolut

NU = datetime(2024, 11, 18, 9, 0, tzinfo=UTC)
JOBCENTER = Organisation(8, "10100")
EJER = Ejer(JOBCENTER, 0)


def konvolut(nummer: int, ejer: Ejer = EJER, beskedtype: str = "GetContactGroupVersion5") -> Konvolut:
    """Make a WSRM message in that owner's queue."""
    return Konvolut(f"k{nummer}", beskedtype, ejer, b'{"nr":%d}' % nummer, NU)
