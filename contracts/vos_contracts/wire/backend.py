"""What stands behind the SOAP edge of the registrations and of the reads: the converter, or the classic way.

A protocol here because neither back end may see the other's rooms.
"""

from __future__ import annotations

from typing import Protocol

from vos_contracts.model.identity import Identity
from vos_contracts.model.reading import Collections, ReadService
from vos_contracts.model.registration import Create, Update
from vos_contracts.tables.errors import ServiceError
from vos_contracts.wire.soap.receipt import Receipt


class Backend(Protocol):
    """Carry out one registration that came by SOAP."""

    async def register(
        self, cpr: str, command: Create | Update, identity: Identity
    ) -> Receipt | tuple[ServiceError, ...]:
        """Return the receipt, or the errors sorted by number."""
        ...


class ReadBackend(Protocol):
    """Carry out one read that came by SOAP."""

    async def read(self, service: ReadService, cpr: str, identity: Identity) -> Collections | tuple[ServiceError, ...]:
        """Return the collections, or the errors sorted by number."""
        ...
