"""The internal interface between STAR's neighbour services and VisiteringOgStatus, as JSON on the control port.

Ours: the real interface is not public. Unknown fields are refused. The values are in `model.neighbours`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

import msgspec

from vos_contracts.model import neighbours as model
from vos_contracts.model.identity import Identitet

STI = "/intern/kommando"
"""The path on the control port."""

Uuid = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]


class _Dto(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What all messages have in common."""


class _CommandDto(_Dto, frozen=True, kw_only=True, tag_field="kommando"):
    """What all commands have in common: the field `kommando` names them."""


class TilmeldDto(_CommandDto, frozen=True, kw_only=True, tag="tilmeld"):
    """`model.Tilmeld`."""

    kategori: int
    ledighedsgrad: int
    dato: date


class AfmeldDto(_CommandDto, frozen=True, kw_only=True, tag="afmeld"):
    """`model.Afmeld`."""

    dato: date
    aarsag: int


class SygemeldDto(_CommandDto, frozen=True, kw_only=True, tag="sygemeld"):
    """`model.Sygemeld`."""

    id: Uuid
    kilde: model.Sygekilde
    fra: date
    til: date | None = None


class GruppeskiftDto(_Dto, frozen=True, kw_only=True):
    """`model.Gruppeskift`."""

    type: int | None


class GentilmeldingDto(_Dto, frozen=True, kw_only=True):
    """`model.Gentilmelding`."""

    kategori: int
    ledighedsgrad: int


class RaskmeldDto(_CommandDto, frozen=True, kw_only=True, tag="raskmeld"):
    """`model.Raskmeld`."""

    id: Uuid
    dato: date
    tilmelding: GentilmeldingDto | None = None
    gruppe: GruppeskiftDto | None = None


class RegistrerFravaerDto(_CommandDto, frozen=True, kw_only=True, tag="registrerFravaer"):
    """`model.RegistrerFravaer`."""

    id: Uuid
    type: int
    fra: date
    til: date | None = None


class AfslutFravaerDto(_CommandDto, frozen=True, kw_only=True, tag="afslutFravaer"):
    """`model.AfslutFravaer`."""

    id: Uuid
    til: date


class RegistrerFleksjobDto(_CommandDto, frozen=True, kw_only=True, tag="registrerFleksjob"):
    """`model.RegistrerFleksjob`."""

    id: Uuid
    fra: date
    til: date | None = None


class AfslutFleksjobDto(_CommandDto, frozen=True, kw_only=True, tag="afslutFleksjob"):
    """`model.AfslutFleksjob`."""

    id: Uuid
    til: date


class RegistrerTillaegDto(_CommandDto, frozen=True, kw_only=True, tag="registrerTillaeg"):
    """`model.RegistrerTillaeg`."""

    id: Uuid
    fra: date


CommandDto = (
    TilmeldDto
    | AfmeldDto
    | SygemeldDto
    | RaskmeldDto
    | RegistrerFravaerDto
    | AfslutFravaerDto
    | RegistrerFleksjobDto
    | AfslutFleksjobDto
    | RegistrerTillaegDto
)

_DTO: Mapping[type[model.Nabokommando], type[CommandDto]] = {
    model.Tilmeld: TilmeldDto,
    model.Afmeld: AfmeldDto,
    model.Sygemeld: SygemeldDto,
    model.Raskmeld: RaskmeldDto,
    model.RegistrerFravaer: RegistrerFravaerDto,
    model.AfslutFravaer: AfslutFravaerDto,
    model.RegistrerFleksjob: RegistrerFleksjobDto,
    model.AfslutFleksjob: AfslutFleksjobDto,
    model.RegistrerTillaeg: RegistrerTillaegDto,
}
_COMMAND = {dto: command for command, dto in _DTO.items()}


class NabokaldDto(_Dto, frozen=True, kw_only=True):
    """`model.Nabokald`."""

    tjeneste: str
    cpr: str
    identitet: Identitet
    kommando: CommandDto


class Nabofejl(msgspec.Struct, frozen=True, rename="camel"):
    """One established error."""

    kode: int
    beskrivelse: str = ""


class Nabosvar(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The answer: the id of what was registered and when, or the errors."""

    id: str = ""
    tidspunkt: datetime | None = None
    fejl: tuple[Nabofejl, ...] = ()


_encode = msgspec.json.Encoder().encode
_decode_call = msgspec.json.Decoder(NabokaldDto).decode
_decode_answer = msgspec.json.Decoder(Nabosvar).decode


def encode_call(call: model.Nabokald) -> bytes:
    """Write a call.

    Raises:
        msgspec.ValidationError: a value that the interface does not carry, such as an id that is no UUID.
    """
    command = msgspec.convert(call.kommando, _DTO[type(call.kommando)], from_attributes=True)
    return _encode(NabokaldDto(tjeneste=call.tjeneste, cpr=call.cpr, identitet=call.identitet, kommando=command))


def decode_call(body: bytes) -> model.Nabokald:
    """Read a call.

    Raises:
        msgspec.DecodeError: no JSON, or a field that breaks its rule; the text names the field.
    """
    dto = _decode_call(body)
    command = msgspec.convert(dto.kommando, _COMMAND[type(dto.kommando)], from_attributes=True)
    return model.Nabokald(tjeneste=dto.tjeneste, cpr=dto.cpr, identitet=dto.identitet, kommando=command)


def encode_answer(answer: Nabosvar) -> bytes:
    """Write an answer."""
    return _encode(answer)


def decode_answer(body: bytes) -> Nabosvar:
    """Read an answer.

    Raises:
        msgspec.DecodeError: no JSON, or no answer.
    """
    return _decode_answer(body)
