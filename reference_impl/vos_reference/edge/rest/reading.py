"""Other reads at the REST edge: status, code lists, and the twins of the SOAP reads, which only the converter calls."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from starlette.routing import BaseRoute, Route

from vos_contracts.model.reading import ReadService, code_lists
from vos_contracts.tables.errors import ServiceError
from vos_contracts.wire.asgi.body import BodyLimits
from vos_contracts.wire.asgi.endpoint import AsgiEndpoint, Endpoint, MethodChoice
from vos_contracts.wire.base import Call, Response
from vos_contracts.wire.rest.reading import RestReading, twin
from vos_contracts.wire.rest.registration import Rest
from vos_reference.application.reading import read_collections, read_status
from vos_reference.application.runtime import Runtime
from vos_reference.domain.decision import Refused

UNKNOWN_CODE_LIST = ServiceError(2001)


class RestReadingEdge:
    """The status, code-list and twin reads as endpoints."""

    def __init__(self, runtime: Runtime, rest: Rest, reading: RestReading) -> None:
        self._runtime = runtime
        self._rest = rest
        self._reading = reading
        self._code_lists = code_lists(runtime.contract)

    def routes(self, limits: BodyLimits) -> Sequence[BaseRoute]:
        """Return the public routes."""
        path = self._reading.code_list_path
        return [
            self._route(self._reading.status_path, self._status, limits),
            self._route(path, self._all_code_lists, limits),
            self._route(f"{path}/{{name}}", self._code_list, limits),
        ]

    def twins(self, limits: BodyLimits) -> Sequence[BaseRoute]:
        """Return the routes of the twins, which are reachable for the converter only."""
        return [self._route(twin(service), partial(self._twin, service), limits) for service in ReadService]

    def _route(self, path: str, endpoint: Endpoint, limits: BodyLimits) -> Route:
        write_errors = self._rest.write_errors
        return Route(path, endpoint=MethodChoice({"GET": AsgiEndpoint(endpoint, write_errors, limits)}, write_errors))

    async def _status(self, call: Call, path: dict[str, str]) -> Response:
        headers = self._rest.headers
        reader = headers.read_identity(call.headers)
        response = read_status(self._runtime, headers.read_cpr(call.headers), reader)
        return (
            self._rest.write_errors(response.errors)
            if isinstance(response, Refused)
            else self._reading.write_status(response)
        )

    async def _twin(self, service: ReadService, call: Call, path: dict[str, str]) -> Response:
        headers = self._rest.headers
        reader = headers.read_identity(call.headers)
        response = read_collections(self._runtime, service, headers.read_cpr(call.headers), reader)
        return (
            self._rest.write_errors(response.errors)
            if isinstance(response, Refused)
            else self._reading.write_reading(response)
        )

    async def _all_code_lists(self, call: Call, path: dict[str, str]) -> Response:
        return self._reading.write_code_lists(self._code_lists.values())

    async def _code_list(self, call: Call, path: dict[str, str]) -> Response:
        code_list = self._code_lists.get(path["name"])
        if code_list is None:
            return self._rest.write_errors((UNKNOWN_CODE_LIST,))
        return self._reading.write_code_list(code_list)
