"""All the services of the reference as one application, and the internal interface as another.

Not here: what stands around them (`bootstrap`), or what one of them does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from vos_contracts.control import neighbours as control
from vos_contracts.tables.errors import VALIDATES_NOT, ServiceError
from vos_contracts.tables.releases import PrsSoap
from vos_contracts.wire.asgi.body import BodyLimits
from vos_contracts.wire.asgi.endpoint import AsgiEndpoint, AsgiTransport, MethodChoice, WriteErrors, send_response
from vos_contracts.wire.backend import Backend, ReadBackend
from vos_contracts.wire.rest.reading import RestReading
from vos_contracts.wire.rest.registration import Rest
from vos_reference.application.registration import RegistrationCall, Result
from vos_reference.application.runtime import Runtime
from vos_reference.application.turns import WriteTurns
from vos_reference.edge.control.neighbours import InternalEdge
from vos_reference.edge.control.stage import write_errors
from vos_reference.edge.rest.documents import OpenapiEdge
from vos_reference.edge.rest.reading import RestReadingEdge
from vos_reference.edge.rest.registration import RestEdge
from vos_reference.edge.rest.subscriptions import SubscriptionEdge
from vos_reference.edge.soap.classic import Classic, ClassicReading
from vos_reference.edge.soap.converter import Converter, ReadConverter
from vos_reference.edge.soap.registration import SoapEdge


def services(
    runtime: Runtime,
    limits: BodyLimits,
    register: Callable[[RegistrationCall], Awaitable[Result]],
    turns: WriteTurns,
) -> ASGIApp:
    """Make the application of all services, REST and SOAP; `register` carries out a registration."""
    contract = runtime.contract
    rest = Rest(contract)
    reading = RestReading(contract, rest)
    registrations, reads = RestEdge(runtime, rest, register), RestReadingEdge(runtime, rest, reading)
    converter_line = AsgiTransport(app([*registrations.routes(limits), *reads.twins(limits)], rest.write_errors))
    backends: Mapping[PrsSoap, Backend] = {
        PrsSoap.CLASSIC: Classic(runtime, register),
        PrsSoap.CONVERTER: Converter(rest, converter_line, runtime.ids, runtime.clock.now),
    }
    readers: Mapping[PrsSoap, ReadBackend] = {
        PrsSoap.CLASSIC: ClassicReading(runtime),
        PrsSoap.CONVERTER: ReadConverter(reading, converter_line),
    }
    routes = [
        *registrations.routes(limits),
        *reads.routes(limits),
        *SoapEdge(runtime, backends, readers, turns).routes(limits),
        *SubscriptionEdge(runtime, rest, turns).routes(limits),
        *OpenapiEdge(contract).routes(),
    ]
    return app(routes, rest.write_errors)


def internt(runtime: Runtime, limits: BodyLimits, turns: WriteTurns) -> ASGIApp:
    """Make the application of the internal interface alone."""
    methods = {"POST": AsgiEndpoint(InternalEdge(runtime, turns).command, write_errors, limits)}
    return app([Route(control.PATH, endpoint=MethodChoice(methods, write_errors))], write_errors)


def app(routes: Sequence[BaseRoute], write: WriteErrors) -> ASGIApp:
    """Make an application whose unknown paths are refused in the channel's own shape."""

    async def exists_not(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await send_response(send, write((ServiceError(VALIDATES_NOT, f"stien {scope['path']} findes ikke"),), 404))

    router = Router(routes=routes, default=exists_not, redirect_slashes=False)
    fixed_ones = {route.path: route.app for route in routes if isinstance(route, Route) and "{" not in route.path}

    async def choose(scope: Scope, receive: Receive, send: Send) -> None:
        """Most calls go to a fixed path: look it up; the router matches the rest, one pattern after the other."""
        fixed = fixed_ones.get(scope["path"]) if scope["type"] == "http" else None
        if fixed is None:
            await router(scope, receive, send)
        else:
            scope["path_params"] = {}
            await fixed(scope, receive, send)

    return choose
