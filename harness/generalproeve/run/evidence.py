"""The evidence of a step: its calls with their responses, and the messages that were fetched."""

from __future__ import annotations

from dataclasses import dataclass

from vos_contracts.wire.base import Call, Response
from vos_contracts.wire.calls import ReadCall
from vos_contracts.wire.leniency import Leniency
from vos_contracts.wire.messages.wsrm import Message


@dataclass(frozen=True, slots=True)
class CallEvidence:
    """One call of a scenario and its response.

    `read`, the parsed call, and `lenient`, the leniencies that the call uses, are for calls of external parties only.
    """

    call: Call
    response: Response
    seconds: float
    read: ReadCall | None = None
    lenient: tuple[Leniency, ...] = ()


@dataclass(frozen=True, slots=True)
class MessageEvidence:
    """One message of a scenario; `recipient` is the organisation whose queue it was fetched from."""

    recipient: str
    message: Message
