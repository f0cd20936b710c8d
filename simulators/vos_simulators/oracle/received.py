"""What a recipient has, in the oracle's words: made from the messages as they came."""

from __future__ import annotations

from dataclasses import dataclass

from vos_contracts.control.operations import QueuedEvent
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import ChangeType
from vos_contracts.wire.messages.webhook import WsbMessage
from vos_contracts.wire.messages.wsrm import WsrmMessage
from vos_simulators.oracle.expected import (
    Channel,
    Content,
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
    """A message that a recipient has; `message_id` is the message's own."""

    recipient: Recipient
    message_id: str
    variant: str
    id: str
    content: Content


def from_wsrm(owner: Organisation, message: WsrmMessage) -> Got:
    """Make it of a message from the owner's queue."""
    who = message.registrant
    author = Author(who.active, who.system, who.user.id)
    content = wsrm_content(message.cpr, message, author)
    return Got(wsrm_recipient(owner), message.message_id, message.message_type, message.id, content)


def from_wsb(system: str, message: WsbMessage) -> Got:
    """Make it of a posted message that came to the system."""
    recipient = Recipient(Channel.WSB, f"{system} for {message.recipient}")
    content = wsb_content(message.cpr, _CHANGE[message.change_type])
    return Got(recipient, message.message_id, message.entity_name, message.id, content)


def from_event(domain: str, queued: QueuedEvent) -> Got:
    """Make it of an event that the domain heard."""
    item = queued.event
    content = event_content(item.citizen_id, item.cpr, item, _CHANGE[item.change_type], item.authority)
    return Got(Recipient(Channel.EVENT, domain), item.event_id, item.entity.value, item.id, content)
