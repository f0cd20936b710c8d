"""The two SOAP headers that say who calls: RequestUserMetadataHeader and ActiveOrganisationHeader, read and written.

Names, namespaces and order as documented (STAR-Code/PlannerCalendarClient; starwiki pageId 1356890491).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from lxml import etree

from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl, sorteret
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.identity import Bruger, Identitet, Organisation
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.soap_fejl import skemafejl
from vos_contracts.wire.soap_skema import Tjeneste
from vos_contracts.wire.tid import FOERSTE_AAR, SIDSTE_AAR, kan_skrives, laes_tidspunkt

_AO = "{http://rep.oio.dk/ams.dk/xml/schemas/2005/09/01/}"
_UM = "{http://service.bm.dk/RequestUserMetadata/2015/01/21/}"
_US = "{http://service.bm.dk/pjaktass/2015/01/21/RequestUserStructure/}"
_UT = "{http://service.bm.dk/pjaktass/2015/01/21/RequestUserTypeIdentifierCodeList/}"
_OS = "{http://service.bm.dk/pjaktass/2015/01/21/RequestOrganisationStructure/}"
CODE_LIST_ITEM = "{http://service.bm.dk/pjaktass/2013/06/07/CodeListBase/}CodeListItemIdentifier"

ACTIVE_ORGANISATION = f"{_AO}ActiveOrganisationHeader"
REQUEST_USER_METADATA = f"{_UM}RequestUserMetadataHeader"

MANGLER = {ACTIVE_ORGANISATION: 8232, REQUEST_USER_METADATA: 8233}
KAN_IKKE_LAESES = {ACTIVE_ORGANISATION: 8234, REQUEST_USER_METADATA: 8235}

_KODE = etree.QName(CODE_LIST_ITEM)
_TEKSTER = ("{*}UserFullName", "{*}UserIdentifier", "{*}UserEmail", "{*}OrganisationCode")


def standardrum(rum: str) -> Any:
    """Return the nsmap that makes a namespace the default one; lxml's own types know no default namespace."""
    return {None: rum}


def laes_identitet(
    tjeneste: Tjeneste, headers: Mapping[str, etree._Element], kontrakt: Kontrakt, system: int
) -> Identitet:
    """Read who calls; errors: RemoteWireError with 8232-8235, 8173, 8174, for both headers at once."""
    fejl: list[Fejl] = []
    for navn, mangler in MANGLER.items():
        header = headers.get(navn)
        if header is None:
            fejl.append(
                Fejl(mangler, f"headeren {etree.QName(navn).localname} mangler i {etree.QName(navn).namespace}")
            )
        elif brud := tjeneste.brud(header):
            fejl += skemafejl(brud, KAN_IKKE_LAESES[navn])
        else:
            fejl += _tegnfejl(header, KAN_IKKE_LAESES[navn])
    if fejl:
        raise RemoteWireError(*sorteret(fejl))
    aktiv = laes_organisation(headers[ACTIVE_ORGANISATION])
    bruger, egen, tidspunkt = laes_metadata(headers[REQUEST_USER_METADATA])
    fejl += [
        Fejl(8173, f"OrganisationTypeIdentifier: {organisation.type}")
        for organisation in {aktiv, egen}
        if organisation.type not in kontrakt.organisationstyper
    ]
    if bruger.type not in kontrakt.brugertyper:
        fejl.append(Fejl(8174, f"RequestUserTypeIdentifier: {bruger.type}"))
    if fejl:
        raise RemoteWireError(*sorteret(fejl))
    return Identitet(aktiv, bruger, egen, tidspunkt, system)


def _tegnfejl(header: etree._Element, kode: int) -> Iterator[Fejl]:
    """Refuse a text that XML can carry and a REST header cannot: line breaks, tabs, control characters."""
    for et in header.iter(*_TEKSTER):
        if not kan_skrives(et.text or ""):
            yield Fejl(kode, f"{etree.QName(et).localname}: må ikke have linjeskift eller styretegn")


def laes_organisation(element: etree._Element) -> Organisation:
    """Read a valid ActiveOrganisationHeaderType."""
    return Organisation(int(element[0].text or ""), element[1].text or "")


def laes_metadata(element: etree._Element) -> tuple[Bruger, Organisation, datetime]:
    """Read a valid RequestUserMetadataType: the user, the user's own organisation, the time of registration."""
    struktur, organisation, tidspunkt = element
    email = struktur[3].text if len(struktur) > 3 else None
    bruger = Bruger(struktur[0].text or "", int(struktur[1][0].text or ""), struktur[2].text or "", email)
    return (
        bruger,
        Organisation(int(organisation[0][0].text or ""), organisation[1].text or ""),
        laes_tid(tidspunkt, KAN_IKKE_LAESES[REQUEST_USER_METADATA]),
    )


def laes_tid(element: etree._Element, kode: int = VALIDERER_IKKE) -> datetime:
    """Read an xs:dateTime, a naive one as Danish time; decimals past microseconds fall away; errors: RemoteWireError."""
    tekst = (element.text or "").strip()
    tidspunkt = laes_tidspunkt(tekst)
    if tidspunkt is None:
        navn = etree.QName(element).localname
        regel = f"skal være et tidspunkt i årene {FOERSTE_AAR}-{SIDSTE_AAR}, ikke {tekst}"
        raise RemoteWireError(Fejl(kode, f"{navn}: {regel}"))
    return tidspunkt


def skriv_organisation(forael: etree._Element, navn: str, organisation: Organisation) -> None:
    """Write an ActiveOrganisationHeaderType under that name."""
    element = etree.SubElement(forael, navn)
    etree.SubElement(element, f"{_AO}OrganisationTypeIdentifier").text = str(organisation.type)
    etree.SubElement(element, f"{_AO}OrganisationCode").text = organisation.kode


def skriv_metadata(forael: etree._Element, navn: str, identitet: Identitet) -> None:
    """Write a RequestUserMetadataType under that name."""
    element = etree.SubElement(forael, navn)
    struktur = etree.SubElement(element, f"{_US}RequestUserStructure")
    etree.SubElement(struktur, f"{_US}UserFullName").text = identitet.bruger.navn
    type_ = etree.SubElement(struktur, f"{_UT}RequestUserTypeIdentifier")
    etree.SubElement(type_, _KODE).text = str(identitet.bruger.type)
    etree.SubElement(struktur, f"{_US}UserIdentifier").text = identitet.bruger.id
    if identitet.bruger.email:
        etree.SubElement(struktur, f"{_US}UserEmail").text = identitet.bruger.email
    organisation = etree.SubElement(element, f"{_OS}RequestOrganisationStructure")
    otype = etree.SubElement(organisation, f"{_OS}OrganisationTypeIdentifier")
    etree.SubElement(otype, _KODE).text = str(identitet.bruger_organisation.type)
    etree.SubElement(organisation, f"{_OS}OrganisationCode").text = identitet.bruger_organisation.kode
    etree.SubElement(element, f"{_UM}RegistrationDateTime").text = identitet.registreringstidspunkt.isoformat()


def skriv_identitet(header: etree._Element, identitet: Identitet) -> None:
    """Write both headers, in the WSDL's order."""
    skriv_metadata(header, REQUEST_USER_METADATA, identitet)
    skriv_organisation(header, ACTIVE_ORGANISATION, identitet.aktiv)
