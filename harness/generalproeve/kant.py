"""What stands between a stage's sockets and its applications: the neighbours' paths, the caller's certificate, the door to
the control API, and how slowly the services are to answer.

Not here: binding and serving (`scene`).
"""

from __future__ import annotations

from typing import Any

from generalproeve.doervagt import Doervagt
from generalproeve.konfiguration import Sceneopsaetning
from generalproeve.latens.model import Model
from generalproeve.latens.styring import STI, Latensvaelger
from generalproeve.sammensat import Sammensat
from generalproeve.server import Server, ny_server
from generalproeve.tls import Certifikatsystem
from vos_contracts.idkilde import ny_uuid
from vos_contracts.wire.asgi import ASGIApp
from vos_contracts.wire.transport_asgi import AsgiTransport
from vos_simulators.neighbours.services import Naboer


def tjenester(applikation: Any, opsaetning: Sceneopsaetning) -> ASGIApp:
    """Return all that answers on the services' port: the reference's own, and the neighbours'."""
    graenser, kontrakt = opsaetning.limits, applikation.drift.kontrakt
    naboer = Naboer(kontrakt, AsgiTransport(applikation.internt), ny_uuid, opsaetning.without, graenser.kropsgraenser)
    alle: ASGIApp = Sammensat(naboer.apper, applikation.journaliser(naboer), applikation.tjenester)
    if opsaetning.tls is not None:
        alle = Certifikatsystem(alle, kontrakt.navne.header("system"), opsaetning.tls.systemer)
    return alle


def servere(applikation: Any, opsaetning: Sceneopsaetning, latens: Model | None, token: str | None) -> list[Server]:
    """Make the server of the services and, where there is one, that of the control API; errors: KanIkkeKoere."""
    graenser = opsaetning.limits
    alle = tjenester(applikation, opsaetning)
    server = ny_server(alle, opsaetning.tls, graenser)
    vaelger = Latensvaelger(server, alle, applikation.drift, graenser)
    if latens is not None:
        vaelger.vaelg(latens)
    if not opsaetning.control:
        return [server]
    return [server, styringsserver(applikation, opsaetning, vaelger.app(), token)]


def styringsserver(applikation: Any, opsaetning: Sceneopsaetning, latens: ASGIApp, token: str | None) -> Server:
    """Make the server of the control API."""
    styring = Sammensat((STI,), latens, applikation.styring)
    doervagt = Doervagt(styring, (opsaetning.control_host, *opsaetning.control_names), token)
    return ny_server(doervagt, graenser=opsaetning.limits)
