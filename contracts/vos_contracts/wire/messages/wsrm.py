"""The WSRM queue on the wire: WsrmService v3 and the messages of WsrmMessageService v10, both roles.

The queue stores `WsrmMessage` as JSON; the names of the contract are applied when a message is fetched. The message bodies
are assumed, because they are not public. WSRMMetadata is documented (starwiki ISB/2631860426).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from lxml import etree

from vos_contracts.contract import Contract
from vos_contracts.model.identity import Identity
from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError
from vos_contracts.tables.recipients import MessageType
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.messages import wsrm_cpr, wsrm_metadata
from vos_contracts.wire.messages.wsrm_cpr import CprMessage
from vos_contracts.wire.soap.envelope import HeaderWriter
from vos_contracts.wire.soap.identity import CODE_LIST_ITEM, default_namespace, read_time

CONTROL, MESSAGES = "WsrmService", "WsrmMessageService"
CREATE, CLOSE, END = "CreateSequence", "CloseSequence", "TerminateSequence"
ENTITY: Mapping[str, str] = {
    MessageType.KONTAKTGRUPPE_V5: "ContactGroup",
    MessageType.KONTAKTGRUPPE_V4: "ContactGroup",
    MessageType.PERSONKATEGORI_V1: "PersonCategory",
    MessageType.CPR_CHANGED: wsrm_cpr.ELEMENT,
}
_DANISH_TIME = ZoneInfo("Europe/Copenhagen")


class WsrmMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One message: its own id, the registering caller, and the registration after the change."""

    message_id: str
    message_type: MessageType
    registrant: Identity
    cpr: str
    id: str
    type: int
    event: datetime | None
    start: datetime
    end: datetime | None

    @property
    def topic(self) -> str:
        """A short description of the subject, for reports."""
        return str(self.type)


Message = WsrmMessage | CprMessage

encode_message = msgspec.json.Encoder().encode
_decode_registration = msgspec.json.Decoder(WsrmMessage).decode


def decode_message(message_type: str, body: bytes) -> Message:
    """Read a stored message of that message type."""
    return wsrm_cpr.decode(body) if message_type == MessageType.CPR_CHANGED else _decode_registration(body)


@dataclass(frozen=True, slots=True)
class SequenceInventory:
    """An open sequence: its id, and the number of messages waiting by message type."""

    id: str
    entries: tuple[tuple[str, int], ...]


