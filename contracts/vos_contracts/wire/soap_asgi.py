"""A SOAP service as an ASGI application: serve WSDL and XSD, read a call, hand it to whoever carries it out, answer or fault.

Shared by the reference and the neighbour services. Not here: what an operation does, what a body means.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.wire import mellemtider, soap
from vos_contracts.wire.asgi import SKEMA, ASGIApp, AsgiEndepunkt, Metodevalg
from vos_contracts.wire.base import Kald, RemoteWireError, Svar
from vos_contracts.wire.body import Kropsgraenser
from vos_contracts.wire.rest_headers import Headers
from vos_contracts.wire.soap import SoapKald
from vos_contracts.wire.soap_skema import Tjeneste, wsdl, xsd

XML = "text/xml; charset=utf-8"

Udfoer = Callable[[SoapKald, str], Awaitable[bytes]]
"""Carry out a call; the text is the address that the caller used, without a path. Errors: RemoteWireError becomes a fault."""


class SoapApp:
    """One SOAP service; `apper` are its paths."""

    def __init__(self, tjeneste: Tjeneste, kontrakt: Kontrakt, udfoer: Udfoer, graenser: Kropsgraenser) -> None:
        self._tjeneste = tjeneste
        self._kontrakt = kontrakt
        self._headers = Headers(kontrakt)
        self._udfoer = udfoer
        self._dybde = graenser.dybde
        valg = Metodevalg(
            {
                "POST": AsgiEndepunkt(self._kald, self._fault, graenser),
                "GET": AsgiEndepunkt(self._beskrivelse, self._fault, graenser),
            },
            self._fault,
        )
        self.apper: Mapping[str, ASGIApp] = dict.fromkeys(tjeneste.stier, valg)

    async def _kald(self, kald: Kald, sti: dict[str, str]) -> Svar:
        mellemtider.begynd(kald.headers)
        _kun_xml(kald)
        system = self._system(kald)
        soap_kald = soap.laes_kald(
            self._tjeneste, kald.krop, kald.headers.get("soapaction"), self._kontrakt, system, self._dybde
        )
        krop = await self._udfoer(soap_kald, _base_url(kald))
        mellemtider.maerk(mellemtider.SERIALISE)
        return Svar(200, {"content-type": XML, **mellemtider.svarheader()}, krop)

    def _system(self, kald: Kald) -> int:
        try:
            return self._headers.laes_system(kald.headers)
        except RemoteWireError as brud:  # under REST's number, which no operation here has
            raise RemoteWireError(*(Fejl(VALIDERER_IKKE, en.beskrivelse) for en in brud.fejl)) from None

    async def _beskrivelse(self, kald: Kald, sti: dict[str, str]) -> Svar:
        _, _, spoergsmaal = kald.sti.partition("?")
        base = f"{_base_url(kald)}{self._tjeneste.sti}"
        navn = spoergsmaal.partition("=")[2]
        if spoergsmaal.lower() == "wsdl":
            return Svar(200, {"content-type": XML}, wsdl(self._tjeneste, base))
        if spoergsmaal.lower().startswith("xsd=") and navn in self._tjeneste.xsd_navne:
            return Svar(200, {"content-type": XML}, xsd(self._tjeneste, navn, base))
        raise RemoteWireError(Fejl(VALIDERER_IKKE, "brug ?wsdl for beskrivelsen, eller POST en SOAP-konvolut"))

    def _fault(self, fejl: Sequence[Fejl], status: int) -> Svar:
        """Faults are HTTP 500 in SOAP 1.1, but for a method that is not POST or GET."""
        return Svar(status if status == 405 else 500, {"content-type": XML}, soap.skriv_fault(fejl, self._kontrakt))


def _base_url(kald: Kald) -> str:
    return f"{kald.headers.get(SKEMA, 'http')}://{kald.headers.get('host', 'localhost')}"


def _kun_xml(kald: Kald) -> None:
    medietype = kald.headers.get("content-type", "text/xml").partition(";")[0].strip().lower()
    if medietype not in {"text/xml", "application/xml"}:
        raise RemoteWireError(Fejl(VALIDERER_IKKE, f"content-type: {medietype} er ikke SOAP 1.1; skal være text/xml"))
