"""GetCprChanged: a citizen's data have moved to another CPR number (epic, commitment criteria).

The message is in the epic. Its body is not public and is assumed here: the old number and the new one.
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
    """One message: its own id, the caller that reported the change, and the two numbers."""

    message_id: str
    registrant: Identity
    old: str
    new_one: str

    @property
    def message_type(self) -> MessageType:
        """The method that fetches the message."""
        return MessageType.CPR_CHANGED

    @property
    def cpr(self) -> str:
        """The citizen's new number."""
        return self.new_one

    @property
    def id(self) -> str:
        """Always empty: the message is not about a registration."""
        return ""

    @property
    def topic(self) -> str:
        """A short description of the subject, without the numbers."""
        return "CPR-skift"


encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(CprMessage).decode


def write(element: etree._Element, name: Name, message: CprMessage) -> None:
    """Write the message into its element."""
    wsrm_metadata.write(element, name, message.message_id, message.registrant)
    etree.SubElement(element, name(_OLD)).text = message.old
    etree.SubElement(element, name(_NEW)).text = message.new_one


def read(element: etree._Element, name: Name) -> CprMessage:
    """Read the body.

    Raises:
        ValueError: an element is missing or has the wrong form.
    """
    message_id, registrant = wsrm_metadata.read(element, name)
    return CprMessage(
        message_id=message_id,
        registrant=registrant,
        old=wsrm_metadata.child(element, name(_OLD)).text or "",
        new_one=wsrm_metadata.child(element, name(_NEW)).text or "",
    )
