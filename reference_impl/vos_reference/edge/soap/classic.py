"""The classic backend of the SOAP edge (until release 2024-3): it calls the application directly, without REST.

The domain knows the channel, because error codes 100028 and 100029 differ for it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from vos_contracts.model.identity import Identity
from vos_contracts.model.reading import Collections, ReadService
from vos_contracts.model.registration import Create, Update
from vos_contracts.tables.errors import ServiceError
from vos_contracts.wire.soap.receipt import Receipt
from vos_reference.application.ports import StoreUnavailable
from vos_reference.application.reading import read_collections
from vos_reference.application.registration import RegistrationCall, RepeatedCall, Result
from vos_reference.application.runtime import Runtime
from vos_reference.domain.decision import Accepted, Caller, Refused


class Classic:
    """Registers in this process; `register` carries out a registration and returns after its commit."""

    def __init__(self, runtime: Runtime, register: Callable[[RegistrationCall], Awaitable[Result]]) -> None:
        self._runtime = runtime
        self._register = register

    async def register(
        self, cpr: str, command: Create | Update, identity: Identity
    ) -> Receipt | tuple[ServiceError, ...]:
        """Register; the errors if the application refuses, 1011 if the store is unavailable."""
        runtime = self._runtime
        caller = Caller(identity, classic_soap=True)
        try:
            result = await self._register(RegistrationCall(cpr, command, caller, runtime.ids()))
        except StoreUnavailable:
            return (ServiceError(1011),)
        match result:
            case Accepted():
                return Receipt(result.id, runtime.clock.now())
            case Refused():
                return result.errors
            case RepeatedCall():
                raise AssertionError("a generated request id was repeated")


class ClassicReading:
    """Reads from the application in this process."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def read(self, service: ReadService, cpr: str, identity: Identity) -> Collections | tuple[ServiceError, ...]:
        """Read; the errors if the application refuses, 1011 if the store is unavailable."""
        try:
            response = read_collections(self._runtime, service, cpr, identity)
        except StoreUnavailable:
            return (ServiceError(1011),)
        if isinstance(response, Refused):
            return response.errors
        return response.collections()
