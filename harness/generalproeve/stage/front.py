"""What stands between a stage's sockets and its applications: the neighbours' paths, the caller's certificate, the door to
the control API, and how slowly the services are to answer.

Not here: binding and serving (`stage`).
"""

from __future__ import annotations

from generalproeve.settings.stage import StageSettings
from generalproeve.settings.tls import CertificateSystem
from generalproeve.stage.composite import Composed
from generalproeve.stage.gatekeeper import Gatekeeper
from generalproeve.stage.http.server import Server, new_server
from generalproeve.stage.latency.control import PATH, LatencySelector
from generalproeve.stage.latency.model import Model
from generalproeve.stage.reference import Application
from vos_contracts.base.ids import new_uuid
from vos_contracts.wire.asgi.endpoint import ASGIApp, AsgiTransport
from vos_simulators.neighbours.services import Neighbours


def servere(application: Application, setup: StageSettings, latency: Model | None, token: str | None) -> list[Server]:
    """Make the server of the services and, where there is one, that of the control API; errors: CannotRun."""
    limits, contract = setup.limits, application.runtime.contract
    neighbours = Neighbours(contract, AsgiTransport(application.internt), new_uuid, setup.without, limits.body_limits)
    everyone: ASGIApp = Composed(neighbours.apper, application.with_journal(neighbours), application.services)
    if setup.tls is not None:
        everyone = CertificateSystem(everyone, contract.names.header("system"), setup.tls.systems)
    server = new_server(everyone, setup.tls, limits)
    selector = LatencySelector(server, everyone, application.runtime, limits)
    if latency is not None:
        selector.choose(latency)
    if not setup.control:
        return [server]
    control = Composed((PATH,), selector.app(), application.control)
    gatekeeper = Gatekeeper(control, (setup.control_host, *setup.control_names), token)
    return [server, new_server(gatekeeper, limits=limits)]
