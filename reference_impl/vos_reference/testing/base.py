"""The fixed instant, the organisation and the WSRM message that the contract tests share."""

from __future__ import annotations

from datetime import UTC, datetime

from vos_contracts.model.identity import Organisation
from vos_reference.application.ports import Envelope, Owner

NOW = datetime(2024, 11, 18, 9, 0, tzinfo=UTC)
JOBCENTER = Organisation(8, "10100")
OWNER = Owner(JOBCENTER, 0)


def envelope(number: int, owner: Owner = OWNER, message_type: str = "GetContactGroupVersion5") -> Envelope:
    """Make a WSRM message for the queue of that owner."""
    return Envelope(f"k{number}", message_type, owner, b'{"nr":%d}' % number, NOW)
