"""The SOAP endpoints: serve WSDL and XSD, read a call, hand it to whoever carries it out, answer or fault.

PersonRegistrationService goes to the back end of the release; the WSRM services go to `edge.wsrm`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from starlette.routing import BaseRoute, Route

from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl, sorteret
from vos_contracts.koder.udgave import PrsSoap
from vos_contracts.wire import soap, soap_registrering
from vos_contracts.wire.bagende import Bagende
from vos_contracts.wire.base import Kald, RemoteWireError, Svar
from vos_contracts.wire.rest import Rest
from vos_contracts.wire.soap import SoapKald
from vos_contracts.wire.soap_skema import Tjeneste, tjenester, wsdl, xsd
from vos_reference.application.drift import Drift
from vos_reference.edge.endepunkt import AsgiEndepunkt, Metodevalg
from vos_reference.edge.wsrm import WsrmEdge

XML = "text/xml; charset=utf-8"
PRS = "PersonRegistrationService"
UDGAAET = "CreatePersonCategoryAndInterview"

Udfoer = Callable[[SoapKald, str], Awaitable[bytes]]


class SoapEdge:
    """All SOAP services behind one kind of endpoint."""

    def __init__(self, drift: Drift, rest: Rest, bagender: Mapping[PrsSoap, Bagende]) -> None:
        self._drift = drift
        self._headers = rest.headers
        self._bagender = bagender
        self._tjenester = tjenester(drift.kontrakt)
        wsrm = WsrmEdge(drift)
        self._udfoerere: Mapping[str, Udfoer] = {
            PRS: self._registrer,
            "WsrmService": wsrm.styr,
            "WsrmMessageService": wsrm.hent,
        }

    def ruter(self, max_krop: int) -> Sequence[BaseRoute]:
        """Return a route per service; the path is matched in the two spellings that STAR's pages use."""
        ruter: list[BaseRoute] = []
        for navn, tjeneste in self._tjenester.items():
            apps = {
                "POST": AsgiEndepunkt(self._endepunkt(tjeneste, self._udfoerere[navn]), self._fault, max_krop),
                "GET": AsgiEndepunkt(self._beskrivelse(tjeneste), self._fault, max_krop),
            }
            valg = Metodevalg(apps, self._fault)
            ruter += [
                Route(sti, endpoint=valg)
                for sti in (tjeneste.sti, tjeneste.sti.replace("PjakTassWCFtService", "PjaktassWCFTservice"))
            ]
        return ruter

    def _endepunkt(self, tjeneste: Tjeneste, udfoer: Udfoer) -> Callable[[Kald, dict[str, str]], Awaitable[Svar]]:
        async def endepunkt(kald: Kald, sti: dict[str, str]) -> Svar:
            _kun_xml(kald)
            system = self._headers.laes_system(kald.headers)
            soap_kald = soap.laes_kald(
                tjeneste, kald.krop, kald.headers.get("soapaction"), self._drift.kontrakt, system
            )
            return Svar(200, {"content-type": XML}, await udfoer(soap_kald, _base_url(kald)))

        return endepunkt

    def _beskrivelse(self, tjeneste: Tjeneste) -> Callable[[Kald, dict[str, str]], Awaitable[Svar]]:
        async def endepunkt(kald: Kald, sti: dict[str, str]) -> Svar:
            _, _, spoergsmaal = kald.sti.partition("?")
            base = f"{_base_url(kald)}{tjeneste.sti}"
            navn = spoergsmaal.partition("=")[2]
            if spoergsmaal.lower() == "wsdl":
                return Svar(200, {"content-type": XML}, wsdl(tjeneste, base))
            if spoergsmaal.lower().startswith("xsd=") and navn in tjeneste.xsd_navne:
                return Svar(200, {"content-type": XML}, xsd(tjeneste, navn, base))
            raise RemoteWireError(Fejl(VALIDERER_IKKE, "brug ?wsdl for beskrivelsen, eller POST en SOAP-konvolut"))

        return endepunkt

    async def _registrer(self, kald: SoapKald, base_url: str) -> bytes:
        bagende = self._bagender.get(self._drift.prs_soap)
        if bagende is None:
            raise RemoteWireError(
                Fejl(VALIDERER_IKKE, f"{PRS} er udgået fra {self._drift.udgave.navn}; brug PersonVisiteringService")
            )
        if kald.operation == UDGAAET:
            raise RemoteWireError(Fejl(VALIDERER_IKKE, f"{UDGAAET} er udgået i release 2023-4"))
        cpr, kommando = soap_registrering.laes_forespoergsel(kald.operation, kald.krop, self._drift.kontrakt)
        resultat = await bagende.registrer(cpr, kommando, kald.identitet)
        if isinstance(resultat, tuple):
            raise RemoteWireError(*sorteret(resultat))
        return soap.skriv(soap_registrering.skriv_svar(kald.operation, resultat, self._drift.kontrakt))

    def _fault(self, fejl: Sequence[Fejl], status: int) -> Svar:
        """Faults are HTTP 500 in SOAP 1.1, but for a method that is not POST or GET."""
        return Svar(
            status if status == 405 else 500, {"content-type": XML}, soap.skriv_fault(fejl, self._drift.kontrakt)
        )


def _base_url(kald: Kald) -> str:
    return f"http://{kald.headers.get('host', 'localhost')}"


def _kun_xml(kald: Kald) -> None:
    medietype = kald.headers.get("content-type", "text/xml").partition(";")[0].strip().lower()
    if medietype not in {"text/xml", "application/xml"}:
        raise RemoteWireError(Fejl(VALIDERER_IKKE, f"content-type: {medietype} er ikke SOAP 1.1; skal være text/xml"))
