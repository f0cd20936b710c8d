"""The control API's messages: citizens, the clock, the release, nightly runs, CPR changes and the journal.

The interface is this project's own. Server and client both use these types, and unknown fields are refused.
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
"""An organisation code that every channel can carry: no control characters."""


LimitationText = Annotated[
    str, msgspec.Meta(min_length=1, max_length=1500, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$")
]
"""A text of a health limitation, in the length that the status service documents."""


class MembershipDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """A citizen's membership of one authority; `until` is the first day without it."""

    organisation_type: int
    organisation_code: OrganisationCode
    since: date = date(2000, 1, 1)
    until: date | None = None


class FravaerDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """An absence of one type; `until` is the first day without it."""

    type: int
    since: date = date(2000, 1, 1)
    until: date | None = None


class PeriodDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """A flexjob activity or an aktivitetstillaeg."""

    since: date = date(2000, 1, 1)
    until: date | None = None


class HelbredsbegraensningDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """A health limitation of a citizen, which the status service shows from `start` until `end`; `start` is now if absent."""

    start: datetime | None = None
    end: datetime | None = None
    documented: bool = True
    description: LimitationText | None = None
    impossible_tasks: LimitationText | None = None
    correction_comment: LimitationText | None = None


class RegistrationDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """A registration that the citizen already has; the stage mints `id` if none is given."""

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
    fleksjob: tuple[PeriodDto, ...] = ()
    aktivitetstillaeg: tuple[PeriodDto, ...] = ()
    helbredsbegraensninger: tuple[HelbredsbegraensningDto, ...] = ()
    dead: date | None = None
    kontaktgrupper: tuple[RegistrationDto, ...] = ()
    personkategorier: tuple[RegistrationDto, ...] = ()


class PeopleDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Citizens to put on the stage, all or none, and CPR numbers that are known but have no citizen."""

    people: tuple[PersonDto, ...] = ()
    known_cpr: tuple[str, ...] = ()


class ClockMode(StrEnum):
    """How the stage clock runs: as the machine's clock, at an offset from it, or frozen."""

    REAL = "real"
    OFFSET = "offset"
    FROZEN = "frozen"


class ClockDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Move the stage clock: to an instant, forward by seconds or an ISO 8601 duration, or both. It never goes backwards.

    Without `state`, setting an instant freezes the clock, and moving forward keeps its mode.
    """

    instant: datetime | None = None
    forward: int | float | str | None = None
    state: ClockMode | None = None


class RunKind(StrEnum):
    """The citizens that a run of the nightly jobs looks at: those for whom a job is due, or all."""

    DELTA = "delta"
    FULL = "full"


class BatchDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Run the nightly jobs now. With `day`, run them only if it is the stage's current day."""

    kind: RunKind = RunKind.DELTA
    day: date | None = None


class JobCountsDto(msgspec.Struct, rename="camel", kw_only=True):
    """How many citizens one job of a run has looked at and changed."""

    job: str
    name: str
    seen: int
    changed: int


class RunDto(msgspec.Struct, rename="camel", kw_only=True):
    """The progress or the final report of a run of the nightly jobs; `seconds` is the time spent working."""

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
    """A citizen's change of CPR number, as the CPR register reports it."""

    old: str
    new_one: str = msgspec.field(name="new")


class CprChangeResponseDto(msgspec.Struct, rename="camel", kw_only=True):
    """Whether the change moved the citizen's data in this release, why, and how many messages were queued."""

    moved: bool
    explanation: str
    messages: int


class ReleaseDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """The release that the stage behaves as."""

    release: str


class BackendDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Force the backend of PersonRegistrationService, or let the release choose it (null)."""

    backend: PrsSoap | None


class SubscriptionDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Give one calling system of an organisation its own WSRM queue.

    With `message_types`, the system subscribes to message types that are sent to subscribers only; they arrive in the queue it
    already has. With `message_types` and `sub_queue`, messages of these types go into that sub-queue from now on instead.
    """

    organisation_type: int
    organisation_code: OrganisationCode
    system: Annotated[int, msgspec.Meta(ge=0, le=999_999_999)]
    message_types: tuple[str, ...] = ()
    sub_queue: Annotated[str, msgspec.Meta(pattern=r"^\S(.{0,48}\S)?$")] | None = None


class StatusDto(msgspec.Struct, rename="camel", kw_only=True):
    """The state of the stage. After a clock move, `fell_due` counts the work that fell due on the way, by kind.

    `latency` is the name of the active latency model, None if the stage adds no delay.
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
    """Journal entries after a number, oldest first.

    Ask for the following ones with `next_item`. `lost` entries were dropped because the journal is bounded.
    """

    next_item: int = msgspec.field(name="next")
    lost: int
    entries: tuple[JournalEntry, ...]
