"""One SOAP read is one REST call, to the service's twin (`wire.rest_reading`); the error numbers stay the same."""

from __future__ import annotations

from vos_contracts.model.identity import Identity
from vos_contracts.model.reading import Collections, ReadService, row
from vos_contracts.model.registration import Kind
from vos_contracts.tables.errors import ServiceError
from vos_contracts.wire import split_times
from vos_contracts.wire.base import AsyncTransport, RemoteWireError, UnreachableError
from vos_contracts.wire.rest.reading import RestReading
from vos_contracts.wire.rest.registration import Refusal
from vos_reference.edge.soap.converter.registration import INTERNAL_ERRORS


class ReadConverter:
    """A client of the twins."""

    def __init__(self, rest: RestReading, transport: AsyncTransport) -> None:
        self._rest = rest
        self._transport = transport

    async def read(self, service: ReadService, cpr: str, identity: Identity) -> Collections | tuple[ServiceError, ...]:
        """Read over REST."""
        call = self._rest.call_twin(service, cpr, identity)
        split_times.mark(split_times.CONVERT)
        try:
            rest_response = await self._transport.send(call)
            split_times.mark(split_times.REST)
            response = self._rest.understand_collections(rest_response)
        except (UnreachableError, RemoteWireError):
            return (INTERNAL_ERRORS,)
        if isinstance(response, Refusal):
            return response.errors
        collections = Collections(*(tuple(row(item) for item in response[kind]) for kind in Kind))
        split_times.mark(split_times.CONVERT)
        return collections
