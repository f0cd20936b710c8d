"""The classic way of one SOAP registration: no REST call in between; the domain knows the channel (100028, 100029)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from vos_contracts.model.identity import Identity
from vos_contracts.model.registration import Create, Update
from vos_contracts.tables.errors import ServiceError
from vos_contracts.wire.soap.receipt import Receipt
from vos_reference.application.ports import StoreUnavailable
from vos_reference.application.registration import RegistrationCall, RepeatedCall, Result
from vos_reference.application.runtime import Runtime
from vos_reference.domain.decision import Accepted, Caller, Refused


class Classic:
    """The application behind the SOAP edge; `register` carries out a registration and returns after its commit."""

    def __init__(self, runtime: Runtime, register: Callable[[RegistrationCall], Awaitable[Result]]) -> None:
        self._runtime = runtime
        self._register = register

    async def register(
        self, cpr: str, command: Create | Update, identity: Identity
    ) -> Receipt | tuple[ServiceError, ...]:
        """Carry out one registration in this process."""
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
                raise AssertionError("a minted request id came back")
