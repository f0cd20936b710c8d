"""The event that VisiteringOgStatus sends to the business domains for each registration and change (epic AC 1005.17.28.11).

It is stored and sent as JSON. The body is assumed, because today's is not public. `borgerId` is the epic's pegepind: it stays
the same when the CPR number changes. The names of exchange, queues and routing keys are assumed too (table `names`, kinds
`broker` and `topic`).
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import ChangeType, Kind
from vos_contracts.tables.names import Names

_WIRE_NAMES = {
    "event_id": "haendelseId",
    "entity": "entitet",
    "change_type": "aendringstype",
    "citizen_id": "borgerId",
    "event": "haendelse",
    "end": "slut",
    "authority": "myndighed",
    "occurred": "indtraffet",
}
"""JSON member names; fields that are not listed have the same name on the wire."""


class DomainEvent(msgspec.Struct, frozen=True, kw_only=True, rename=_WIRE_NAMES):
    """One event: the registration after the change, and the authority that made the change."""

    event_id: str
    entity: Kind
    change_type: ChangeType
    citizen_id: str
    cpr: str
    id: str
    type: int
    event: datetime | None
    start: datetime
    end: datetime | None
    authority: Organisation
    occurred: datetime


def topic(domain: str, event: DomainEvent, names: Names) -> str:
    """Return the event's routing key to that domain."""
    return f"{domain}.{names.topic(event.entity)}.{names.topic(event.change_type.name.lower())}"


def queue(domain: str, names: Names) -> tuple[str, str]:
    """Return the domain's queue on the broker and its binding pattern."""
    return f"{names.broker('queue')}{domain}", f"{domain}.*.*"


class _Authority(msgspec.Struct, frozen=True, rename={"code": "kode"}):
    """An organisation as the event body has it."""

    type: int
    code: str


class _EventBody(DomainEvent, frozen=True, kw_only=True, rename=_WIRE_NAMES):
    authority: _Authority  # type: ignore[assignment]  # the JSON form of the organisation


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(_EventBody)


def encode_event(event: DomainEvent) -> bytes:
    """Encode the JSON body of an event."""
    authority = _Authority(event.authority.type, event.authority.code)
    return _encoder.encode(msgspec.structs.replace(event, authority=authority))


def decode_event(body: bytes) -> DomainEvent:
    """Decode the JSON body of an event.

    Raises:
        msgspec.DecodeError: the body is no event.
    """
    fields = msgspec.structs.asdict(_decoder.decode(body))
    authority = fields["authority"]
    return DomainEvent(**{**fields, "authority": Organisation(authority.type, authority.code)})
