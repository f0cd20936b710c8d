"""WsrmService and WsrmMessageService, translated between wire and `application.wsrm_queue`."""

from __future__ import annotations

from collections.abc import Callable

from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.messages.wsrm import CLOSE, CREATE, END, MESSAGES, SequenceInventory, Wsrm, decode_message
from vos_contracts.wire.soap import envelope
from vos_contracts.wire.soap.envelope import SoapCall
from vos_contracts.wire.soap.schemas import services
from vos_reference.application import wsrm_queue
from vos_reference.application.runtime import Runtime
from vos_reference.application.turns import TakesTurns
from vos_reference.domain.decision import Refused


class WsrmEdge:
    """The WSRM operations; `base_url` is the address that the inventory gives for fetching the messages."""

    def __init__(self, runtime: Runtime, turns: TakesTurns) -> None:
        self._runtime = runtime
        self._turns = turns
        self._wsrm = Wsrm(runtime.contract)
        self._message_path = services(runtime.contract)[MESSAGES].path
        self._end: dict[str, Callable[..., wsrm_queue.Closed | Refused]] = {
            CLOSE: wsrm_queue.close_sequence,
            END: wsrm_queue.end_sequence,
        }

    async def steer(self, call: SoapCall, base_url: str) -> bytes:
        """Open, close or terminate a sequence."""
        self._require_wsrm()
        if call.operation == CREATE:
            sub_queue = self._wsrm.read_sub_queue(call.body)
            inventory = await self._turns.run(
                lambda: wsrm_queue.create_sequence(self._runtime, call.identity, sub_queue)
            )
            if isinstance(inventory, Refused):
                raise RemoteWireError(*inventory.errors)
            response = SequenceInventory(inventory.sequence.id, inventory.count)
            return envelope.write(self._wsrm.write_inventory(response, f"{base_url}{self._message_path}"))
        sequence_id = self._wsrm.read_sequence_id(call.body)
        closed = await self._turns.run(lambda: self._end[call.operation](self._runtime, call.identity, sequence_id))
        if isinstance(closed, Refused):
            raise RemoteWireError(*closed.errors)
        return envelope.write(self._wsrm.write_end(call.operation, closed.sequence.id))

    async def fetch(self, call: SoapCall, base_url: str) -> bytes:
        """Fetch the messages of one type from the sequence that the header names."""
        self._require_wsrm()
        sequence_id = self._wsrm.read_sequence_header(call.headers.get(self._wsrm.sequence_request))
        fetched = await self._turns.run(
            lambda: wsrm_queue.fetch(self._runtime, call.identity, sequence_id, call.operation)
        )
        if isinstance(fetched, Refused):
            raise RemoteWireError(*fetched.errors)
        messages = (decode_message(queued.message_type, queued.body) for queued in fetched.envelopes)
        body = self._wsrm.write_messages(call.operation, messages)
        return envelope.write(body, self._wsrm.sequence_header("SequenceResponse", sequence_id))

    def _require_wsrm(self) -> None:
        if not self._runtime.release.wsrm:
            raise RemoteWireError(
                ServiceError(
                    INVALID_REQUEST, f"WSRM er udgået fra {self._runtime.release.name}; abonnér på webservicebeskeder"
                )
            )
