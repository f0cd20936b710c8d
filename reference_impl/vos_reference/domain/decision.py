"""The types of a decision, and the rules that kontaktgruppe and personkategori share.

A decision is accepted, with the events that happened and their rows, or refused, with every error that could be
established. A refusal is a value, not an exception: exceptions are for breaches of the wire format and for bugs. All
messages are derived from the events (`domain.recipients`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import ClassVar

from vos_contracts.contract import Contract
from vos_contracts.model.identity import Identity
from vos_contracts.model.registration import ChangeType, Create
from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError, sorted_by_code
from vos_contracts.tables.releases import Release
from vos_reference.domain.danish_time import danish_day
from vos_reference.domain.person import Person, Registration


@dataclass(frozen=True, slots=True)
class Created:
    """A registration was created."""

    change_type: ClassVar[ChangeType] = ChangeType.CREATED
    registration: Registration


@dataclass(frozen=True, slots=True)
class Changed:
    """The end of a registration was set; `successor` is the registration that replaces it, None if none does."""

    change_type: ClassVar[ChangeType] = ChangeType.CHANGED
    registration: Registration
    successor: Registration | None = None


@dataclass(frozen=True, slots=True)
class Deleted:
    """A registration was deleted as erroneous."""

    change_type: ClassVar[ChangeType] = ChangeType.DELETED
    registration: Registration


@dataclass(frozen=True, slots=True)
class CprChanged:
    """The citizen has a new CPR number; no registration changes."""

    old: str
    new: str
    registrant: Identity


Event = Created | Changed | Deleted


@dataclass(frozen=True, slots=True)
class Caller:
    """The caller and its channel; `classic_soap` is true for a SOAP call that did not go through the converter."""

    identity: Identity
    classic_soap: bool = False


@dataclass(frozen=True, slots=True)
class NewIds:
    """Ids for the registrations that a decision may create; the domain generates none."""

    kontaktgruppe: str = "new-kontaktgruppe"
    personkategori: str = "new-personkategori"


@dataclass(frozen=True)
class DecisionContext:
    """The inputs of a decision besides the citizen and the command."""

    now: datetime
    release: Release
    contract: Contract
    caller: Caller
    new: NewIds = NewIds()

    @cached_property
    def day(self) -> date:
        """The calendar day in Denmark."""
        return danish_day(self.now)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The command was carried out; `id` is the id to answer with, `person` is the citizen afterwards."""

    id: str
    person: Person
    events: tuple[Event, ...]

    @property
    def rows(self) -> tuple[Registration, ...]:
        """The new rows of the history, in order."""
        return tuple(event.registration for event in self.events)

    def with_(self, derived: Iterable[Event]) -> Accepted:
        """Return the decision with these consequences added after its own events."""
        events = tuple(derived)
        if not events:
            return self
        person = self.person.with_([event.registration for event in events])
        return Accepted(self.id, person, (*self.events, *events))


@dataclass(frozen=True, slots=True)
class Refused:
    """The command was refused and nothing changed; errors are sorted by number."""

    errors: tuple[ServiceError, ...]


Decision = Accepted | Refused


def refused(*errors: ServiceError) -> Refused:
    """Return a refusal with these errors, sorted by number."""
    return Refused(sorted_by_code(errors))


def accepted(id: str, person: Person, events: Iterable[Event]) -> Accepted:
    """Return an accepted decision; the rows of the events are appended to the citizen's history."""
    return Accepted(id, person, ()).with_(events)


def opening(new: Registration, person: Person, context: DecisionContext) -> tuple[Event, ...]:
    """Return the events that open a registration; those of the same kind that reach beyond its start end there.

    That is the open one, and one that was ended later today than the new one starts (DECISIONS.md section 7).
    """
    closed = (row.ended(new.start, context.caller.identity, context.now) for row in person.beyond(new.kind, new.start))
    return (*(Changed(row, successor=new) for row in closed), Created(new))


def first_row(command: Create, id: str, context: DecisionContext) -> Registration:
    """Return the first row of a new registration, with the caller as registrant."""
    return Registration(
        id=id,
        kind=command.kind,
        type=command.type,
        event=command.event,
        start=command.start,
        end=command.end,
        is_deleted=False,
        registrant=context.caller.identity,
        registered=context.now,
    )


def start_errors(command: Create, context: DecisionContext) -> Iterator[ServiceError]:
    """4703: the start is not today in the Danish calendar. 1014: the end is before the start."""
    if danish_day(command.start) != danish_day(context.now):
        yield ServiceError(4703)
    if command.end is not None:
        yield from end_errors(command.end, command.start)


def end_errors(end: datetime | None, start: datetime | None = None) -> Iterator[ServiceError]:
    """1014: an update without an end, or with an end before the start."""
    if end is None:
        yield ServiceError(INVALID_REQUEST, "sluttidspunkt: skal angives")
    elif start is not None and end < start:
        yield ServiceError(INVALID_REQUEST, "sluttidspunkt: må ikke ligge før starttidspunkt")
