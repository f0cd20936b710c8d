"""A party's WSRM poller: CreateSequence, fetch every message type of the inventory, TerminateSequence.

WSRM is a pull protocol: the queue never sends by itself. Not here: checking the messages (`vos_simulators.oracle`).
"""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from vos_contracts.contract import Contract
from vos_contracts.model.identity import Identity
from vos_contracts.wire.base import Call, Transport
from vos_contracts.wire.messages.wsrm import CLOSE, CONTROL, CREATE, END, MESSAGES, Message, SequenceInventory, Wsrm
from vos_contracts.wire.rest.headers import Headers
from vos_contracts.wire.soap import envelope
from vos_contracts.wire.soap.schemas import services

AT_MOST_ROUNDS = 1000
"""Maximum number of transfers in one `drain`."""


class WsrmRefused(Exception):
    """The queue answered with the SOAP fault `fault`."""

    def __init__(self, operation: str, fault: envelope.Fault) -> None:
        super().__init__(f"{operation}: {fault.text}")
        self.fault = fault


class WsrmPoller:
    """Poller of one queue owner; `messages` holds all fetched and committed messages, in order."""

    def __init__(
        self,
        identity: Identity,
        contract: Contract,
        transport: Transport,
        hear: Callable[[Message], None] = lambda message: None,
    ) -> None:
        self._identity = identity
        self._transport = transport
        self._hear = hear
        self._wsrm = Wsrm(contract)
        self._headers = Headers(contract).write_system(identity)
        self._services = services(contract)
        self.messages: list[Message] = []

    def drain(self) -> list[Message]:
        """Transfer until the queue is empty; return the new messages.

        Raises:
            WsrmRefused: the queue answered with a fault.
            UnreachableError: the stage did not answer.
            RemoteWireError: an answer is malformed.
            AssertionError: a committed message was delivered again, or the queue is not empty after AT_MOST_ROUNDS transfers.
        """
        new: list[Message] = []
        for _ in range(AT_MOST_ROUNDS):
            inventory = self.create()
            if not inventory.entries:
                self.close(inventory.id)
                return new
            batch = [
                message for message_type, _ in inventory.entries for message in self.fetch(inventory.id, message_type)
            ]
            self.end(inventory.id)
            again = {message.message_id for message in batch} & {message.message_id for message in self.messages}
            assert not again, f"køen giver beskeder igen efter TerminateSequence: {', '.join(sorted(again))}"
            for message in batch:
                self._hear(message)
            new += batch
            self.messages += batch
        raise AssertionError(f"the queue still had messages after {AT_MOST_ROUNDS} transfers")

    def create(self, sub_queue: str = "") -> SequenceInventory:
        """Call CreateSequence: open a transfer, or get the open one again."""
        return self._wsrm.read_inventory(self._call(CONTROL, CREATE, self._wsrm.write_create(sub_queue)))

    def fetch(self, sequence_id: str, message_type: str) -> tuple[Message, ...]:
        """Fetch the messages of one type within the transfer."""
        header = self._wsrm.sequence_header("SequenceRequest", sequence_id)
        return self._wsrm.read_messages(
            message_type, self._call(MESSAGES, message_type, self._wsrm.write_fetch(message_type), header)
        )

    def close(self, sequence_id: str) -> None:
        """Call CloseSequence: the messages go back to the queue."""
        self._call(CONTROL, CLOSE, self._wsrm.write_ending(CLOSE, sequence_id))

    def end(self, sequence_id: str) -> None:
        """Call TerminateSequence: commit, so the messages leave the queue."""
        self._call(CONTROL, END, self._wsrm.write_ending(END, sequence_id))

    def _call(
        self, service: str, operation: str, body: etree._Element, header: envelope.HeaderWriter | None = None
    ) -> etree._Element:
        soap = self._services[service]
        headers = {
            "content-type": "text/xml; charset=utf-8",
            "soapaction": f'"{soap.operations[operation].soapaction}"',
            **self._headers,
        }
        response = self._transport.send(
            Call("POST", soap.path, headers, envelope.write_call(self._identity, body, header))
        )
        content = envelope.read_response(response.body)
        if isinstance(content, envelope.Fault):
            raise WsrmRefused(operation, content)
        return content
