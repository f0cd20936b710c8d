"""What all parties can do: register by REST or SOAP, read, tell the neighbour services, and empty their own queue.

Which party it is lies in the identity alone (`vos_simulators.parties`); whether it may is the services' to say. Not here: any
expectation.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

import msgspec
from lxml import etree

from vos_contracts.kontrakt import Kontrakt
from vos_contracts.laesninger import Kodeliste, Kollektioner, Laesetjeneste, Status
from vos_contracts.model.identity import Identitet
from vos_contracts.model.neighbours import Afmeld, Raskmeld, Sygekilde, Sygemeld, Tilmeld
from vos_contracts.model.registration import Art, Opdater, Opret, Registreringskommando, Slet, Visning
from vos_contracts.wire import soap, soap_registrering
from vos_contracts.wire.base import Kald, LocalWireError, Transport
from vos_contracts.wire.rest import Afslag, Rest
from vos_contracts.wire.rest_headers import Headers
from vos_contracts.wire.rest_laesning import RestLaesning
from vos_contracts.wire.soap_ksd import Ksdkrop
from vos_contracts.wire.soap_kvittering import Kvitteringsform
from vos_contracts.wire.soap_laesning import Laesekrop
from vos_contracts.wire.soap_skema import tjenester
from vos_contracts.wire.soap_sygdom import Sygdomskrop
from vos_contracts.wire.soap_tilmelding import Tilmeldingskrop
from vos_contracts.wire.wsrm import Besked
from vos_simulators.inboxes.wsrm_poller import WsrmPoller


class Kanal(StrEnum):
    """The two ways to register (epic, test table): PersonRegistrationService, or PersonVisiteringService."""

    PRS = "PRS"
    PVS = "PVS"


class Medvirkende(Transport, Protocol):
    """A real system that plays a role: a line on which what the role does is not sent, but waited for.

    `kaldere` is who it has said it was in the scene, call by call; `stier` are the paths that it has called.
    """

    @property
    def stier(self) -> frozenset[str]:
        """Return them."""
        ...

    @property
    def system(self) -> int:
        """Return the number of the calling system that it is."""
        ...

    @property
    def kaldere(self) -> Sequence[Identitet]:
        """Return them in order."""
        ...

    def begynd(self) -> None:
        """Begin a scene."""
        ...


class SoapLine:
    """The SOAP line of one party's own system: its headers say who calls, and its answers are understood."""

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


class PartyReads:
    """One party's reads; each answers with what was read, or the refusal.

    Errors of all: UnreachableError; RemoteWireError.
    """

    def __init__(self, identitet: Identitet, kontrakt: Kontrakt, transport: Transport, linje: SoapLine) -> None:
        self._identitet = identitet
        self._transport = transport
        self._linje = linje
        self._kroppe = {tjeneste: Laesekrop(tjeneste, kontrakt) for tjeneste in Laesetjeneste}
        self._rest = RestLaesning(kontrakt, Rest(kontrakt))

    def kollektioner(
        self, tjeneste: Laesetjeneste, cpr: str, arter: Collection[Art] = tuple(Art)
    ) -> Kollektioner | Afslag:
        """Read a SOAP service's collections; a history is always whole."""
        krop = self._kroppe[tjeneste]
        svar = self._linje.send(tjeneste, tjeneste.operation, krop.skriv_forespoergsel(cpr, arter))
        return svar if isinstance(svar, Afslag) else krop.laes_svar(svar)

    def status(self, cpr: str) -> Status | Afslag:
        """Read VisiteringOgStatusStatusService."""
        return self._rest.forstaa_status(self._transport.send(self._rest.kald_status(cpr, self._identitet)))

    def kodelister(self, navn: str = "") -> tuple[Kodeliste, ...] | Afslag:
        """Read one code list, or all."""
        return self._rest.forstaa_kodelister(self._transport.send(self._rest.kald_kodeliste(navn)))


class NeighbourCalls:
    """One party's calls; each answers with the receipt's id, or the refusal.

    Errors of all: UnreachableError; RemoteWireError.
    """

    def __init__(self, kontrakt: Kontrakt, linje: SoapLine) -> None:
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


