"""PersonVisiteringService v1: its routes, and the translation between wire and application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from starlette.routing import BaseRoute, Route

from vos_contracts.model.registration import Create, Delete, Kind, RegistrationCommand
from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError
from vos_contracts.wire.asgi.body import BodyLimits
from vos_contracts.wire.asgi.endpoint import AsgiEndpoint, Endpoint, MethodChoice
from vos_contracts.wire.base import Call, RemoteWireError, Response, combined
from vos_contracts.wire.rest.registration import JSON, Rest
from vos_reference.application.reading import Read, Reading, read
from vos_reference.application.registration import CALL_REMEMBERED, RegistrationCall, RepeatedCall, Result
from vos_reference.application.runtime import Runtime
from vos_reference.domain.decision import Accepted, Caller, Refused

REPEATED = ServiceError(
    INVALID_REQUEST, f"request-id er allerede modtaget inden for {CALL_REMEMBERED.days} dage; intet er ændret"
)


class RestEdge:
    """The operations of the service as endpoints; `register` carries out a registration and returns after its commit."""

    def __init__(self, runtime: Runtime, rest: Rest, register: Callable[[RegistrationCall], Awaitable[Result]]) -> None:
        self._runtime = runtime
        self._rest = rest
        self._register_call = register

    def routes(self, limits: BodyLimits) -> Sequence[BaseRoute]:
        """Return the routes; the fixed path of the history precedes the one with an identifier."""

        def route(path: str, methods: dict[str, Endpoint]) -> Route:
            apps = {
                method: AsgiEndpoint(endpoint, self._rest.write_errors, limits) for method, endpoint in methods.items()
            }
            return Route(path, endpoint=MethodChoice(apps, self._rest.write_errors))

        routes: list[BaseRoute] = []
        for kind, path in self._rest.paths.items():
            routes += [
                route(path, {"POST": partial(self._create, kind), "GET": partial(self._read, kind, Reading.CURRENT)}),
                route(f"{path}/{self._rest.history}", {"GET": partial(self._read, kind, Reading.HISTORY)}),
                route(
                    f"{path}/{{id}}",
                    {
                        "POST": partial(self._create, kind),
                        "PUT": partial(self._update, kind),
                        "DELETE": partial(self._delete, kind),
                        "GET": partial(self._read, kind, Reading.SINGLE),
                    },
                ),
            ]
        return routes

    async def _create(self, kind: Kind, call: Call, path: dict[str, str]) -> Response:
        only_json(call)
        rest = self._rest

        def read_command() -> Create:
            return rest.read_create(kind, call.body, rest.read_id(path["id"], kind) if "id" in path else None)

        return await self._register(call, read_command)

    async def _update(self, kind: Kind, call: Call, path: dict[str, str]) -> Response:
        only_json(call)
        rest = self._rest
        return await self._register(call, lambda: rest.read_update(kind, call.body, rest.read_id(path["id"], kind)))

    async def _delete(self, kind: Kind, call: Call, path: dict[str, str]) -> Response:
        return await self._register(call, lambda: Delete(kind, self._rest.read_id(path["id"], kind)))

    async def _register(self, call: Call, read_command: Callable[[], RegistrationCommand]) -> Response:
        """Check the identity before anything else is read; then report all errors of the call at once."""
        headers = self._rest.headers
        caller = Caller(headers.read_identity(call.headers))
        cpr, call_id, command = combined(
            partial(headers.read_cpr, call.headers), partial(headers.read_call_id, call.headers), read_command
        )
        result = await self._register_call(RegistrationCall(cpr, command, caller, call_id))
        return answer_registration(self._rest, result)

    async def _read(self, kind: Kind, reading: Reading, call: Call, path: dict[str, str]) -> Response:
        headers = self._rest.headers
        reader = headers.read_identity(call.headers)
        cpr, id_ = combined(
            partial(headers.read_cpr, call.headers),
            lambda: self._rest.read_id(path["id"], kind) if reading is Reading.SINGLE else "",
        )
        return answer_reading(self._rest, reading, read(self._runtime, cpr, kind, reading, reader, id_))


def only_json(call: Call) -> None:
    """Require a JSON body.

    Raises:
        RemoteWireError: the content type is another one; the status is 415.
    """
    media_type = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != JSON:
        raise RemoteWireError(ServiceError(INVALID_REQUEST, f"content-type: skal være {JSON}"), status=415)


def answer_registration(rest: Rest, result: Accepted | Refused | RepeatedCall) -> Response:
    """Answer a registration with its id, with the errors, or with 412 for a repeated request id."""
    match result:
        case Accepted():
            return rest.write_id(result.id)
        case Refused():
            return rest.write_errors(result.errors)
        case RepeatedCall():
            return rest.write_errors((REPEATED,), 412)


def answer_reading(rest: Rest, reading: Reading, result: Read | Refused) -> Response:
    """Answer a read with a list, or with the one registration that was asked for."""
    if isinstance(result, Refused):
        return rest.write_errors(result.errors)
    if reading is Reading.SINGLE:
        return rest.write_view(result.shown_values[0].view())
    return rest.write_views(shown.view() for shown in result.shown_values)
