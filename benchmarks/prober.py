"""What the benchmarks ask of a stage: requests ready to send, that are each answered with 200."""

from __future__ import annotations

from datetime import datetime

from last import bytes_af
from lxml import etree

from vos_contracts.base.ids import ny_uuid
from vos_contracts.kontrakt import indlaes
from vos_contracts.model.identity import Identitet
from vos_contracts.model.registration import Art, Opret
from vos_contracts.wire import soap, soap_registrering
from vos_contracts.wire.base import Kald
from vos_contracts.wire.rest import Rest
from vos_contracts.wire.soap_skema import tjenester
from vos_contracts.wire.wsrm import OPRET, STYRING, Wsrm
from vos_simulators import parties
from vos_simulators.control import Styring
from vos_simulators.parties import JOBCENTER
from vos_simulators.people import Folk, paa_scenen

KONTRAKT = indlaes()
REST = Rest(KONTRAKT)
VAERT = "127.0.0.1"
_TJENESTER = tjenester(KONTRAKT)


class Prober:
    """Makes requests: a citizen of its own for every create."""

    def __init__(self, styring: Styring) -> None:
        self._styring = styring
        self._folk = Folk(seed=1)
        self.now: datetime = styring.status().ur
        self.hvem: Identitet = parties.KSS.identity(JOBCENTER, self.now)

    def borgere(self, antal: int) -> list[str]:
        """Put that many new citizens on the stage."""
        nye = [self._folk.ny(18 + nummer % 60, self.now.date()) for nummer in range(antal)]
        for fra in range(0, antal, 1000):
            self._styring.opsaet(*(paa_scenen(borger) for borger in nye[fra : fra + 1000]))
        return [borger.cpr for borger in nye]

    def kommando(self) -> Opret:
        """Register contact group 13 from this morning."""
        return Opret(Art.KONTAKTGRUPPE, 13, self.now.replace(hour=0, minute=0, second=0, microsecond=0))

    def rest(self, antal: int) -> list[Kald]:
        """Make REST creates."""
        return [REST.kald_registrer(cpr, self.kommando(), self.hvem, ny_uuid()) for cpr in self.borgere(antal)]

    def soap(self, antal: int) -> list[Kald]:
        """Make SOAP creates."""
        return [
            self._soap(
                "PersonRegistrationService", *soap_registrering.skriv_forespoergsel(cpr, self.kommando(), KONTRAKT)
            )
            for cpr in self.borgere(antal)
        ]

    def laesning(self) -> tuple[Kald, Kald]:
        """Make a create of a new citizen, and the read of what it gives."""
        (opret,) = self.rest(1)
        cpr = opret.headers[KONTRAKT.navne.header("cpr").lower()]
        return opret, REST.kald_laes(cpr, Art.KONTAKTGRUPPE, self.hvem)

    def koe(self) -> Kald:
        """Make an opening of the jobcentre's queue: the same one again as long as it is open."""
        return self._soap(STYRING, OPRET, Wsrm(KONTRAKT).skriv_opret())

    def _soap(self, tjeneste: str, operation: str, krop: etree._Element) -> Kald:
        prs = _TJENESTER[tjeneste]
        headers = {"content-type": "text/xml; charset=utf-8", "soapaction": prs.operationer[operation].soapaction}
        headers |= REST.headers.skriv_system(self.hvem)
        return Kald("POST", prs.sti, headers, soap.skriv_kald(self.hvem, krop))


def paa_linjen(kald: list[Kald]) -> list[bytes]:
    """Write calls as they go on the wire."""
    return [bytes_af(en, VAERT) for en in kald]
