"""The two SOAP identity headers, RequestUserMetadataHeader and ActiveOrganisationHeader, for both roles.

Names, namespaces and order as documented (STAR-Code/PlannerCalendarClient; starwiki pageId 1356890491).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from lxml import etree

from vos_contracts.contract import Contract
from vos_contracts.model.identity import Identity, Organisation, User
from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError, sorted_by_code
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.instants import FIRST_YEAR, LAST_YEAR, is_transportable, read_instant
from vos_contracts.wire.soap.faults import schema_errors
from vos_contracts.wire.soap.schemas import Service

_AO = "{http://rep.oio.dk/ams.dk/xml/schemas/2005/09/01/}"
_UM = "{http://service.bm.dk/RequestUserMetadata/2015/01/21/}"
_US = "{http://service.bm.dk/pjaktass/2015/01/21/RequestUserStructure/}"
_UT = "{http://service.bm.dk/pjaktass/2015/01/21/RequestUserTypeIdentifierCodeList/}"
_OS = "{http://service.bm.dk/pjaktass/2015/01/21/RequestOrganisationStructure/}"
CODE_LIST_ITEM = "{http://service.bm.dk/pjaktass/2013/06/07/CodeListBase/}CodeListItemIdentifier"

ACTIVE_ORGANISATION = f"{_AO}ActiveOrganisationHeader"
REQUEST_USER_METADATA = f"{_UM}RequestUserMetadataHeader"

MISSING = {ACTIVE_ORGANISATION: 8232, REQUEST_USER_METADATA: 8233}
UNREADABLE = {ACTIVE_ORGANISATION: 8234, REQUEST_USER_METADATA: 8235}

_CODE = etree.QName(CODE_LIST_ITEM)
_TEXTS = ("{*}UserFullName", "{*}UserIdentifier", "{*}UserEmail", "{*}OrganisationCode")


def default_namespace(namespace: str) -> Any:
    """Return the nsmap that makes a namespace the default; typed Any, because lxml's type stubs know no default namespace."""
    return {None: namespace}


def read_identity(service: Service, headers: Mapping[str, etree._Element], contract: Contract, system: int) -> Identity:
    """Read the caller's identity.

    Raises:
        RemoteWireError: 8232-8235, 8173 or 8174, for both headers at once.
    """
    errors: list[ServiceError] = []
    for name, missing in MISSING.items():
        header = headers.get(name)
        if header is None:
            errors.append(
                ServiceError(missing, f"headeren {etree.QName(name).localname} mangler i {etree.QName(name).namespace}")
            )
        elif breach := service.breach(header):
            errors += schema_errors(breach, UNREADABLE[name])
        else:
            errors += _character_errors(header, UNREADABLE[name])
    if errors:
        raise RemoteWireError(*sorted_by_code(errors))
    active = read_organisation(headers[ACTIVE_ORGANISATION])
    user, own, instant = read_metadata(headers[REQUEST_USER_METADATA])
    errors += [
        ServiceError(8173, f"OrganisationTypeIdentifier: {organisation.type}")
        for organisation in {active, own}
        if organisation.type not in contract.organisation_types
    ]
    if user.type not in contract.user_types:
        errors.append(ServiceError(8174, f"RequestUserTypeIdentifier: {user.type}"))
    if errors:
        raise RemoteWireError(*sorted_by_code(errors))
    return Identity(active, user, own, instant, system)


def _character_errors(header: etree._Element, code: int) -> Iterator[ServiceError]:
    """Report texts that a REST header cannot carry: line breaks, tabs and control characters."""
    for item in header.iter(*_TEXTS):
        if not is_transportable(item.text or ""):
            yield ServiceError(code, f"{etree.QName(item).localname}: må ikke have linjeskift eller styretegn")


def read_organisation(element: etree._Element) -> Organisation:
    """Read a valid ActiveOrganisationHeaderType."""
    return Organisation(int(element[0].text or ""), element[1].text or "")


def read_metadata(element: etree._Element) -> tuple[User, Organisation, datetime]:
    """Read a valid RequestUserMetadataType: the user, the user's own organisation, the time of registration."""
    structure, organisation, instant = element
    email = structure[3].text if len(structure) > 3 else None
    user = User(structure[0].text or "", int(structure[1][0].text or ""), structure[2].text or "", email)
    return (
        user,
        Organisation(int(organisation[0][0].text or ""), organisation[1].text or ""),
        read_time(instant, UNREADABLE[REQUEST_USER_METADATA]),
    )


def read_time(element: etree._Element, code: int = INVALID_REQUEST) -> datetime:
    """Read an xs:dateTime, a naive one as Danish time; decimals past microseconds fall away.

    Raises:
        RemoteWireError: the other side broke the contract.
    """
    text = (element.text or "").strip()
    instant = read_instant(text)
    if instant is None:
        name = etree.QName(element).localname
        rule = f"skal være et tidspunkt i årene {FIRST_YEAR}-{LAST_YEAR}, ikke {text}"
        raise RemoteWireError(ServiceError(code, f"{name}: {rule}"))
    return instant


def write_organisation(parent: etree._Element, name: str, organisation: Organisation) -> None:
    """Write an ActiveOrganisationHeaderType under that name."""
    element = etree.SubElement(parent, name)
    etree.SubElement(element, f"{_AO}OrganisationTypeIdentifier").text = str(organisation.type)
    etree.SubElement(element, f"{_AO}OrganisationCode").text = organisation.code


def write_metadata(parent: etree._Element, name: str, identity: Identity) -> None:
    """Write a RequestUserMetadataType under that name."""
    element = etree.SubElement(parent, name)
    structure = etree.SubElement(element, f"{_US}RequestUserStructure")
    etree.SubElement(structure, f"{_US}UserFullName").text = identity.user.name
    type_ = etree.SubElement(structure, f"{_UT}RequestUserTypeIdentifier")
    etree.SubElement(type_, _CODE).text = str(identity.user.type)
    etree.SubElement(structure, f"{_US}UserIdentifier").text = identity.user.id
    if identity.user.email:
        etree.SubElement(structure, f"{_US}UserEmail").text = identity.user.email
    organisation = etree.SubElement(element, f"{_OS}RequestOrganisationStructure")
    otype = etree.SubElement(organisation, f"{_OS}OrganisationTypeIdentifier")
    etree.SubElement(otype, _CODE).text = str(identity.user_organisation.type)
    etree.SubElement(organisation, f"{_OS}OrganisationCode").text = identity.user_organisation.code
    etree.SubElement(element, f"{_UM}RegistrationDateTime").text = identity.registreringstidspunkt.isoformat()


def write_identity(header: etree._Element, identity: Identity) -> None:
    """Write both headers, in the WSDL's order."""
    write_metadata(header, REQUEST_USER_METADATA, identity)
    write_organisation(header, ACTIVE_ORGANISATION, identity.active)
