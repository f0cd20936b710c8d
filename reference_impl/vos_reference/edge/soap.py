"""The reference's SOAP services: PersonRegistrationService goes to the back end of the release, WSRM to `edge.wsrm`, the
reads to `edge.soap_laesning`.

Not here: WSDL, envelopes and faults (`vos_contracts.wire.soap_asgi`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.routing import BaseRoute, Route

from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl, sorteret
from vos_contracts.koder.udgave import PrsSoap
from vos_contracts.wire import soap, soap_registrering
from vos_contracts.wire.bagende import Bagende, Laesebagende
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.body import Kropsgraenser
from vos_contracts.wire.soap import SoapKald
from vos_contracts.wire.soap_asgi import SoapApp, Udfoer
from vos_contracts.wire.soap_skema import tjenester
from vos_reference.application.drift import Drift
from vos_reference.application.turns import WriteTurns
from vos_reference.edge.soap_laesning import LaesningEdge
from vos_reference.edge.wsrm import WsrmEdge

PRS = "PersonRegistrationService"
UDGAAET = "CreatePersonCategoryAndInterview"


class SoapEdge:
    """The reference's SOAP services behind one kind of endpoint."""

    def __init__(
        self,
        drift: Drift,
        bagender: Mapping[PrsSoap, Bagende],
        laesere: Mapping[PrsSoap, Laesebagende],
        turns: WriteTurns,
    ) -> None:
        self._drift = drift
        self._bagender = bagender
        wsrm = WsrmEdge(drift, turns)
        self._udfoerere: Mapping[str, Udfoer] = {
            PRS: self._registrer,
            "WsrmService": wsrm.styr,
            "WsrmMessageService": wsrm.hent,
            **LaesningEdge(drift, laesere).udfoerere,
        }

    def ruter(self, graenser: Kropsgraenser) -> Sequence[BaseRoute]:
        """Return the routes of every service."""
        kontrakt = self._drift.kontrakt
        return [
            Route(sti, endpoint=app)
            for navn, udfoer in self._udfoerere.items()
            for sti, app in SoapApp(tjenester(kontrakt)[navn], kontrakt, udfoer, graenser).apper.items()
        ]

    async def _registrer(self, kald: SoapKald, base_url: str) -> bytes:
        if kald.operation == UDGAAET:
            raise RemoteWireError(Fejl(VALIDERER_IKKE, f"{UDGAAET} er udgået i release 2023-4"))
        bagende = self._bagender.get(self._drift.prs_soap)
        if bagende is None:
            raise RemoteWireError(
                Fejl(VALIDERER_IKKE, f"{PRS} er udgået fra {self._drift.udgave.navn}; brug PersonVisiteringService")
            )
        cpr, kommando = soap_registrering.laes_forespoergsel(kald.operation, kald.krop, self._drift.kontrakt)
        resultat = await bagende.registrer(cpr, kommando, kald.identitet)
        if isinstance(resultat, tuple):
            raise RemoteWireError(*sorteret(resultat))
        return soap.skriv(soap_registrering.skriv_svar(kald.operation, resultat, self._drift.kontrakt))
