"""The internal interface between STAR's neighbour services and VisiteringOgStatus, as JSON on the control port.

The interface is an assumption: the real one is not public. Unknown fields are refused. The values are in `model.neighbours`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

import msgspec

from vos_contracts.model import neighbours as model
from vos_contracts.model.identity import Identity

PATH = "/internal/command"
"""The path on the control port."""

Uuid = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]


class _NeighbourDto(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Base of all messages: camelCase, unknown fields refused."""


class _CommandDto(_NeighbourDto, frozen=True, kw_only=True, tag_field="command"):
    """Base of all commands; the field `command` names which one it is."""


class EnrolDto(_CommandDto, frozen=True, kw_only=True, tag="enrol"):
    """`model.CreateTilmelding`."""

    category: int
    unemployment_degree: int
    on_date: date


class CancelEnrolmentDto(_CommandDto, frozen=True, kw_only=True, tag="cancel_enrolment"):
    """`model.EndTilmelding`."""

    on_date: date
    cause: int


class ReportIllnessDto(_CommandDto, frozen=True, kw_only=True, tag="report_illness"):
    """`model.ReportIllness`."""

    id: Uuid
    source: model.IllnessSource
    since: date
    until: date | None = None


class GroupChangeDto(_NeighbourDto, frozen=True, kw_only=True):
    """`model.GroupChange`."""

    type: int | None


class ReEnrolmentDto(_NeighbourDto, frozen=True, kw_only=True):
    """`model.ReEnrolment`."""

    category: int
    unemployment_degree: int


class ReportRecoveryDto(_CommandDto, frozen=True, kw_only=True, tag="report_recovery"):
    """`model.ReportRecovery`."""

    id: Uuid
    on_date: date
    tilmelding: ReEnrolmentDto | None = None
    group: GroupChangeDto | None = None


class RegisterFravaerDto(_CommandDto, frozen=True, kw_only=True, tag="registerFravaer"):
    """`model.RegisterFravaer`."""

    id: Uuid
    type: int
    since: date
    until: date | None = None


class EndFravaerDto(_CommandDto, frozen=True, kw_only=True, tag="endFravaer"):
    """`model.EndFravaer`."""

    id: Uuid
    until: date


class RegisterFleksjobDto(_CommandDto, frozen=True, kw_only=True, tag="registerFleksjob"):
    """`model.RegisterFleksjob`."""

    id: Uuid
    since: date
    until: date | None = None


class EndFleksjobDto(_CommandDto, frozen=True, kw_only=True, tag="endFleksjob"):
    """`model.EndFleksjob`."""

    id: Uuid
    until: date


class RegisterAktivitetstillaegDto(_CommandDto, frozen=True, kw_only=True, tag="registerAktivitetstillaeg"):
    """`model.RegisterAktivitetstillaeg`."""

    id: Uuid
    since: date


CommandDto = (
    EnrolDto
    | CancelEnrolmentDto
    | ReportIllnessDto
    | ReportRecoveryDto
    | RegisterFravaerDto
    | EndFravaerDto
    | RegisterFleksjobDto
    | EndFleksjobDto
    | RegisterAktivitetstillaegDto
)

_DTO: Mapping[type[model.NeighbourCommand], type[CommandDto]] = {
    model.CreateTilmelding: EnrolDto,
    model.EndTilmelding: CancelEnrolmentDto,
    model.ReportIllness: ReportIllnessDto,
    model.ReportRecovery: ReportRecoveryDto,
    model.RegisterFravaer: RegisterFravaerDto,
    model.EndFravaer: EndFravaerDto,
    model.RegisterFleksjob: RegisterFleksjobDto,
    model.EndFleksjob: EndFleksjobDto,
    model.RegisterAktivitetstillaeg: RegisterAktivitetstillaegDto,
}
_COMMAND = {dto: command for command, dto in _DTO.items()}


class NeighbourCallDto(_NeighbourDto, frozen=True, kw_only=True):
    """`model.NeighbourCall`."""

    service: str
    cpr: str
    identity: Identity
    command: CommandDto


class NeighbourError(msgspec.Struct, frozen=True, rename="camel"):
    """One established error."""

    code: int
    description: str = ""


class NeighbourResponse(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The answer: the id and time of the registration, or the errors."""

    id: str = ""
    instant: datetime | None = None
    errors: tuple[NeighbourError, ...] = ()


_encode = msgspec.json.Encoder().encode
_decode_call = msgspec.json.Decoder(NeighbourCallDto).decode
_decode_answer = msgspec.json.Decoder(NeighbourResponse).decode


def encode_call(call: model.NeighbourCall) -> bytes:
    """Write a call.

    Raises:
        msgspec.ValidationError: a value breaks the interface's rules, such as an id that is not a UUID.
    """
    command = msgspec.convert(call.command, _DTO[type(call.command)], from_attributes=True)
    return _encode(NeighbourCallDto(service=call.service, cpr=call.cpr, identity=call.identity, command=command))


def decode_call(body: bytes) -> model.NeighbourCall:
    """Read a call.

    Raises:
        msgspec.DecodeError: the body is not JSON, or a field breaks its rule; the text names the field.
    """
    dto = _decode_call(body)
    command = msgspec.convert(dto.command, _COMMAND[type(dto.command)], from_attributes=True)
    return model.NeighbourCall(service=dto.service, cpr=dto.cpr, identity=dto.identity, command=command)


def encode_answer(answer: NeighbourResponse) -> bytes:
    """Write an answer."""
    return _encode(answer)


def decode_answer(body: bytes) -> NeighbourResponse:
    """Read an answer.

    Raises:
        msgspec.DecodeError: the body is not JSON or not an answer of this interface.
    """
    return _decode_answer(body)
