"""Assemble the servers of a stage: routing to the neighbour services, client certificates, latency, access to the control API.

Not here: binding and serving (`stage`).
"""

from __future__ import annotations

from collections.abc import Container

from generalproeve.settings.stage import StageSettings
from generalproeve.settings.tls import CertificateSystem
from generalproeve.stage.gatekeeper import Gatekeeper
from generalproeve.stage.http.server import Server, new_server
from generalproeve.stage.latency.control import PATH, LatencySelector
from generalproeve.stage.latency.model import Model
from generalproeve.stage.overload import Overload
from generalproeve.stage.reference import StageApplication
from vos_contracts.base.ids import new_uuid
from vos_contracts.wire.asgi.endpoint import ASGIApp, AsgiTransport, Receive, Scope, Send
from vos_simulators.neighbours.services import Neighbours


class PathSwitch:
    """An ASGI application that passes requests at certain paths to one application and all others to another."""

    def __init__(self, paths: Container[str], app: ASGIApp, otherwise: ASGIApp) -> None:
        self._paths = paths
        self._app = app
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on by its path."""
        matches = scope["type"] == "http" and scope["path"] in self._paths
        await (self._app if matches else self._otherwise)(scope, receive, send)


def new_servers(
    application: StageApplication, settings: StageSettings, latency: Model | None, token: str | None
) -> list[Server]:
    """Make the server of the services and, unless it is switched off, that of the control API.

    Raises:
        CannotRun: a certificate or the latency model cannot be used.
    """
    limits, contract = settings.limits, application.runtime.contract
    neighbours = Neighbours(
        contract, AsgiTransport(application.internal), new_uuid, settings.without, limits.body_limits
    )
    app: ASGIApp = PathSwitch(neighbours.apps, application.with_journal(neighbours), application.services)
    if settings.tls is not None:
        app = CertificateSystem(app, contract.names.header("system"), settings.tls.systems)
    app = Overload(app, limits.waiting, application.runtime.journal, application.runtime.clock, contract)
    app = Gatekeeper(app, (settings.host, *settings.host_names))
    server = new_server(app, settings.tls, limits)
    selector = LatencySelector(server, app, application.runtime, limits)
    if latency is not None:
        selector.choose(latency)
    if not settings.control:
        return [server]
    control = PathSwitch((PATH,), selector.app(), application.control)
    gatekeeper = Gatekeeper(control, (settings.control_host, *settings.host_names), token)
    return [server, new_server(gatekeeper, limits=limits)]
