"""One SOAP call from one party's own system: the headers that say who calls, and the answer understood.

Not here: what a body means (`vos_contracts.wire`), or whether the answer was the right one.
"""

from __future__ import annotations

from lxml import etree

from vos_contracts.identitet import Identitet
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.wire import soap
from vos_contracts.wire.base import Kald, Transport
from vos_contracts.wire.rest import Afslag
from vos_contracts.wire.rest_headers import Headers
from vos_contracts.wire.soap_skema import tjenester


class Soapkald:
    """The SOAP line of one party."""

    def __init__(self, identitet: Identitet, kontrakt: Kontrakt, transport: Transport) -> None:
        self._identitet = identitet
        self._transport = transport
        self._tjenester = tjenester(kontrakt)
        self._system = Headers(kontrakt).skriv_system(identitet)

    def send(self, tjeneste: str, operation: str, krop: etree._Element) -> etree._Element | Afslag:
        """Call an operation; the answer is its body, or the refusal.

        Errors: UnreachableError; RemoteWireError for an answer that is neither a body nor the documented fault.
        """
        en = self._tjenester[tjeneste]
        headers = {
            "content-type": "text/xml; charset=utf-8",
            "soapaction": f'"{en.operationer[operation].soapaction}"',
            **self._system,
        }
        svar = self._transport.send(Kald("POST", en.sti, headers, soap.skriv_kald(self._identitet, krop)))
        indhold = soap.laes_svar(svar.krop)
        return Afslag(svar.status, indhold.fejl) if isinstance(indhold, soap.Fault) else indhold
