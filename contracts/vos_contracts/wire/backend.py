"""The interface between the SOAP edge and its two backends, converter and classic.

The protocols are in this package because neither backend may import the other.
"""

from __future__ import annotations

from typing import Protocol

from vos_contracts.model.identity import Identity
from vos_contracts.model.reading import Collections, ReadService
from vos_contracts.model.registration import Create, Update
from vos_contracts.tables.errors import ServiceError
from vos_contracts.wire.soap.receipt import Receipt


class Backend(Protocol):
    """Carries out one registration that arrived over SOAP."""

    async def register(
        self, cpr: str, command: Create | Update, identity: Identity
    ) -> Receipt | tuple[ServiceError, ...]:
        """Return the receipt, or the errors sorted by number."""
        ...


class ReadBackend(Protocol):
    """Carries out one read that arrived over SOAP."""

    async def read(self, service: ReadService, cpr: str, identity: Identity) -> Collections | tuple[ServiceError, ...]:
        """Return the collections, or the errors sorted by number."""
        ...
