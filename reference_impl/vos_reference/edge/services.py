"""Compose all services of the reference into one ASGI application, and the internal interface into another.

Journal, latency and servers around them are added in `bootstrap` and by the harness.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence

from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from vos_contracts.control import neighbours as control
from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError
from vos_contracts.tables.releases import PrsSoap
from vos_contracts.wire.asgi.body import BodyLimits
from vos_contracts.wire.asgi.endpoint import AsgiEndpoint, AsgiTransport, MethodChoice, WriteErrors, send_response
from vos_contracts.wire.backend import Backend, ReadBackend
from vos_contracts.wire.rest.reading import RestReading
from vos_contracts.wire.rest.registration import Rest
from vos_reference.application.registration import RegistrationCall, Result
from vos_reference.application.runtime import Runtime
from vos_reference.application.turns import TakesTurns
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
    turns: TakesTurns,
) -> ASGIApp:
    """Make the ASGI application of all services; `register` carries out a registration and returns after its commit."""
    contract = runtime.contract
    rest = Rest(contract)
    reading = RestReading(contract, rest)
    registrations, reads = RestEdge(runtime, rest, register), RestReadingEdge(runtime, rest, reading)
    converter_transport = AsgiTransport(app([*registrations.routes(limits), *reads.twins(limits)], rest.write_errors))
    backends: Mapping[PrsSoap, Backend] = {
        PrsSoap.CLASSIC: Classic(runtime, register),
        PrsSoap.CONVERTER: Converter(rest, converter_transport, runtime.ids, runtime.clock.now),
    }
    readers: Mapping[PrsSoap, ReadBackend] = {
        PrsSoap.CLASSIC: ClassicReading(runtime),
        PrsSoap.CONVERTER: ReadConverter(reading, converter_transport),
    }
    routes = [
        *registrations.routes(limits),
        *reads.routes(limits),
        *SoapEdge(runtime, backends, readers, turns).routes(limits),
        *SubscriptionEdge(runtime, rest, turns).routes(limits),
        *OpenapiEdge(contract).routes(),
    ]
    return app(routes, rest.write_errors)


def internal(runtime: Runtime, limits: BodyLimits, turns: TakesTurns) -> ASGIApp:
    """Make the ASGI application of the internal interface alone."""
    methods = {"POST": AsgiEndpoint(InternalEdge(runtime, turns).command, write_errors, limits)}
    return app([Route(control.PATH, endpoint=MethodChoice(methods, write_errors))], write_errors)


def app(routes: Sequence[BaseRoute], write: WriteErrors) -> ASGIApp:
    """Make an ASGI application that refuses unknown paths in the error format of the channel.

    Paths are matched without regard to case, and with a trailing slash (DECISIONS.md section 7).
    """

    async def refuse_unknown_path(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await send_response(
                send, write((ServiceError(INVALID_REQUEST, f"stien {scope['path']} findes ikke"),), 404)
            )

    for route in routes:
        if isinstance(route, Route):
            route.path_regex = re.compile(route.path_regex.pattern.removesuffix("$") + "/?$", re.IGNORECASE)
    router = Router(routes=routes, default=refuse_unknown_path, redirect_slashes=False)
    fixed_paths = {route.path: route.app for route in routes if isinstance(route, Route) and "{" not in route.path}

    async def choose(scope: Scope, receive: Receive, send: Send) -> None:
        """Look up a fixed path in a dictionary; the router would match its patterns one after the other."""
        fixed = fixed_paths.get(scope["path"]) if scope["type"] == "http" else None
        if fixed is None:
            await router(scope, receive, send)
        else:
            scope["path_params"] = {}
            await fixed(scope, receive, send)

    return choose
