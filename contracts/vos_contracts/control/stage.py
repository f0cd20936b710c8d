"""The control API's messages: seeding citizens, the clock, the release, the journal. Ours, and stable (DECISIONS section 6).

Both roles use these types; unknown fields are refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import msgspec

from vos_contracts.control.journal import Post
from vos_contracts.koder.udgave import PrsSoap

Organisationskode = Annotated[str, msgspec.Meta(min_length=1, max_length=20, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]
"""A code that every channel can carry."""


class TilknytningDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """A membership of an authority."""

    organisation_type: int
    organisation_kode: Organisationskode
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


class Urtilstand(StrEnum):
    """How the stage clock goes: with the machine's, with it at a distance, or not at all."""

    REEL = "reel"
    FORSKUDT = "forskudt"
    FROSSET = "frosset"


class UrDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Move the stage clock to an instant, forward by seconds or an ISO 8601 duration, or both; it never goes backwards.

    Without `tilstand`, an instant freezes the clock, and moving it forward leaves it as it was.
    """

    tidspunkt: datetime | None = None
    frem: int | float | str | None = None
    tilstand: Urtilstand | None = None


class Koerselsart(StrEnum):
    """Which citizens a run of the nightly jobs looks at: those for whom a job falls due, or all."""

    DELTA = "delta"
    FULD = "fuld"


class BatchDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Run the nightly jobs now; with `dag`, only if that is the stage's day."""

    art: Koerselsart = Koerselsart.DELTA
    dag: date | None = None


class JobtalDto(msgspec.Struct, rename="camel", kw_only=True):
    """What one job of a run has looked at and changed."""

    job: str
    navn: str
    sete: int
    aendrede: int


class KoerselDto(msgspec.Struct, rename="camel", kw_only=True):
    """A run of the nightly jobs: its report, or how far it has come; `sekunder` is the time it has worked."""

    id: str
    dag: date
    art: Koerselsart
    tidspunkt: datetime
    natlig: bool
    faerdig: bool
    i_alt: int
    sete: int
    aendrede: int
    sekunder: float
    job: tuple[JobtalDto, ...]


class CprskiftDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Tell, as CPR does, that a citizen has a new number."""

    gammelt: str
    nyt: str


class CprskiftSvarDto(msgspec.Struct, rename="camel", kw_only=True):
    """Whether the pointer moved in the stage's release, why, and how many subscribers are told."""

    flyttet: bool
    forklaring: str
    beskeder: int


class UdgaveDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """The release that the stage plays."""

    udgave: str


class BagendeDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Force what stands behind PersonRegistrationService, or let the release choose (null)."""

    bagende: PrsSoap | None


class AbonnementDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Give one calling system of an organisation its own WSRM queue; or, with `beskedtyper`, let it subscribe to messages.

    Such messages are sent to subscribers only, into the queue that the system empties already; the others go on as before.
    With `underkoe` nothing is subscribed to: messages of these types go into that sub-queue from now on.
    """

    organisation_type: int
    organisation_kode: Organisationskode
    system: Annotated[int, msgspec.Meta(ge=0, le=999_999_999)]
    beskedtyper: tuple[str, ...] = ()
    underkoe: Annotated[str, msgspec.Meta(pattern=r"^\S(.{0,48}\S)?$")] | None = None


class StatusDto(msgspec.Struct, rename="camel", kw_only=True):
    """How the stage stands; `forfaldt` counts what fell due on the way when the clock was moved.

    `latens` is the model by which it answers slowly, None while it answers as fast as it can.
    """

    ur: datetime
    ur_frosset: bool
    ur_tilstand: Urtilstand
    udgave: str
    bagende: PrsSoap
    personer: int
    kontrakt_hash: str
    overlay: str | None
    overlay_aendringer: tuple[str, ...]
    forfaldt: Mapping[str, int] = {}
    latens: str | None = None


class JournalDto(msgspec.Struct, rename="camel", kw_only=True):
    """Entries after a number, oldest first, and the number to ask with next; `tabt` were dropped by the cap."""

    naeste: int
    tabt: int
    poster: tuple[Post, ...]
