"""The internal interface between STAR's neighbour services and VisiteringOgStatus: what they tell, as values and as JSON.

Enrolment, sickness, absence and flexjob services are not the service under test; their consequences for contact group and
person category are decided in its domain and nowhere else. The interface is ours (the real one is not public).
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import msgspec

from vos_contracts.model.identity import Identitet

STI = "/intern/kommando"
"""The path on the control port."""

TJENESTER = ("UnemploymentEnrollmentService", "IllnessCompositeService", "IllnessRecoveryInformationService")
"""The neighbour services that stand on the stage by SOAP; each can be left out."""

Uuid = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]


class Sygekilde(StrEnum):
    """Who tells of sickness: an absence (IllnessCompositeService), or a KSD case from work or from unemployment."""

    FRAVAER = "fravaer"
    BESKAEFTIGELSE = "beskaeftigelse"
    LEDIGHED = "ledighed"


class _Kommando(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, tag_field="kommando"
):
    """What all commands have in common."""


class Tilmeld(_Kommando, frozen=True, kw_only=True, tag="tilmeld"):
    """Enrol as a job-seeker from that day, or change the enrolment category."""

    kategori: int
    ledighedsgrad: int
    dato: date


class Afmeld(_Kommando, frozen=True, kw_only=True, tag="afmeld"):
    """End the enrolment on that day, today or later."""

    dato: date
    aarsag: int


class Sygemeld(_Kommando, frozen=True, kw_only=True, tag="sygemeld"):
    """Report sickness from that day; `til` is the last day of a closed period."""

    id: Uuid
    kilde: Sygekilde
    fra: date
    til: date | None = None


class Gruppeskift(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """The contact group that a recovery opens; None as type ends the open one."""

    type: int | None


class Gentilmelding(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """The enrolment that a recovery makes."""

    kategori: int
    ledighedsgrad: int


class Raskmeld(_Kommando, frozen=True, kw_only=True, tag="raskmeld"):
    """Report recovery on that day, past, present or future, and what else is registered in the same call."""

    id: Uuid
    dato: date
    tilmelding: Gentilmelding | None = None
    gruppe: Gruppeskift | None = None


class RegistrerFravaer(_Kommando, frozen=True, kw_only=True, tag="registrerFravaer"):
    """Register an absence of one type."""

    id: Uuid
    type: int
    fra: date
    til: date | None = None


class AfslutFravaer(_Kommando, frozen=True, kw_only=True, tag="afslutFravaer"):
    """End an absence; `til` is the first day without it."""

    id: Uuid
    til: date


class RegistrerFleksjob(_Kommando, frozen=True, kw_only=True, tag="registrerFleksjob"):
    """Register a flexjob activity in the citizen's plan; the batch job moves the contact group."""

    id: Uuid
    fra: date
    til: date | None = None


class AfslutFleksjob(_Kommando, frozen=True, kw_only=True, tag="afslutFleksjob"):
    """End a flexjob activity; `til` is the first day without it."""

    id: Uuid
    til: date


class RegistrerTillaeg(_Kommando, frozen=True, kw_only=True, tag="registrerTillaeg"):
    """Grant aktivitetstillaeg from that day."""

    id: Uuid
    fra: date


Nabokommando = (
    Tilmeld
    | Afmeld
    | Sygemeld
    | Raskmeld
    | RegistrerFravaer
    | AfslutFravaer
    | RegistrerFleksjob
    | AfslutFleksjob
    | RegistrerTillaeg
)


class Nabokald(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """One call over the internal interface: `tjeneste` is `Service.Metode`, for the access matrix."""

    tjeneste: str
    cpr: str
    identitet: Identitet
    kommando: Nabokommando


class Nabofejl(msgspec.Struct, frozen=True, rename="camel"):
    """One established error."""

    kode: int
    beskrivelse: str = ""


class Nabosvar(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The answer: the id of what was registered and when, or the errors."""

    id: str = ""
    tidspunkt: datetime | None = None
    fejl: tuple[Nabofejl, ...] = ()


kod = msgspec.json.Encoder().encode
afkod_kald = msgspec.json.Decoder(Nabokald).decode
afkod_svar = msgspec.json.Decoder(Nabosvar).decode
