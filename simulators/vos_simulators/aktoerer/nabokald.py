"""What a party tells the neighbour services: enrolment, illness and recovery. Which party it is lies in the identity alone."""

from __future__ import annotations

from datetime import date

from lxml import etree

from vos_contracts.kontrakt import Kontrakt
from vos_contracts.nabo import Afmeld, Raskmeld, Sygekilde, Sygemeld, Tilmeld
from vos_contracts.wire.rest import Afslag
from vos_contracts.wire.soap_ksd import Ksdkrop
from vos_contracts.wire.soap_kvittering import Kvitteringsform
from vos_contracts.wire.soap_sygdom import Sygdomskrop
from vos_contracts.wire.soap_tilmelding import Tilmeldingskrop
from vos_simulators.soapkald import Soapkald


class Nabokald:
    """One party's calls; each answers with the receipt's id, or the refusal.

    Errors of all: UnreachableError; RemoteWireError.
    """

    def __init__(self, kontrakt: Kontrakt, linje: Soapkald) -> None:
        self._linje = linje
        self._tilmelding = Tilmeldingskrop(kontrakt)
        self._sygdom = Sygdomskrop(kontrakt)
        self._ksd = Ksdkrop(kontrakt)

    def tilmelding(self, cpr: str, kommando: Tilmeld | Afmeld) -> str | Afslag:
        """Enrol, change the category, or end the enrolment: UnemploymentEnrollmentService."""
        return self._send(
            self._tilmelding.tjeneste, self._tilmelding.kvittering, *self._tilmelding.skriv(cpr, kommando)
        )

    def sygemeld(self, cpr: str, kommando: Sygemeld) -> str | Afslag:
        """Report illness: an absence to IllnessCompositeService, a benefit case to IllnessRecoveryInformationService."""
        if kommando.kilde is Sygekilde.FRAVAER:
            return self._send(self._sygdom.tjeneste, self._sygdom.kvittering, *self._sygdom.skriv(cpr, kommando))
        return self._send(self._ksd.tjeneste, self._ksd.kvittering, *self._ksd.skriv(cpr, kommando))

    def raskmeld(self, cpr: str, kommando: Raskmeld, fra: date) -> str | Afslag:
        """Report recovery from an illness since `fra`: IllnessCompositeService."""
        return self._send(self._sygdom.tjeneste, self._sygdom.kvittering, *self._sygdom.skriv(cpr, kommando, fra))

    def raskmeld_sag(self, cpr: str, kommando: Raskmeld) -> str | Afslag:
        """Report recovery of a benefit case, with nothing else: IllnessRecoveryInformationService."""
        return self._send(self._ksd.tjeneste, self._ksd.kvittering, *self._ksd.skriv(cpr, kommando))

    def _send(self, tjeneste: str, form: Kvitteringsform, operation: str, element: etree._Element) -> str | Afslag:
        svar = self._linje.send(tjeneste, operation, element)
        return svar if isinstance(svar, Afslag) else form.laes(svar).id
