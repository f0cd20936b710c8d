"""Paged reads of the control API: events, open registrations, and rows for BI (epic AC 1005.17.28.4, .11 and .14).

This project's interface, not STAR's. Every page says where the next one begins, so a reader holds one page in memory. Sequence
numbers grow and are never reused, not even after the stage was emptied.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Kind
from vos_contracts.tables.access import OrganisationType
from vos_contracts.wire.messages.events import DomainEvent

OPERATOR_SETUP = Organisation(OrganisationType.STAR, "0")
"""The registering authority of everything that is set up through the control API."""

PAGE, PAGE_CEILING = 1000, 5000
"""Items in a page: the default, and the maximum a reader may ask for."""


class _OperationsDto(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Base of all messages in this module: camelCase, unknown fields refused."""


class QueuedEvent(_OperationsDto, frozen=True, kw_only=True):
    """One event to one domain, with its sequence number in the outbox."""

    nr: int
    event: DomainEvent


class EventPage(_OperationsDto, frozen=True, kw_only=True):
    """A domain's next events, oldest first; ask for the following page with `next_item`."""

    next_item: int = msgspec.field(name="next")
    events: tuple[QueuedEvent, ...]


class RegistrationState(_OperationsDto, frozen=True, kw_only=True):
    """An open registration as a system believes it to be; the view of a real domain may know the type only."""

    type: int
    id: str = ""
    start: datetime | None = None
    end: datetime | None = None


class CitizenState(_OperationsDto, frozen=True, kw_only=True):
    """The open registrations of one citizen; in the reference there is at most one of each kind."""

    citizen_id: str = ""
    cpr: str = ""
    kontaktgrupper: tuple[RegistrationState, ...] = ()
    personkategorier: tuple[RegistrationState, ...] = ()

    def states(self, kind: Kind) -> tuple[RegistrationState, ...]:
        """Return the open registrations of that kind."""
        return self.kontaktgrupper if kind is Kind.KONTAKTGRUPPE else self.personkategorier


class StatePage(_OperationsDto, frozen=True, kw_only=True):
    """The open registrations of the next citizens, all at one instant.

    `event_nr` is the last event before that instant: a consumer that has processed it must know everything on this page.
    `next_item` is None on the last page.
    """

    clock: datetime
    event_nr: int
    next_item: str | None = msgspec.field(name="next")
    citizens: tuple[CitizenState, ...]


class RegistrationRow(_OperationsDto, frozen=True, kw_only=True):
    """One row of the history. Rows never change, and `nr` is the order in which they were written."""

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


class CitizenRow(_OperationsDto, frozen=True, kw_only=True):
    """A citizen's current state.

    A change of CPR number, death or memberships gives a row with a higher `nr`, which replaces earlier rows.
    """

    nr: int
    citizen_id: str
    cpr: str
    born: date
    dead: date | None
    memberships: tuple[str, ...]


class ExtractPage(_OperationsDto, frozen=True, kw_only=True):
    """The next rows. `generation` identifies the contents of the stage and changes when the stage is emptied."""

    generation: str
    next_item: int = msgspec.field(name="next")
    registrations: tuple[RegistrationRow, ...] = ()
    citizens: tuple[CitizenRow, ...] = ()
