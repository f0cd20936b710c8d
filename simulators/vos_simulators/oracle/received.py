"""The messages that recipients have, converted to the form in which the oracle compares them."""

from __future__ import annotations

from dataclasses import dataclass

from vos_contracts.control.operations import QueuedEvent
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import ChangeType
from vos_contracts.wire.messages.webhook import WsbMessage
from vos_contracts.wire.messages.wsrm import WsrmMessage
from vos_simulators.oracle.expected import (
    Content,
    MessageChannel,
    Recipient,
    event_content,
    wsb_content,
    wsrm_content,
    wsrm_recipient,
)
from vos_simulators.oracle.happened import Author

_CHANGE = {
    ChangeType.CREATED: "created",
    ChangeType.CHANGED: "changed",
    ChangeType.DELETED: "deleted",
}


@dataclass(frozen=True, slots=True)
class Got:
    """A message that a recipient has; `id` is the registration's id, `message_id` the message's."""

    recipient: Recipient
    message_id: str
    message: str
    id: str
    content: Content


def from_wsrm(owner: Organisation, message: WsrmMessage) -> Got:
    """Convert a message from the owner's queue."""
    registrant = message.registrant
    author = Author(registrant.active, registrant.system, registrant.user.id)
    content = wsrm_content(message.cpr, message, author)
    return Got(wsrm_recipient(owner), message.message_id, message.message_type, message.id, content)


def from_wsb(system: str, message: WsbMessage) -> Got:
    """Convert a webservice message that the system received."""
    recipient = Recipient(MessageChannel.WSB, f"{system} for {message.recipient}")
    content = wsb_content(message.cpr, _CHANGE[message.change_type], message.registered)
    return Got(recipient, message.message_id, message.entity_name, message.id, content)


def from_event(domain: str, queued: QueuedEvent) -> Got:
    """Convert an event that the domain received."""
    event = queued.event
    change = _CHANGE[event.change_type]
    content = event_content(event.citizen_id, event.cpr, event, change, event.authority, event.occurred)
    return Got(Recipient(MessageChannel.EVENT, domain), event.event_id, event.entity.value, event.id, content)
