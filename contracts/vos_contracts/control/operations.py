"""What operations reads of a stage in pages, through the control API: events, the truth, rows for BI (epic AC .4, .11, .14).

Ours, not STAR's. Every page says where the next one begins, so that a reader needs no more memory than a page. Numbers grow
and are never used twice, also not after the stage was emptied.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Kind
from vos_contracts.tables.access import OrganisationType
from vos_contracts.wire.messages.events import DomainEvent

OPERATOR_SETUP = Organisation(OrganisationType.STAR, "0")
"""Who stands as registrant of what was put on the stage through the control API."""

PAGE, PAGE_CEILING = 1000, 5000
"""How many a page holds where the reader does not say, and at most."""


class _Dto(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What all messages here have in common."""


class QueuedEvent(_Dto, frozen=True, kw_only=True):
    """One event to one domain, and its number in the outbox."""

    nr: int
    event: DomainEvent


class EventPage(_Dto, frozen=True, kw_only=True):
    """A domain's next events, oldest first; `next_item` is the number to ask after."""

    next_item: int
    events: tuple[QueuedEvent, ...]


class State(_Dto, frozen=True, kw_only=True):
    """An open registration as somebody believes that it stands; a real domain's view may know its type only."""

    type: int
    id: str = ""
    start: datetime | None = None
    end: datetime | None = None


class CitizenState(_Dto, frozen=True, kw_only=True):
    """What is open for one citizen; at most one of each kind, in our own truth."""

    citizen_id: str = ""
    cpr: str = ""
    kontaktgrupper: tuple[State, ...] = ()
    personkategorier: tuple[State, ...] = ()

    def states(self, kind: Kind) -> tuple[State, ...]:
        """Return the open ones of that kind."""
        return self.kontaktgrupper if kind is Kind.KONTAKTGRUPPE else self.personkategorier


class StatePage(_Dto, frozen=True, kw_only=True):
    """The next citizens and how they stand, all at one instant.

    `event_nr` is the last event of that instant: who has heard to there must know all of this. `next_item` is None at the end.
    """

    clock: datetime
    event_nr: int
    next_item: str | None
    citizens: tuple[CitizenState, ...]


class RegistrationRow(_Dto, frozen=True, kw_only=True):
    """One row of the history: never altered, `nr` in the order in which the rows came to be."""

    nr: int
    citizen_id: str
    id: str
    kind: Kind
    type: int
    event: datetime | None
    start: datetime
    end: datetime | None
    is_deleted: bool
    registered: datetime
    organisation_type: int
    organisation_code: str
    system: int
    user_type: int
    user_id: str
    user_name: str


class CitizenRow(_Dto, frozen=True, kw_only=True):
    """A citizen as of now; `nr` grows when number, death or memberships change; the latest row replaces earlier ones."""

    nr: int
    citizen_id: str
    cpr: str
    born: date
    dead: date | None
    memberships: tuple[str, ...]


class ExtractPage(_Dto, frozen=True, kw_only=True):
    """The next rows; `generation` names the stage's contents and is another one when it was emptied since."""

    generation: str
    next_item: int
    registrations: tuple[RegistrationRow, ...] = ()
    citizens: tuple[CitizenRow, ...] = ()
