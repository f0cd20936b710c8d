"""WSRMMetadata, the first element of every WSRM message: its id and the registering caller (starwiki ISB/2631860426)."""

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
"""Maps a canonical name to the element's name in Clark notation."""


def write(element: etree._Element, name: Name, message_id: str, registrant: Identity) -> None:
    """Write WSRMMetadata as the message's first element."""
    metadata = etree.SubElement(element, name("WSRMMetadata"))
    etree.SubElement(metadata, name("MessageIdentifier")).text = message_id
    system = etree.SubElement(metadata, name("ClientSystemTypeIdentifier"))
    etree.SubElement(system, CODE_LIST_ITEM).text = str(registrant.system)
    write_organisation(metadata, name("RegisteringAuthority"), registrant.active)
    write_metadata(metadata, name("RegisteringUser"), registrant)


def read(element: etree._Element, name: Name) -> tuple[str, Identity]:
    """Read the message's id and its registering caller.

    Raises:
        ValueError, IndexError: an element is missing or has the wrong form.
    """
    metadata = child(element, name("WSRMMetadata"))
    user, own, instant = read_metadata(child(metadata, name("RegisteringUser")))
    registrant = Identity(
        read_organisation(child(metadata, name("RegisteringAuthority"))),
        user,
        own,
        instant,
        int(child(metadata, name("ClientSystemTypeIdentifier"))[0].text or ""),
    )
    return child(metadata, name("MessageIdentifier")).text or "", registrant


def child(parent: etree._Element, name: str) -> etree._Element:
    """Return the child element with that name.

    Raises:
        ValueError: an element is missing or has the wrong form.
    """
    found = parent.find(name)
    if found is None:
        raise ValueError(name)
    return found
