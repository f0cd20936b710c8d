"""PersonStatusService v20 and PersonHistoryService v4 at the SOAP edge: request to back end, and back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from vos_contracts.koder.fejl import sorteret
from vos_contracts.koder.udgave import PrsSoap
from vos_contracts.laesninger import Laesetjeneste
from vos_contracts.wire import soap
from vos_contracts.wire.bagende import Laesebagende
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.soap import SoapKald
from vos_contracts.wire.soap_asgi import Udfoer
from vos_contracts.wire.soap_laesning import Laesekrop
from vos_reference.application.drift import Drift


class LaesningEdge:
    """The two services; `udfoerere` carry out a call, by service."""

    def __init__(self, drift: Drift, bagender: Mapping[PrsSoap, Laesebagende]) -> None:
        self._drift = drift
        self._bagender = bagender
        self._kroppe = {tjeneste: Laesekrop(tjeneste, drift.kontrakt) for tjeneste in Laesetjeneste}
        self.udfoerere: Mapping[str, Udfoer] = {
            tjeneste.value: partial(self._laes, tjeneste) for tjeneste in Laesetjeneste
        }

    async def _laes(self, tjeneste: Laesetjeneste, kald: SoapKald, base_url: str) -> bytes:
        krop = self._kroppe[tjeneste]
        cpr, arter = krop.laes_forespoergsel(kald.krop)
        svar = await self._bagender[self._drift.laese_soap].laes(tjeneste, cpr, kald.identitet)
        if isinstance(svar, tuple):
            raise RemoteWireError(*sorteret(svar))
        return soap.skriv(krop.skriv_svar(cpr, svar.kun(arter)))