class Wsrm:
    """Reads and writes the bodies of both services under the names of one contract."""

    def __init__(self, contract: Contract) -> None:
        self._names = contract.names
        self._control = contract.names.namespace(CONTROL)
        self._messages = contract.names.namespace(MESSAGES)
        self.sequence_request = f"{{{self._control}}}SequenceRequest"

    # the service's side

    def read_sub_queue(self, element: etree._Element) -> str:
        """Read the sub-queue of a CreateSequence, empty for the queue itself."""
        return (element.findtext(f"{{{self._control}}}SubQueueIdentifier") or "").strip()

    def read_sequence_id(self, element: etree._Element | None) -> str:
        """Read the sequence that a body or a SequenceRequest header names.

        Raises:
            RemoteWireError: 1014.
        """
        text = None if element is None else element.findtext(f"{{{self._control}}}Identifier")
        if not text:
            raise RemoteWireError(ServiceError(INVALID_REQUEST, "headeren SequenceRequest med Identifier mangler"))
        return text.strip().lower()

    def read_sequence_header(self, element: etree._Element | None) -> str:
        """Read the sequence that a SequenceRequest header names; the header must hold nothing else.

        Raises:
            RemoteWireError: 1014.
        """
        if element is not None:
            texts = (element.text, *(item.tail for item in element))
            if len(element) != 1 or len(element[0]) or any(text and text.strip() for text in texts):
                raise RemoteWireError(
                    ServiceError(INVALID_REQUEST, "headeren SequenceRequest skal have Identifier og intet andet")
                )
        return self.read_sequence_id(element)

    def write_inventory(self, inventory: SequenceInventory, endpoint: str) -> etree._Element:
        """Write the answer to a CreateSequence."""
        element = self._new(f"{CREATE}Response", self._control)
        self._under(element, "Identifier", self._control).text = inventory.id
        collection = self._under(element, "ServiceInventoryCollection", self._control)
        for name, count in inventory.entries:
            entry = self._under(collection, "ServiceItem", self._control)
            self._under(entry, "ServiceName", self._control).text = name
            self._under(entry, "ServiceEndpoint", self._control).text = endpoint
            self._under(entry, "MessageCount", self._control).text = str(count)
        return element

    def write_end(self, operation: str, sequence_id: str) -> etree._Element:
        """Write the answer to a CloseSequence or TerminateSequence."""
        element = self._new(f"{operation}Response", self._control)
        self._under(element, "Identifier", self._control).text = sequence_id
        return element

    def write_messages(self, message_type: str, messages: Iterable[Message]) -> etree._Element:
        """Write the answer to a fetch."""
        element = self._new(f"{message_type}Response", self._messages)
        entity = ENTITY[message_type]
        for message in messages:
            body = etree.SubElement(element, self._name(entity))
            if isinstance(message, CprMessage):
                wsrm_cpr.write(body, self._name, message)
            else:
                self._write_message(body, entity, message)
        return element

    def sequence_header(self, name: str, sequence_id: str) -> HeaderWriter:
        """Return a function that writes a SequenceRequest or SequenceResponse header."""

        def write(header: etree._Element) -> None:
            element = self._under(header, name, self._control)
            self._under(element, "Identifier", self._control).text = sequence_id

        return write

    # the caller's side

    def write_create(self, sub_queue: str = "") -> etree._Element:
        """Write a CreateSequence."""
        element = self._new(CREATE, self._control)
        if sub_queue:
            self._under(element, "SubQueueIdentifier", self._control).text = sub_queue
        return element

    def write_ending(self, operation: str, sequence_id: str) -> etree._Element:
        """Write a CloseSequence or TerminateSequence."""
        element = self._new(operation, self._control)
        self._under(element, "Identifier", self._control).text = sequence_id
        return element

    def write_fetch(self, message_type: str) -> etree._Element:
        """Write the body of a fetch; the sequence is named in the header."""
        return self._new(f"{message_type}Request", self._messages)

    def read_inventory(self, element: etree._Element) -> SequenceInventory:
        """Read the answer to a CreateSequence.

        Raises:
            RemoteWireError: the other side broke the contract.
        """
        namespace = f"{{{self._control}}}"
        try:
            entries = tuple(
                (entry.findtext(f"{namespace}ServiceName") or "", int(entry.findtext(f"{namespace}MessageCount") or ""))
                for entry in element.iter(f"{namespace}ServiceItem")
            )
        except ValueError as exc:
            raise RemoteWireError(ServiceError(INVALID_REQUEST, "MessageCount er ikke et tal")) from exc
        return SequenceInventory(self.read_sequence_id(element), entries)

    def read_messages(self, message_type: str, element: etree._Element) -> tuple[Message, ...]:
        """Read the answer to a fetch.

        Raises:
            RemoteWireError: the other side broke the contract.
        """
        entity = ENTITY[message_type]
        bodies = element.iterfind(self._name(entity))
        try:
            if message_type == MessageType.CPR_CHANGED:
                return tuple(wsrm_cpr.read(item, self._name) for item in bodies)
            return tuple(self._read_message(MessageType(message_type), entity, item) for item in bodies)
        except (AttributeError, TypeError, ValueError, IndexError) as exc:
            raise RemoteWireError(ServiceError(INVALID_REQUEST, f"{message_type} har ikke den aftalte form")) from exc

    # both

    def _new(self, name: str, namespace: str) -> etree._Element:
        return etree.Element(f"{{{namespace}}}{name}", nsmap=default_namespace(namespace))

    def _under(self, parent: etree._Element, name: str, namespace: str) -> etree._Element:
        return etree.SubElement(parent, f"{{{namespace}}}{name}")

    def _name(self, canonical: str) -> str:
        return f"{{{self._messages}}}{self._names.element(MESSAGES, canonical)}"

    def _write_message(self, element: etree._Element, entity: str, message: WsrmMessage) -> None:
        wsrm_metadata.write(element, self._name, message.message_id, message.registrant)
        etree.SubElement(element, self._name("PersonCivilRegistrationIdentifier")).text = message.cpr
        etree.SubElement(element, self._name(f"{entity}Identifier")).text = message.id
        type_ = etree.SubElement(element, self._name(f"{entity}TypeIdentifier"))
        etree.SubElement(type_, CODE_LIST_ITEM).text = str(message.type)
        for field, time in (("EventTime", message.event), ("StartTime", message.start), ("EndTime", message.end)):
            if time is not None:
                text = time.astimezone(_DANISH_TIME).isoformat()
                etree.SubElement(element, self._name(f"{entity}{field}")).text = text

    def _read_message(self, message_type: MessageType, entity: str, element: etree._Element) -> WsrmMessage:
        def child(name: str) -> etree._Element:
            return wsrm_metadata.child(element, self._name(name))

        def time(field: str) -> datetime | None:
            found = element.find(self._name(f"{entity}{field}"))
            return None if found is None else read_time(found)

        message_id, registrant = wsrm_metadata.read(element, self._name)
        return WsrmMessage(
            message_id=message_id,
            message_type=message_type,
            registrant=registrant,
            cpr=child("PersonCivilRegistrationIdentifier").text or "",
            id=child(f"{entity}Identifier").text or "",
            type=int(child(f"{entity}TypeIdentifier")[0].text or ""),
            event=time("EventTime"),
            start=read_time(child(f"{entity}StartTime")),
            end=time("EndTime"),
        )
