"""All the services of the reference as one application, and the internal interface as another.

Not here: what stands around them (`bootstrap`), or what one of them does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from vos_contracts.control import neighbours as control
from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.koder.udgave import PrsSoap
from vos_contracts.wire.asgi import AsgiEndepunkt, AsgiTransport, Metodevalg, SkrivFejl, send_svar
from vos_contracts.wire.bagende import Bagende, Laesebagende
from vos_contracts.wire.body import Kropsgraenser
from vos_contracts.wire.rest import Rest
from vos_contracts.wire.rest_laesning import RestLaesning
from vos_reference.application.drift import Drift
from vos_reference.application.registration import Registreringskald, Resultat
from vos_reference.application.turns import WriteTurns
from vos_reference.converter import Converter, LaeseConverter
from vos_reference.edge.abonnement import AbonnementEdge
from vos_reference.edge.intern import InternEdge
from vos_reference.edge.openapi import OpenapiEdge
from vos_reference.edge.rest import RestEdge
from vos_reference.edge.rest_laesning import RestLaesningEdge
from vos_reference.edge.soap import SoapEdge
from vos_reference.edge.styring import skriv_fejl
from vos_reference.klassisk import Klassisk, KlassiskLaesning


def tjenester(
    drift: Drift,
    graenser: Kropsgraenser,
    register: Callable[[Registreringskald], Awaitable[Resultat]],
    turns: WriteTurns,
) -> ASGIApp:
    """Make the application of all services, REST and SOAP; `register` carries out a registration."""
    kontrakt = drift.kontrakt
    rest = Rest(kontrakt)
    laesning = RestLaesning(kontrakt, rest)
    registreringer, laesninger = RestEdge(drift, rest, register), RestLaesningEdge(drift, rest, laesning)
    converter_linje = AsgiTransport(
        app([*registreringer.ruter(graenser), *laesninger.tvillinger(graenser)], rest.skriv_fejl)
    )
    bagender: Mapping[PrsSoap, Bagende] = {
        PrsSoap.KLASSISK: Klassisk(drift, register),
        PrsSoap.CONVERTER: Converter(rest, converter_linje, drift.ider, drift.ur.now),
    }
    laesere: Mapping[PrsSoap, Laesebagende] = {
        PrsSoap.KLASSISK: KlassiskLaesning(drift),
        PrsSoap.CONVERTER: LaeseConverter(laesning, converter_linje),
    }
    ruter = [
        *registreringer.ruter(graenser),
        *laesninger.ruter(graenser),
        *SoapEdge(drift, bagender, laesere, turns).ruter(graenser),
        *AbonnementEdge(drift, rest, turns).ruter(graenser),
        *OpenapiEdge(kontrakt).ruter(),
    ]
    return app(ruter, rest.skriv_fejl)


def internt(drift: Drift, graenser: Kropsgraenser, turns: WriteTurns) -> ASGIApp:
    """Make the application of the internal interface alone."""
    metoder = {"POST": AsgiEndepunkt(InternEdge(drift, turns).kommando, skriv_fejl, graenser)}
    return app([Route(control.STI, endpoint=Metodevalg(metoder, skriv_fejl))], skriv_fejl)


def app(ruter: Sequence[BaseRoute], skriv: SkrivFejl) -> ASGIApp:
    """Make an application whose unknown paths are refused in the channel's own shape."""

    async def findes_ikke(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await send_svar(send, skriv((Fejl(VALIDERER_IKKE, f"stien {scope['path']} findes ikke"),), 404))

    router = Router(routes=ruter, default=findes_ikke, redirect_slashes=False)
    faste = {rute.path: rute.app for rute in ruter if isinstance(rute, Route) and "{" not in rute.path}

    async def vaelg(scope: Scope, receive: Receive, send: Send) -> None:
        """Most calls go to a fixed path: look it up; the router matches the rest, one pattern after the other."""
        fast = faste.get(scope["path"]) if scope["type"] == "http" else None
        if fast is None:
            await router(scope, receive, send)
        else:
            scope["path_params"] = {}
            await fast(scope, receive, send)

    return vaelg
