"""What a step rests on, as values: the calls with their answers, and the messages that were fetched."""

from __future__ import annotations

from dataclasses import dataclass

from vos_contracts.wire.base import Call, Response
from vos_contracts.wire.calls import ReadCall
from vos_contracts.wire.messages.wsrm import Message


@dataclass(frozen=True, slots=True)
class CallEvidence:
    """One call of a scenario and its answer; `read` is what an external party's call was read as when it passed by."""

    call: Call
    response: Response
    seconds: float
    read: ReadCall | None = None


@dataclass(frozen=True, slots=True)
class MessageEvidence:
    """One message of a scene and whose queue it was fetched from."""

    recipient: str
    message: Message