class Aktoer:
    """One party at one organisation, calling from one system.

    `medvirkende` is the real system that does what the party registers and tells, where there is one; reading stays ours.
    """

    def __init__(
        self,
        identitet: Identitet,
        kontrakt: Kontrakt,
        transport: Transport,
        ny_id: Callable[[], str],
        hoer: Callable[[Besked], None] = lambda besked: None,
        medvirkende: Medvirkende | None = None,
    ) -> None:
        self.identitet = identitet
        self._kontrakt = kontrakt
        self._transport = transport
        self._medvirkende = medvirkende
        self._handling = medvirkende or transport
        self._ny_id = ny_id
        self._rest = Rest(kontrakt)
        self._soap = SoapLine(identitet, kontrakt, self._handling)
        self.naboer = NeighbourCalls(kontrakt, self._soap)
        self.laeser = PartyReads(identitet, kontrakt, transport, SoapLine(identitet, kontrakt, transport))
        self.indbakke = WsrmPoller(identitet, kontrakt, transport, hoer)

    @property
    def identiteter(self) -> Sequence[Identitet]:
        """Return who the party has been when it registered."""
        return (self._medvirkende.kaldere if self._medvirkende is not None else ()) or (self.identitet,)

    def registrer(self, cpr: str, kommando: Registreringskommando, kanal: Kanal) -> str | Afslag:
        """Register over that channel; the answer is the registration's id, or the refusal.

        Errors: LocalWireError for a deletion by SOAP, which does not exist; UnreachableError; RemoteWireError.
        """
        match kanal:
            case Kanal.PVS:
                kald = self._rest.kald_registrer(cpr, kommando, self.identitet, self._ny_id())
                return self._rest.forstaa_id(self._handling.send(kald))
            case Kanal.PRS:
                if isinstance(kommando, Slet):
                    raise LocalWireError("PersonRegistrationService has no deletion")
                return self._registrer_soap(cpr, kommando)

    def registrer_to_gange(self, cpr: str, kommando: Registreringskommando) -> tuple[str | Afslag, str | Afslag]:
        """Send one call twice over REST, as who did not hear the answer would; always ours, also where a real system plays."""
        kald = self._rest.kald_registrer(cpr, kommando, self.identitet, self._ny_id())
        foerste, andet = (self._rest.forstaa_id(self._transport.send(kald)) for _ in range(2))
        return foerste, andet

    def opdater_med_type(self, cpr: str, kommando: Opdater, type_: int, start: datetime, kanal: Kanal) -> str | Afslag:
        """Update and give the elements that cannot be changed as well: a bad habit that the old interface allowed."""
        match kanal:
            case Kanal.PVS:
                kald = self._rest.kald_registrer(cpr, kommando, self.identitet, self._ny_id())
                opret = self._rest.kald_registrer(cpr, Opret(kommando.art, type_, start), self.identitet, "x")
                krop = msgspec.json.encode({**msgspec.json.decode(opret.krop), **msgspec.json.decode(kald.krop)})
                return self._rest.forstaa_id(self._handling.send(replace(kald, krop=krop)))
            case Kanal.PRS:
                operation, element = soap_registrering.skriv_forespoergsel(cpr, kommando, self._kontrakt)
                _, andet = soap_registrering.skriv_forespoergsel(
                    cpr, Opret(kommando.art, type_, start, id=kommando.id, slut=kommando.slut), self._kontrakt
                )
                for et in list(element[1]):
                    element[1].remove(et)
                element[1].extend(list(andet[1]))
                return self._send_soap(operation, element)

    def kald_udgaaet(self) -> str | Afslag:
        """Call CreatePersonCategoryAndInterview, which was withdrawn in release 2023-4."""
        operation = "CreatePersonCategoryAndInterview"
        request = tjenester(self._kontrakt)[soap_registrering.TJENESTE].operationer[operation].request
        return self._send_soap(operation, etree.Element(request))

    def laes(self, cpr: str, art: Art, del_: str = "") -> tuple[Visning, ...] | Afslag:
        """Read the current ones, the one with that id, or the history (`historik`)."""
        kald = self._rest.kald_laes(cpr, art, self.identitet, del_)
        return self._rest.forstaa_visninger(self._transport.send(kald), art)

    def historik(self, cpr: str, art: Art) -> tuple[Visning, ...] | Afslag:
        """Read the history."""
        return self.laes(cpr, art, self._rest.historik)

    def _registrer_soap(self, cpr: str, kommando: Opret | Opdater) -> str | Afslag:
        operation, element = soap_registrering.skriv_forespoergsel(cpr, kommando, self._kontrakt)
        return self._send_soap(operation, element)

    def _send_soap(self, operation: str, element: etree._Element) -> str | Afslag:
        svar = self._soap.send(soap_registrering.TJENESTE, operation, element)
        return svar if isinstance(svar, Afslag) else soap_registrering.laes_svar(svar, self._kontrakt).id
