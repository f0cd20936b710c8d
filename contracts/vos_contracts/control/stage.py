"""The control API's messages: seeding citizens, the clock, the release, the journal. Ours, and stable (DECISIONS section 6).

Both roles use these types; unknown fields are refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import msgspec

from vos_contracts.control.journal import JournalEntry
from vos_contracts.tables.releases import PrsSoap

OrganisationCode = Annotated[str, msgspec.Meta(min_length=1, max_length=20, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]
"""A code that every channel can carry."""


class MembershipDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """A membership of an authority."""

    organisation_type: int
    organisation_code: OrganisationCode
    since: date = date(2000, 1, 1)
    until: date | None = None


class FravaerDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """An absence."""

    type: int
    since: date = date(2000, 1, 1)
    until: date | None = None


class CourseDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """A flexjob activity or an aktivitetstillaeg."""

    since: date = date(2000, 1, 1)
    until: date | None = None


class RegistrationDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """A registration that the citizen already has; `id` is minted where none is given."""

    type: int
    id: str | None = None
    start: datetime | None = None
    end: datetime | None = None


class PersonDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """A synthetic citizen to put on the stage."""

    cpr: str
    memberships: tuple[MembershipDto, ...] = ()
    guests: tuple[MembershipDto, ...] = ()
    tilmeldekategori: int | None = None
    fravaer: tuple[FravaerDto, ...] = ()
    fleksjob: tuple[CourseDto, ...] = ()
    aktivitetstillaeg: tuple[CourseDto, ...] = ()
    dead: date | None = None
    kontaktgrupper: tuple[RegistrationDto, ...] = ()
    personkategorier: tuple[RegistrationDto, ...] = ()


class PeopleDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Citizens to seed, all or none, and CPR numbers that are known without having a citizen."""

    people: tuple[PersonDto, ...] = ()
    known_cpr: tuple[str, ...] = ()


class ClockMode(StrEnum):
    """How the stage clock goes: with the machine's, with it at a distance, or not at all."""

    REAL = "real"
    OFFSET = "offset"
    FROZEN = "frozen"


class ClockDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Move the stage clock to an instant, forward by seconds or an ISO 8601 duration, or both; it never goes backwards.

    Without `state`, an instant freezes the clock, and moving it forward leaves it as it was.
    """

    instant: datetime | None = None
    forward: int | float | str | None = None
    state: ClockMode | None = None


class RunKind(StrEnum):
    """Which citizens a run of the nightly jobs looks at: those for whom a job falls due, or all."""

    DELTA = "delta"
    FULL = "full"


class BatchDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Run the nightly jobs now; with `day`, only if that is the stage's day."""

    kind: RunKind = RunKind.DELTA
    day: date | None = None


class JobCountsDto(msgspec.Struct, rename="camel", kw_only=True):
    """What one job of a run has looked at and changed."""

    job: str
    name: str
    seen: int
    changed: int


class RunDto(msgspec.Struct, rename="camel", kw_only=True):
    """A run of the nightly jobs: its report, or how far it has come; `seconds` is the time it has worked."""

    id: str
    day: date
    kind: RunKind
    instant: datetime
    nightly: bool
    finished: bool
    total: int
    seen: int
    changed: int
    seconds: float
    job: tuple[JobCountsDto, ...]


class CprChangeDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Tell, as CPR does, that a citizen has a new number."""

    old: str
    new_one: str


class CprChangeResponseDto(msgspec.Struct, rename="camel", kw_only=True):
    """Whether the pointer moved in the stage's release, why, and how many subscribers are told."""

    moved: bool
    explanation: str
    messages: int


class ReleaseDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """The release that the stage plays."""

    release: str


class BackendDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Force what stands behind PersonRegistrationService, or let the release choose (null)."""

    backend: PrsSoap | None


class SubscriptionDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Give one calling system of an organisation its own WSRM queue; or, with `message_types`, let it subscribe to messages.

    Such messages are sent to subscribers only, into the queue that the system empties already; the others go on as before.
    With `sub_queue` nothing is subscribed to: messages of these types go into that sub-queue from now on.
    """

    organisation_type: int
    organisation_code: OrganisationCode
    system: Annotated[int, msgspec.Meta(ge=0, le=999_999_999)]
    message_types: tuple[str, ...] = ()
    sub_queue: Annotated[str, msgspec.Meta(pattern=r"^\S(.{0,48}\S)?$")] | None = None


class StatusDto(msgspec.Struct, rename="camel", kw_only=True):
    """How the stage stands; `fell_due` counts what fell due on the way when the clock was moved.

    `latency` is the model by which it answers slowly, None while it answers as fast as it can.
    """

    clock: datetime
    clock_frozen: bool
    clock_state: ClockMode
    release: str
    backend: PrsSoap
    people: int
    contract_hash: str
    overlay: str | None
    overlay_changes: tuple[str, ...]
    fell_due: Mapping[str, int] = {}
    latency: str | None = None


class JournalDto(msgspec.Struct, rename="camel", kw_only=True):
    """Entries after a number, oldest first, and the number to ask with next; `lost` were dropped by the cap."""

    next_item: int
    lost: int
    entries: tuple[JournalEntry, ...]
