"""The WSRM queue on the wire: WsrmService v3 and the messages of WsrmMessageService v10, both roles.

What the queue stores is `WsrmBesked` as JSON; the names are put on when it is fetched. The message bodies are assumed
(they are not public); WSRMMetadata is documented (starwiki ISB/2631860426).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from lxml import etree

from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.koder.recipients import Beskedtype
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.identity import Identitet
from vos_contracts.wire import wsrm_cpr, wsrm_metadata
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.soap import Headerskriver
from vos_contracts.wire.soap_identitet import CODE_LIST_ITEM, laes_tid, standardrum
from vos_contracts.wire.wsrm_cpr import CprBesked

STYRING, BESKEDER = "WsrmService", "WsrmMessageService"
OPRET, LUK, AFSLUT = "CreateSequence", "CloseSequence", "TerminateSequence"
ENTITET: Mapping[str, str] = {
    Beskedtype.KONTAKTGRUPPE_V5: "ContactGroup",
    Beskedtype.KONTAKTGRUPPE_V4: "ContactGroup",
    Beskedtype.PERSONKATEGORI_V1: "PersonCategory",
    Beskedtype.CPR_SKIFTET: wsrm_cpr.ELEMENT,
}
_DANSK_TID = ZoneInfo("Europe/Copenhagen")


class WsrmBesked(msgspec.Struct, frozen=True, kw_only=True):
    """One message: its own id, who registered what with which words, and the registration as it stood."""

    besked_id: str
    beskedtype: Beskedtype
    registrant: Identitet
    cpr: str
    id: str
    type: int
    haendelse: datetime | None
    start: datetime
    slut: datetime | None
    er_slettet: bool = False

    @property
    def emne(self) -> str:
        """What it is about, in a word."""
        return str(self.type)


Besked = WsrmBesked | CprBesked

kod_besked = msgspec.json.Encoder().encode
_afkod_registrering = msgspec.json.Decoder(WsrmBesked).decode


def afkod_besked(beskedtype: str, krop: bytes) -> Besked:
    """Read a stored message of that type."""
    return wsrm_cpr.afkod(krop) if beskedtype == Beskedtype.CPR_SKIFTET else _afkod_registrering(krop)


@dataclass(frozen=True, slots=True)
class Sekvensinventar:
    """An open sequence: what can be fetched, from where, and how many of each."""

    id: str
    poster: tuple[tuple[str, int], ...]


class Wsrm:
    """Read and write the queue's bodies for one contract."""

    def __init__(self, kontrakt: Kontrakt) -> None:
        self._navne = kontrakt.navne
        self._styring = kontrakt.navne.namespace(STYRING)
        self._beskeder = kontrakt.navne.namespace(BESKEDER)
        self.sequence_request = f"{{{self._styring}}}SequenceRequest"

    # the service's side

    def laes_underkoe(self, element: etree._Element) -> str:
        """Read the sub-queue of a CreateSequence, empty for the queue itself."""
        return (element.findtext(f"{{{self._styring}}}SubQueueIdentifier") or "").strip()

    def laes_sekvens_id(self, element: etree._Element | None) -> str:
        """Read the sequence that a body or a SequenceRequest header names; errors: RemoteWireError with 1014."""
        tekst = None if element is None else element.findtext(f"{{{self._styring}}}Identifier")
        if not tekst:
            raise RemoteWireError(Fejl(VALIDERER_IKKE, "headeren SequenceRequest med Identifier mangler"))
        return tekst.strip().lower()

    def laes_sekvensheader(self, element: etree._Element | None) -> str:
        """Read the sequence that a SequenceRequest names, with nothing beside it; errors: RemoteWireError with 1014."""
        if element is not None:
            tekster = (element.text, *(et.tail for et in element))
            if len(element) != 1 or len(element[0]) or any(tekst and tekst.strip() for tekst in tekster):
                raise RemoteWireError(
                    Fejl(VALIDERER_IKKE, "headeren SequenceRequest skal have Identifier og intet andet")
                )
        return self.laes_sekvens_id(element)

    def skriv_inventar(self, inventar: Sekvensinventar, endpoint: str) -> etree._Element:
        """Write the answer to a CreateSequence."""
        element = self._ny(f"{OPRET}Response", self._styring)
        self._under(element, "Identifier", self._styring).text = inventar.id
        samling = self._under(element, "ServiceInventoryCollection", self._styring)
        for navn, antal in inventar.poster:
            post = self._under(samling, "ServiceItem", self._styring)
            self._under(post, "ServiceName", self._styring).text = navn
            self._under(post, "ServiceEndpoint", self._styring).text = endpoint
            self._under(post, "MessageCount", self._styring).text = str(antal)
        return element

    def skriv_slut(self, operation: str, sekvens_id: str) -> etree._Element:
        """Write the answer to a CloseSequence or TerminateSequence."""
        element = self._ny(f"{operation}Response", self._styring)
        self._under(element, "Identifier", self._styring).text = sekvens_id
        return element

    def skriv_beskeder(self, beskedtype: str, beskeder: Iterable[Besked]) -> etree._Element:
        """Write the answer to a fetch."""
        element = self._ny(f"{beskedtype}Response", self._beskeder)
        entitet = ENTITET[beskedtype]
        for besked in beskeder:
            krop = etree.SubElement(element, self._navn(entitet))
            if isinstance(besked, CprBesked):
                wsrm_cpr.skriv(krop, self._navn, besked)
            else:
                self._skriv_besked(krop, entitet, besked)
        return element

    def sekvensheader(self, navn: str, sekvens_id: str) -> Headerskriver:
        """Return what writes a SequenceRequest or SequenceResponse header."""

        def skriv(header: etree._Element) -> None:
            element = self._under(header, navn, self._styring)
            self._under(element, "Identifier", self._styring).text = sekvens_id

        return skriv

    # the caller's side

    def skriv_opret(self, underkoe: str = "") -> etree._Element:
        """Write a CreateSequence."""
        element = self._ny(OPRET, self._styring)
        if underkoe:
            self._under(element, "SubQueueIdentifier", self._styring).text = underkoe
        return element

    def skriv_afslutning(self, operation: str, sekvens_id: str) -> etree._Element:
        """Write a CloseSequence or TerminateSequence."""
        element = self._ny(operation, self._styring)
        self._under(element, "Identifier", self._styring).text = sekvens_id
        return element

    def skriv_hent(self, beskedtype: str) -> etree._Element:
        """Write a fetch; the sequence goes in the header."""
        return self._ny(f"{beskedtype}Request", self._beskeder)

    def laes_inventar(self, element: etree._Element) -> Sekvensinventar:
        """Read the answer to a CreateSequence; errors: RemoteWireError."""
        rum = f"{{{self._styring}}}"
        try:
            poster = tuple(
                (post.findtext(f"{rum}ServiceName") or "", int(post.findtext(f"{rum}MessageCount") or ""))
                for post in element.iter(f"{rum}ServiceItem")
            )
        except ValueError as brud:
            raise RemoteWireError(Fejl(VALIDERER_IKKE, "MessageCount er ikke et tal")) from brud
        return Sekvensinventar(self.laes_sekvens_id(element), poster)

    def laes_beskeder(self, beskedtype: str, element: etree._Element) -> tuple[Besked, ...]:
        """Read the answer to a fetch; errors: RemoteWireError."""
        entitet = ENTITET[beskedtype]
        kroppe = element.iterfind(self._navn(entitet))
        try:
            if beskedtype == Beskedtype.CPR_SKIFTET:
                return tuple(wsrm_cpr.laes(et, self._navn) for et in kroppe)
            return tuple(self._laes_besked(Beskedtype(beskedtype), entitet, et) for et in kroppe)
        except (AttributeError, TypeError, ValueError, IndexError) as brud:
            raise RemoteWireError(Fejl(VALIDERER_IKKE, f"{beskedtype} har ikke den aftalte form")) from brud

    # both

    def _ny(self, navn: str, rum: str) -> etree._Element:
        return etree.Element(f"{{{rum}}}{navn}", nsmap=standardrum(rum))

    def _under(self, forael: etree._Element, navn: str, rum: str) -> etree._Element:
        return etree.SubElement(forael, f"{{{rum}}}{navn}")

    def _navn(self, kanonisk: str) -> str:
        return f"{{{self._beskeder}}}{self._navne.element(BESKEDER, kanonisk)}"

    def _skriv_besked(self, element: etree._Element, entitet: str, besked: WsrmBesked) -> None:
        wsrm_metadata.skriv(element, self._navn, besked.besked_id, besked.registrant)
        etree.SubElement(element, self._navn("PersonCivilRegistrationIdentifier")).text = besked.cpr
        etree.SubElement(element, self._navn(f"{entitet}Identifier")).text = besked.id
        type_ = etree.SubElement(element, self._navn(f"{entitet}TypeIdentifier"))
        etree.SubElement(type_, CODE_LIST_ITEM).text = str(besked.type)
        for felt, tid in (("EventTime", besked.haendelse), ("StartTime", besked.start), ("EndTime", besked.slut)):
            if tid is not None:
                tekst = tid.astimezone(_DANSK_TID).isoformat()
                etree.SubElement(element, self._navn(f"{entitet}{felt}")).text = tekst
        if besked.er_slettet:
            etree.SubElement(element, self._navn("IsDeleted")).text = "true"

    def _laes_besked(self, beskedtype: Beskedtype, entitet: str, element: etree._Element) -> WsrmBesked:
        def et(navn: str) -> etree._Element:
            return wsrm_metadata.et(element, self._navn(navn))

        def tid(felt: str) -> datetime | None:
            fundet = element.find(self._navn(f"{entitet}{felt}"))
            return None if fundet is None else laes_tid(fundet)

        besked_id, registrant = wsrm_metadata.laes(element, self._navn)
        return WsrmBesked(
            besked_id=besked_id,
            beskedtype=beskedtype,
            registrant=registrant,
            cpr=et("PersonCivilRegistrationIdentifier").text or "",
            id=et(f"{entitet}Identifier").text or "",
            type=int(et(f"{entitet}TypeIdentifier")[0].text or ""),
            haendelse=tid("EventTime"),
            start=laes_tid(et(f"{entitet}StartTime")),
            slut=tid("EndTime"),
            er_slettet=(element.findtext(self._navn("IsDeleted")) or "").strip() in ("true", "1"),
        )
