"""WSRMMetadata, which every WSRM message begins with: its id, and who registered what it tells of (starwiki ISB/2631860426)."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from vos_contracts.model.identity import Identity
from vos_contracts.wire.soap.identity import (
    CODE_LIST_ITEM,
    read_metadata,
    read_organisation,
    write_metadata,
    write_organisation,
)

Name = Callable[[str], str]
"""From a canonical name to the element's name in Clark notation."""


def write(element: etree._Element, name: Name, message_id: str, registrant: Identity) -> None:
    """Write it as the message's first element."""
    metadata = etree.SubElement(element, name("WSRMMetadata"))
    etree.SubElement(metadata, name("MessageIdentifier")).text = message_id
    system = etree.SubElement(metadata, name("ClientSystemTypeIdentifier"))
    etree.SubElement(system, CODE_LIST_ITEM).text = str(registrant.system)
    write_organisation(metadata, name("RegisteringAuthority"), registrant.active)
    write_metadata(metadata, name("RegisteringUser"), registrant)


def read(element: etree._Element, name: Name) -> tuple[str, Identity]:
    """Read it; errors: ValueError or IndexError for one that is not as agreed."""
    metadata = et(element, name("WSRMMetadata"))
    user, own, instant = read_metadata(et(metadata, name("RegisteringUser")))
    registrant = Identity(
        read_organisation(et(metadata, name("RegisteringAuthority"))),
        user,
        own,
        instant,
        int(et(metadata, name("ClientSystemTypeIdentifier"))[0].text or ""),
    )
    return et(metadata, name("MessageIdentifier")).text or "", registrant


def et(parent: etree._Element, name: str) -> etree._Element:
    """Return the child of that name; errors: ValueError."""
    found = parent.find(name)
    if found is None:
        raise ValueError(name)
    return found
