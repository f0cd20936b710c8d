"""The classic way of one SOAP read: straight to the application."""

from __future__ import annotations

from vos_contracts.model.identity import Identity
from vos_contracts.model.reading import Collections, ReadService, row
from vos_contracts.model.registration import Kind
from vos_contracts.tables.errors import ServiceError
from vos_reference.application.ports import StoreUnavailable
from vos_reference.application.reading import read_collections
from vos_reference.application.runtime import Runtime
from vos_reference.domain.decision import Refused


class ClassicReading:
    """The application's reads behind the SOAP edge."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def read(self, service: ReadService, cpr: str, identity: Identity) -> Collections | tuple[ServiceError, ...]:
        """Read in this process."""
        try:
            response = read_collections(self._runtime, service, cpr, identity)
        except StoreUnavailable:
            return (ServiceError(1011),)
        if isinstance(response, Refused):
            return response.errors
        return Collections(*(tuple(row(item) for item in response[kind]) for kind in Kind))
