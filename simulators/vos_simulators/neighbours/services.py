"""The neighbour services that stand on the stage by SOAP: read a call, carry it to the reference, answer or fault.

Consequences are the reference's domain's: everything goes through the internal interface (`control.neighbours`), and no
rule lives here. One ASGI application, a table from path to service.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial

from vos_contracts.control import neighbours as control
from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model import neighbours
from vos_contracts.wire import soap
from vos_contracts.wire.asgi import ASGIApp, Receive, Scope, Send, send_svar
from vos_contracts.wire.base import AsyncTransport, Kald, LocalWireError, RemoteWireError, Svar, Utilgaengelig
from vos_contracts.wire.body import STANDARD, Kropsgraenser
from vos_contracts.wire.soap import SoapKald
from vos_contracts.wire.soap_asgi import XML, SoapApp
from vos_contracts.wire.soap_ksd import Ksdkrop
from vos_contracts.wire.soap_kvittering import Kvittering
from vos_contracts.wire.soap_nabo import Nabokrop
from vos_contracts.wire.soap_skema import Tjeneste, tjenester
from vos_contracts.wire.soap_sygdom import Sygdomskrop
from vos_contracts.wire.soap_tilmelding import Tilmeldingskrop


class Naboer:
    """The neighbour services over one line to the reference; those in `uden` are answered with 404."""

    def __init__(
        self,
        kontrakt: Kontrakt,
        internt: AsyncTransport,
        ny_id: Callable[[], str],
        uden: Collection[str] = (),
        graenser: Kropsgraenser = STANDARD,
    ) -> None:
        self._kontrakt = kontrakt
        self._internt = internt
        self._ny_id = ny_id
        kroppe: tuple[Nabokrop, ...] = (Tilmeldingskrop(kontrakt), Sygdomskrop(kontrakt), Ksdkrop(kontrakt))
        self.apper: Mapping[str, ASGIApp] = {
            sti: self._udeladt(tjeneste) if krop.tjeneste in uden else app
            for krop in kroppe
            for tjeneste in (tjenester(kontrakt)[krop.tjeneste],)
            for sti, app in SoapApp(tjeneste, kontrakt, partial(self._udfoer, krop), graenser).apper.items()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the service at that path answer; only the paths of `apper` come here."""
        scope["path_params"] = {}
        await self.apper[scope["path"]](scope, receive, send)

    async def _udfoer(self, krop: Nabokrop, kald: SoapKald, base_url: str) -> bytes:
        cpr, kommando = krop.laes(kald.operation, kald.krop, self._ny_id)
        svar = await self._fortael(f"{krop.tjeneste}.{kald.operation}", cpr, kald, kommando)
        if svar.fejl:
            raise RemoteWireError(*(Fejl(en.kode, en.beskrivelse) for en in svar.fejl))
        if svar.tidspunkt is None:
            raise LocalWireError("the internal interface did not say when it was carried out")
        return soap.skriv(krop.kvittering.skriv(kald.operation, Kvittering(svar.id, svar.tidspunkt)))

    async def _fortael(
        self, tjeneste: str, cpr: str, kald: SoapKald, kommando: neighbours.Nabokommando
    ) -> control.Nabosvar:
        besked = neighbours.Nabokald(tjeneste=tjeneste, cpr=cpr, identitet=kald.identitet, kommando=kommando)
        svar = await self._internt.send(
            Kald("POST", control.STI, {"content-type": "application/json"}, control.encode_call(besked))
        )
        if svar.status == 503:
            raise Utilgaengelig(tjeneste)
        if svar.status != 200:
            raise LocalWireError(f"the internal interface answered {svar.status} to {tjeneste}")
        return control.decode_answer(svar.krop)

    def _udeladt(self, tjeneste: Tjeneste) -> ASGIApp:
        fejl = (Fejl(VALIDERER_IKKE, f"{tjeneste.navn} er udeladt af scenen"),)
        svar = Svar(404, {"content-type": XML}, soap.skriv_fault(fejl, self._kontrakt))

        async def findes_ikke(scope: Scope, receive: Receive, send: Send) -> None:
            await send_svar(send, svar)

        return findes_ikke
