"""The control API's messages: seeding citizens, the clock, the release, the journal. Ours, and stable (DECISIONS section 6).

Both roles use these types; unknown fields are refused.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec

from vos_contracts.journalpost import Post
from vos_contracts.koder.udgave import PrsSoap


class TilknytningDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """A membership of an authority."""

    organisation_type: int
    organisation_kode: Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
    fra: date = date(2000, 1, 1)
    til: date | None = None


class FravaerDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """An absence."""

    type: int
    fra: date = date(2000, 1, 1)
    til: date | None = None


class ForloebDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """A flexjob activity or an aktivitetstillaeg."""

    fra: date = date(2000, 1, 1)
    til: date | None = None


class RegistreringDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """A registration that the citizen already has; `id` is minted where none is given."""

    type: int
    id: str | None = None
    start: datetime | None = None
    slut: datetime | None = None


class PersonDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """A synthetic citizen to put on the stage."""

    cpr: str
    tilknytninger: tuple[TilknytningDto, ...] = ()
    gaester: tuple[TilknytningDto, ...] = ()
    tilmeldekategori: int | None = None
    fravaer: tuple[FravaerDto, ...] = ()
    fleksjob: tuple[ForloebDto, ...] = ()
    aktivitetstillaeg: tuple[ForloebDto, ...] = ()
    doed: date | None = None
    kontaktgrupper: tuple[RegistreringDto, ...] = ()
    personkategorier: tuple[RegistreringDto, ...] = ()


class PersonerDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Citizens to seed, all or none, and CPR numbers that are known without having a citizen."""

    personer: tuple[PersonDto, ...] = ()
    kendte_cpr: tuple[str, ...] = ()


class UrDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """The stage clock: setting it freezes it; it never goes backwards."""

    tidspunkt: datetime


class UdgaveDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """The release that the stage plays."""

    udgave: str


class BagendeDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Force what stands behind PersonRegistrationService, or let the release choose (null)."""

    bagende: PrsSoap | None


class AbonnementDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Give one calling system of an organisation its own WSRM queue."""

    organisation_type: int
    organisation_kode: Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
    system: int


class StatusDto(msgspec.Struct, rename="camel", kw_only=True):
    """How the stage stands."""

    ur: datetime
    ur_frosset: bool
    udgave: str
    bagende: PrsSoap
    personer: int
    kontrakt_hash: str
    overlay: str | None
    overlay_aendringer: tuple[str, ...]


class JournalDto(msgspec.Struct, rename="camel", kw_only=True):
    """Entries after a number, oldest first, and the number to ask with next; `tabt` were dropped by the cap."""

    naeste: int
    tabt: int
    poster: tuple[Post, ...]
