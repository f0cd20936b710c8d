"""WSRMMetadata, which every WSRM message begins with: its id, and who registered what it tells of (starwiki ISB/2631860426)."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from vos_contracts.model.identity import Identitet
from vos_contracts.wire.soap_identitet import (
    CODE_LIST_ITEM,
    laes_metadata,
    laes_organisation,
    skriv_metadata,
    skriv_organisation,
)

Navn = Callable[[str], str]
"""From a canonical name to the element's name in Clark notation."""


def skriv(element: etree._Element, navn: Navn, besked_id: str, registrant: Identitet) -> None:
    """Write it as the message's first element."""
    metadata = etree.SubElement(element, navn("WSRMMetadata"))
    etree.SubElement(metadata, navn("MessageIdentifier")).text = besked_id
    system = etree.SubElement(metadata, navn("ClientSystemTypeIdentifier"))
    etree.SubElement(system, CODE_LIST_ITEM).text = str(registrant.system)
    skriv_organisation(metadata, navn("RegisteringAuthority"), registrant.aktiv)
    skriv_metadata(metadata, navn("RegisteringUser"), registrant)


def laes(element: etree._Element, navn: Navn) -> tuple[str, Identitet]:
    """Read it; errors: ValueError or IndexError for one that is not as agreed."""
    metadata = et(element, navn("WSRMMetadata"))
    bruger, egen, tidspunkt = laes_metadata(et(metadata, navn("RegisteringUser")))
    registrant = Identitet(
        laes_organisation(et(metadata, navn("RegisteringAuthority"))),
        bruger,
        egen,
        tidspunkt,
        int(et(metadata, navn("ClientSystemTypeIdentifier"))[0].text or ""),
    )
    return et(metadata, navn("MessageIdentifier")).text or "", registrant


def et(forael: etree._Element, navn: str) -> etree._Element:
    """Return the child of that name; errors: ValueError."""
    fundet = forael.find(navn)
    if fundet is None:
        raise ValueError(navn)
    return fundet
