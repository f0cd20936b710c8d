"""The bodies of PersonStatusService v20 and PersonHistoryService v4, both roles, under the names of the contract.

Of the status only contact groups and categories are in the answer: the rest of what can be asked for is other domains'.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from lxml import etree

from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.laesninger import Kollektioner, Laesetjeneste, Raekke
from vos_contracts.model.cpr import foedselsdato
from vos_contracts.model.registration import Art
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.soap_fejl import UGYLDIGT_CPR
from vos_contracts.wire.soap_identitet import (
    CODE_LIST_ITEM,
    laes_organisation,
    laes_tid,
    skriv_organisation,
    standardrum,
)
from vos_contracts.wire.soap_registrering import ENTITET
from vos_contracts.wire.soap_skema import tjenester
from vos_contracts.wire.tid import DANSK_TID

_ANDRE_VALG = ("Core", "AddressContact", "Authority", "CV")
_SAND = frozenset({"true", "1"})


class Laesekrop:
    """Read and write one service's bodies under the names of one contract."""

    def __init__(self, tjeneste: Laesetjeneste, kontrakt: Kontrakt) -> None:
        self._tjeneste = tjeneste
        navne, rum = kontrakt.navne, kontrakt.navne.namespace(tjeneste)
        operation = tjenester(kontrakt)[tjeneste].operationer[tjeneste.operation]
        self._request, self._response, self._rum = operation.request, operation.response, rum

        def navn(kanonisk: str) -> str:
            return f"{{{rum}}}{navne.element(tjeneste, kanonisk)}"

        endelse = "History" if tjeneste is Laesetjeneste.HISTORIK else ""
        self._cpr, self._valgene = navn("PersonCivilRegistrationIdentifier"), navn("RequestVariableType")
        self._andre_valg = tuple(navn(en) for en in _ANDRE_VALG)
        self._valg = {art: navn(en) for art, en in ENTITET.items()}
        self._kollektion = {art: navn(f"{en}{endelse}Collection") for art, en in ENTITET.items()}
        self._post = {art: navn(f"{en}{endelse}Item") for art, en in ENTITET.items()}
        self._felter = {
            art: tuple(
                navn(f"{en}{felt}") for felt in ("Identifier", "TypeIdentifier", "EventTime", "StartTime", "EndTime")
            )
            for art, en in ENTITET.items()
        }
        self._metadata, self._slettet, self._aktuel, self._myndighed = (
            navn(en) for en in ("RegistrationMetadata", "IsDeleted", "IsCurrent", "RegisteringAuthority")
        )

    def laes_forespoergsel(self, element: etree._Element) -> tuple[str, frozenset[Art]]:
        """Read a valid request: the citizen and what is asked for; errors: RemoteWireError with 1001."""
        cpr = element[0].text or ""
        if foedselsdato(cpr) is None and cpr != "0000000000":
            raise RemoteWireError(Fejl(UGYLDIGT_CPR, "PersonCivilRegistrationIdentifier: datoen findes ikke"))
        if self._tjeneste is Laesetjeneste.HISTORIK:
            return cpr, frozenset(Art)
        valgene = {et.tag: (et.text or "").strip() for et in element[1]}
        return cpr, frozenset(art for art, navn in self._valg.items() if valgene.get(navn) in _SAND)

    def skriv_forespoergsel(self, cpr: str, arter: Collection[Art] = tuple(Art)) -> etree._Element:
        """Write a request; a history has nothing to choose."""
        element = etree.Element(self._request, nsmap=standardrum(self._rum))
        etree.SubElement(element, self._cpr).text = cpr
        if self._tjeneste is Laesetjeneste.STATUS:
            valgene = etree.SubElement(element, self._valgene)
            for navn in self._andre_valg:
                etree.SubElement(valgene, navn).text = "false"
            for art, navn in self._valg.items():
                etree.SubElement(valgene, navn).text = "true" if art in arter else "false"
        return element

    def skriv_svar(self, cpr: str, kollektioner: Kollektioner) -> etree._Element:
        """Write an answer; both collections are there, also when they are empty."""
        element = etree.Element(self._response, nsmap=standardrum(self._rum))
        etree.SubElement(element, self._cpr).text = cpr
        for art in ENTITET:
            kollektion = etree.SubElement(element, self._kollektion[art])
            for en in kollektioner.af(art):
                self._skriv_raekke(etree.SubElement(kollektion, self._post[art]), en)
        return element

    def laes_svar(self, element: etree._Element) -> Kollektioner:
        """Read an answer; errors: RemoteWireError for a collection or a part of an item that is not there."""
        kontaktgrupper, personkategorier = (tuple(self._laes_kollektion(element, art)) for art in ENTITET)
        return Kollektioner(kontaktgrupper, personkategorier)

    def _skriv_raekke(self, post: etree._Element, en: Raekke) -> None:
        id_, type_, haendelse, start, slut = self._felter[en.art]
        if self._tjeneste is Laesetjeneste.HISTORIK:
            metadata = etree.SubElement(post, self._metadata)
            etree.SubElement(metadata, self._slettet).text = "true" if en.er_slettet else "false"
            etree.SubElement(metadata, self._aktuel).text = "true" if en.er_aktuel else "false"
            skriv_organisation(metadata, self._myndighed, en.myndighed)
        etree.SubElement(post, id_).text = en.id
        etree.SubElement(etree.SubElement(post, type_), CODE_LIST_ITEM).text = str(en.type)
        _skriv_tid(post, haendelse, en.haendelse)
        _skriv_tid(post, start, en.start)
        _skriv_tid(post, slut, en.slut)
        if self._tjeneste is Laesetjeneste.STATUS:
            skriv_organisation(post, self._myndighed, en.myndighed)

    def _laes_kollektion(self, element: etree._Element, art: Art) -> Iterator[Raekke]:
        for post in _barn(element, self._kollektion[art]).iterfind(self._post[art]):
            id_, type_, haendelse, start, slut = self._felter[art]
            er_slettet, er_aktuel, sted = False, True, post
            if self._tjeneste is Laesetjeneste.HISTORIK:
                sted = _barn(post, self._metadata)
                er_slettet, er_aktuel = (_barn(sted, navn).text in _SAND for navn in (self._slettet, self._aktuel))
            yield Raekke(
                art=art,
                id=_barn(post, id_).text or "",
                type=int(_barn(_barn(post, type_), CODE_LIST_ITEM).text or ""),
                haendelse=_laes_tid(post, haendelse),
                start=laes_tid(_barn(post, start)),
                slut=_laes_tid(post, slut),
                er_slettet=er_slettet,
                er_aktuel=er_aktuel,
                myndighed=laes_organisation(_barn(sted, self._myndighed)),
            )


def _skriv_tid(post: etree._Element, navn: str, tidspunkt: datetime | None) -> None:
    if tidspunkt is not None:
        etree.SubElement(post, navn).text = tidspunkt.astimezone(DANSK_TID).isoformat()


def _laes_tid(post: etree._Element, navn: str) -> datetime | None:
    fundet = post.find(navn)
    return None if fundet is None else laes_tid(fundet)


def _barn(element: etree._Element, navn: str) -> etree._Element:
    fundet = element.find(navn)
    if fundet is None:
        raise RemoteWireError(
            Fejl(VALIDERER_IKKE, f"svaret har ikke {etree.QName(navn).localname} i {etree.QName(element).localname}")
        )
    return fundet
