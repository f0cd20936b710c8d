"""The converter backend of the SOAP edge: each SOAP call becomes one REST call, as in the SOAP-to-REST converter of the epic.

From the release with the converter on, every REST rule therefore also applies to SOAP callers (epic AC 1005.17.28.2), with
the same error codes. The module depends on the wire formats only, not on the application.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from vos_contracts.model.identity import Identity
from vos_contracts.model.reading import Collections, ReadService
from vos_contracts.model.registration import Create, Update
from vos_contracts.tables.errors import ServiceError
from vos_contracts.wire import split_times
from vos_contracts.wire.base import AsyncTransport, RemoteWireError, UnreachableError
from vos_contracts.wire.rest.reading import RestReading
from vos_contracts.wire.rest.registration import Refusal, Rest
from vos_contracts.wire.soap.receipt import Receipt

INTERNAL_ERRORS = ServiceError(1011)


class Converter:
    """Registers over REST; `new_id` generates the request id, which SOAP callers do not send."""

    def __init__(
        self, rest: Rest, transport: AsyncTransport, new_id: Callable[[], str], now: Callable[[], datetime]
    ) -> None:
        self._rest = rest
        self._transport = transport
        self._new_id = new_id
        self._now = now

    async def register(
        self, cpr: str, command: Create | Update, identity: Identity
    ) -> Receipt | tuple[ServiceError, ...]:
        """Register over REST; the errors if REST refuses, 1011 if it cannot be reached."""
        call = self._rest.call_register(cpr, command, identity, self._new_id())
        split_times.mark(split_times.CONVERT)
        try:
            rest_response = await self._transport.send(call)
            split_times.mark(split_times.REST)
            response = self._rest.understand_id(rest_response)
        except (UnreachableError, RemoteWireError):
            return (INTERNAL_ERRORS,)
        split_times.mark(split_times.CONVERT)
        return response.errors if isinstance(response, Refusal) else Receipt(response, self._now())


class ReadConverter:
    """Reads through the REST twins."""

    def __init__(self, rest: RestReading, transport: AsyncTransport) -> None:
        self._rest = rest
        self._transport = transport

    async def read(self, service: ReadService, cpr: str, identity: Identity) -> Collections | tuple[ServiceError, ...]:
        """Read over REST; the errors if REST refuses, 1011 if it cannot be reached."""
        call = self._rest.call_twin(service, cpr, identity)
        split_times.mark(split_times.CONVERT)
        try:
            rest_response = await self._transport.send(call)
            split_times.mark(split_times.REST)
            response = self._rest.understand_reading(rest_response)
        except (UnreachableError, RemoteWireError):
            return (INTERNAL_ERRORS,)
        if isinstance(response, Refusal):
            return response.errors
        collections = response.collections()
        split_times.mark(split_times.CONVERT)
        return collections
