"""AbonnementService: the sync operation, translated between wire and application."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import BaseRoute, Route

from vos_contracts.wire.asgi.body import BodyLimits
from vos_contracts.wire.asgi.endpoint import AsgiEndpoint, MethodChoice
from vos_contracts.wire.base import Call, Response
from vos_contracts.wire.rest.registration import Rest
from vos_contracts.wire.rest.subscriptions import Subscriptions
from vos_reference.application.runtime import Runtime
from vos_reference.application.turns import TakesTurns
from vos_reference.application.webhook_subscriptions import synchronise
from vos_reference.domain.decision import Refused
from vos_reference.edge.rest.registration import only_json


class SubscriptionEdge:
    """The sync operation as an endpoint."""

    def __init__(self, runtime: Runtime, rest: Rest, turns: TakesTurns) -> None:
        self._runtime = runtime
        self._turns = turns
        self._rest = rest
        self._subscriptions = Subscriptions(runtime.contract, rest)

    def routes(self, limits: BodyLimits) -> Sequence[BaseRoute]:
        """Return the route of the sync operation."""
        endpoint = AsgiEndpoint(self._synchronise, self._rest.write_errors, limits)
        return [Route(self._subscriptions.path, endpoint=MethodChoice({"POST": endpoint}, self._rest.write_errors))]

    async def _synchronise(self, call: Call, path: dict[str, str]) -> Response:
        only_json(call)
        caller = self._rest.headers.read_identity(call.headers)
        wishes = self._subscriptions.read(call.body)
        result = await self._turns.run(lambda: synchronise(self._runtime, caller, *wishes))
        if isinstance(result, Refused):
            return self._rest.write_errors(result.errors)
        return self._subscriptions.write_response(result)
