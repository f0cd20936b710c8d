"""What stands between a stage's sockets and its applications: the neighbours' paths, the caller's certificate, the door to
the control API, and how slowly the services are to answer.

Not here: binding and serving (`scene`).
"""

from __future__ import annotations

from generalproeve.doervagt import Doervagt
from generalproeve.reference import Application
from generalproeve.sammensat import Sammensat
from generalproeve.server import Server, ny_server
from generalproeve.settings.stage import StageSettings
from generalproeve.settings.tls import CertificateSystem
from generalproeve.stage.latency.control import STI, Latensvaelger
from generalproeve.stage.latency.model import Model
from vos_contracts.base.ids import ny_uuid
from vos_contracts.wire.asgi import ASGIApp, AsgiTransport
from vos_simulators.neighbours.services import Naboer


def servere(
    applikation: Application, opsaetning: StageSettings, latens: Model | None, token: str | None
) -> list[Server]:
    """Make the server of the services and, where there is one, that of the control API; errors: KanIkkeKoere."""
    graenser, kontrakt = opsaetning.limits, applikation.drift.kontrakt
    naboer = Naboer(kontrakt, AsgiTransport(applikation.internt), ny_uuid, opsaetning.without, graenser.body_limits)
    alle: ASGIApp = Sammensat(naboer.apper, applikation.journaliser(naboer), applikation.tjenester)
    if opsaetning.tls is not None:
        alle = CertificateSystem(alle, kontrakt.navne.header("system"), opsaetning.tls.systems)
    server = ny_server(alle, opsaetning.tls, graenser)
    vaelger = Latensvaelger(server, alle, applikation.drift, graenser)
    if latens is not None:
        vaelger.vaelg(latens)
    if not opsaetning.control:
        return [server]
    styring = Sammensat((STI,), vaelger.app(), applikation.styring)
    doervagt = Doervagt(styring, (opsaetning.control_host, *opsaetning.control_names), token)
    return [server, ny_server(doervagt, graenser=graenser)]
