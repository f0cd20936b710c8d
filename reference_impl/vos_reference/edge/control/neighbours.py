"""The internal interface: commands of the neighbour services about tilmelding, illness, fravaer and fleksjob."""

from __future__ import annotations

import msgspec

from vos_contracts.control import neighbours as control
from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError
from vos_contracts.wire.asgi.body import require_unambiguous
from vos_contracts.wire.base import Call, RemoteWireError, Response
from vos_reference.application.registration import tell
from vos_reference.application.runtime import Runtime
from vos_reference.application.turns import TakesTurns
from vos_reference.domain.decision import Caller, Refused


class InternalEdge:
    """The endpoint that takes every command."""

    def __init__(self, runtime: Runtime, turns: TakesTurns) -> None:
        self._runtime = runtime
        self._turns = turns

    async def command(self, call: Call, path: dict[str, str]) -> Response:
        """Carry out a command; a business refusal is a 200 response that lists the errors."""
        try:
            message = control.decode_call(call.body)
        except (msgspec.DecodeError, UnicodeDecodeError) as exc:
            raise RemoteWireError(ServiceError(INVALID_REQUEST, str(exc))) from exc
        require_unambiguous(call.body)
        if not message.identity.registreringstidspunkt.tzinfo:
            raise RemoteWireError(ServiceError(INVALID_REQUEST, "identity.registreringstidspunkt: skal have offset"))
        caller = Caller(message.identity)
        result = await self._turns.run(
            lambda: tell(self._runtime, message.cpr, message.service, message.command, caller)
        )
        if isinstance(result, Refused):
            response = control.NeighbourResponse(
                errors=tuple(control.NeighbourError(error.code, error.description) for error in result.errors)
            )
        else:
            response = control.NeighbourResponse(id=result.id, instant=self._runtime.clock.now())
        return Response(200, {"content-type": "application/json"}, control.encode_answer(response))
