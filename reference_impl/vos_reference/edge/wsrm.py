"""WsrmService and WsrmMessageService: from wire to the queue and back. Not here: what a sequence is (`application.koe`)."""

from __future__ import annotations

from collections.abc import Callable

from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.wire import soap
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.soap import SoapKald
from vos_contracts.wire.soap_skema import tjenester
from vos_contracts.wire.wsrm import AFSLUT, BESKEDER, LUK, OPRET, Sekvensinventar, Wsrm, afkod_besked
from vos_reference.application import koe
from vos_reference.application.drift import Drift
from vos_reference.application.turns import WriteTurns
from vos_reference.domain.decision import Afvist


class WsrmEdge:
    """The queue's operations; `base_url` tells where the messages are fetched."""

    def __init__(self, drift: Drift, turns: WriteTurns) -> None:
        self._drift = drift
        self._turns = turns
        self._wsrm = Wsrm(drift.kontrakt)
        self._besked_sti = tjenester(drift.kontrakt)[BESKEDER].sti
        self._slut: dict[str, Callable[..., koe.Lukket | Afvist]] = {LUK: koe.luk_sekvens, AFSLUT: koe.afslut_sekvens}

    async def styr(self, kald: SoapKald, base_url: str) -> bytes:
        """Open, close or terminate a sequence."""
        self._findes_endnu()
        if kald.operation == OPRET:
            underkoe = self._wsrm.laes_underkoe(kald.krop)
            inventar = await self._turns.run(lambda: koe.opret_sekvens(self._drift, kald.identitet, underkoe))
            if isinstance(inventar, Afvist):
                raise RemoteWireError(*inventar.fejl)
            svar = Sekvensinventar(inventar.sekvens.id, inventar.antal)
            return soap.skriv(self._wsrm.skriv_inventar(svar, f"{base_url}{self._besked_sti}"))
        sekvens_id = self._wsrm.laes_sekvens_id(kald.krop)
        lukket = await self._turns.run(lambda: self._slut[kald.operation](self._drift, kald.identitet, sekvens_id))
        if isinstance(lukket, Afvist):
            raise RemoteWireError(*lukket.fejl)
        return soap.skriv(self._wsrm.skriv_slut(kald.operation, lukket.sekvens.id))

    async def hent(self, kald: SoapKald, base_url: str) -> bytes:
        """Fetch the messages of one type in the sequence that the header names."""
        self._findes_endnu()
        sekvens_id = self._wsrm.laes_sekvensheader(kald.headers.get(self._wsrm.sequence_request))
        hentet = await self._turns.run(lambda: koe.hent(self._drift, kald.identitet, sekvens_id, kald.operation))
        if isinstance(hentet, Afvist):
            raise RemoteWireError(*hentet.fejl)
        beskeder = (afkod_besked(konvolut.beskedtype, konvolut.krop) for konvolut in hentet.konvolutter)
        krop = self._wsrm.skriv_beskeder(kald.operation, beskeder)
        return soap.skriv(krop, self._wsrm.sekvensheader("SequenceResponse", sekvens_id))

    def _findes_endnu(self) -> None:
        if not self._drift.udgave.wsrm:
            raise RemoteWireError(
                Fejl(VALIDERER_IKKE, f"WSRM er udgået fra {self._drift.udgave.navn}; abonnér på webservicebeskeder")
            )
