"""A party that empties its own WSRM queue: CreateSequence, fetch what the inventory names, TerminateSequence.

The queue is pulled; nothing arrives by itself (DECISIONS section 5). Not here: what the messages ought to be.
"""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.identity import Identitet
from vos_contracts.wire import soap
from vos_contracts.wire.base import Kald, Transport
from vos_contracts.wire.rest_headers import Headers
from vos_contracts.wire.soap_skema import tjenester
from vos_contracts.wire.wsrm import AFSLUT, BESKEDER, LUK, OPRET, STYRING, Besked, Sekvensinventar, Wsrm

HOEJST_RUNDER = 1000
"""Transfers in one emptying; a queue that still has messages after that is not emptied by polling."""


class WsrmAfvist(Exception):
    """The queue answered with a fault; `fault` holds its errors."""

    def __init__(self, operation: str, fault: soap.Fault) -> None:
        super().__init__(f"{operation}: {fault.tekst}")
        self.fault = fault


class WsrmPoller:
    """One owner's poller; `beskeder` is everything it has fetched and committed, in order."""

    def __init__(
        self,
        identitet: Identitet,
        kontrakt: Kontrakt,
        transport: Transport,
        hoer: Callable[[Besked], None] = lambda besked: None,
    ) -> None:
        self._identitet = identitet
        self._transport = transport
        self._hoer = hoer
        self._wsrm = Wsrm(kontrakt)
        self._headers = Headers(kontrakt).skriv_system(identitet)
        self._tjenester = tjenester(kontrakt)
        self.beskeder: list[Besked] = []

    def toem(self) -> list[Besked]:
        """Transfer until the queue is empty; return what was new.

        Errors: WsrmAfvist, UnreachableError, RemoteWireError; AssertionError for a message that comes again after it was
        committed, or a queue without end.
        """
        nye: list[Besked] = []
        for _ in range(HOEJST_RUNDER):
            inventar = self.opret()
            if not inventar.poster:
                self.luk(inventar.id)
                return nye
            runde = [besked for beskedtype, _ in inventar.poster for besked in self.hent(inventar.id, beskedtype)]
            self.afslut(inventar.id)
            igen = {en.besked_id for en in runde} & {en.besked_id for en in self.beskeder}
            assert not igen, f"køen giver beskeder igen efter TerminateSequence: {', '.join(sorted(igen))}"
            for besked in runde:
                self._hoer(besked)
            nye += runde
            self.beskeder += runde
        raise AssertionError(f"the queue still had messages after {HOEJST_RUNDER} transfers")

    def opret(self, underkoe: str = "") -> Sekvensinventar:
        """Open a transfer, or get the open one again."""
        return self._wsrm.laes_inventar(self._kald(STYRING, OPRET, self._wsrm.skriv_opret(underkoe)))

    def hent(self, sekvens_id: str, beskedtype: str) -> tuple[Besked, ...]:
        """Fetch the messages of one type."""
        header = self._wsrm.sekvensheader("SequenceRequest", sekvens_id)
        return self._wsrm.laes_beskeder(
            beskedtype, self._kald(BESKEDER, beskedtype, self._wsrm.skriv_hent(beskedtype), header)
        )

    def luk(self, sekvens_id: str) -> None:
        """Give everything back."""
        self._kald(STYRING, LUK, self._wsrm.skriv_afslutning(LUK, sekvens_id))

    def afslut(self, sekvens_id: str) -> None:
        """Commit: the messages leave the queue."""
        self._kald(STYRING, AFSLUT, self._wsrm.skriv_afslutning(AFSLUT, sekvens_id))

    def _kald(
        self, tjeneste: str, operation: str, krop: etree._Element, header: soap.Headerskriver | None = None
    ) -> etree._Element:
        en = self._tjenester[tjeneste]
        headers = {
            "content-type": "text/xml; charset=utf-8",
            "soapaction": f'"{en.operationer[operation].soapaction}"',
            **self._headers,
        }
        svar = self._transport.send(Kald("POST", en.sti, headers, soap.skriv_kald(self._identitet, krop, header)))
        indhold = soap.laes_svar(svar.krop)
        if isinstance(indhold, soap.Fault):
            raise WsrmAfvist(operation, indhold)
        return indhold
