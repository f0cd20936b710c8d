"""GetCprChanged: that a citizen's data are now found under another number (epic, commitment criteria).

The message exists; its body is not public and assumed here: the old number and the new one.
"""

from __future__ import annotations

import msgspec
from lxml import etree

from vos_contracts.model.identity import Identity
from vos_contracts.tables.recipients import MessageType
from vos_contracts.wire.messages import wsrm_metadata
from vos_contracts.wire.messages.wsrm_metadata import Name

ELEMENT = "CprChanged"
_OLD, _NEW = "OldPersonCivilRegistrationIdentifier", "NewPersonCivilRegistrationIdentifier"


class CprMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One message: its own id, who told, and the two numbers."""

    message_id: str
    registrant: Identity
    old: str
    new_one: str

    @property
    def message_type(self) -> MessageType:
        """The method that fetches it."""
        return MessageType.CPR_CHANGED

    @property
    def cpr(self) -> str:
        """The number that the citizen has now."""
        return self.new_one

    @property
    def id(self) -> str:
        """It tells of no registration."""
        return ""

    @property
    def topic(self) -> str:
        """What it is about, in a word; the numbers are not for print."""
        return "CPR-skift"


encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(CprMessage).decode


def write(element: etree._Element, name: Name, message: CprMessage) -> None:
    """Write the body into its element."""
    wsrm_metadata.write(element, name, message.message_id, message.registrant)
    etree.SubElement(element, name(_OLD)).text = message.old
    etree.SubElement(element, name(_NEW)).text = message.new_one


def read(element: etree._Element, name: Name) -> CprMessage:
    """Read the body; errors: ValueError."""
    message_id, registrant = wsrm_metadata.read(element, name)
    return CprMessage(
        message_id=message_id,
        registrant=registrant,
        old=wsrm_metadata.et(element, name(_OLD)).text or "",
        new_one=wsrm_metadata.et(element, name(_NEW)).text or "",
    )
