"""One SOAP registration is one REST call: write it, send it, and give its answer back with the same error numbers.

So every REST rule also meets SOAP callers, from the release in which the converter stands (epic AC 1005.17.28.2).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from vos_contracts.model.identity import Identity
from vos_contracts.model.registration import Create, Update
from vos_contracts.tables.errors import ServiceError
from vos_contracts.wire import split_times
from vos_contracts.wire.base import AsyncTransport, RemoteWireError, UnreachableError
from vos_contracts.wire.rest.registration import Refusal, Rest
from vos_contracts.wire.soap.receipt import Receipt

INTERNAL_ERRORS = ServiceError(1011)


class Converter:
    """A client of the REST service; `new_id` mints the request id that SOAP callers do not send."""

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
        """Carry out one registration over REST."""
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
