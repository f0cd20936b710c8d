"""A decision and what it rests on: the events that happened, the rows they left, or every error that could be established.

A refusal is a value; it never shares a type with a wire breach or with our own bugs. The events are the facts from which
every message follows (`recipients`). Also here: what contact groups and person categories have in common.
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
from vos_contracts.tables.errors import VALIDATES_NOT, ServiceError, sorted_by_code
from vos_contracts.tables.releases import Release
from vos_reference.domain.danish_time import danish_day
from vos_reference.domain.person import Person, Registration


@dataclass(frozen=True, slots=True)
class Created:
    """A registration was made."""

    change_type: ClassVar[ChangeType] = ChangeType.CREATED
    registration: Registration


@dataclass(frozen=True, slots=True)
class Changed:
    """The end of a registration was set; `successor` is the one that takes over, None if it closes altogether."""

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
    """The citizen's data are found under a new number; it touches no registration."""

    old: str
    new_one: str
    registrant: Identity


Event = Created | Changed | Deleted


@dataclass(frozen=True, slots=True)
class Caller:
    """The caller and the channel: `classic_soap` when SOAP reaches the domain without the converter."""

    identity: Identity
    classic_soap: bool = False


@dataclass(frozen=True, slots=True)
class NewIds:
    """Identifiers for what a decision may have to open: it mints none itself."""

    kontaktgruppe: str = "ny-kontaktgruppe"
    personkategori: str = "ny-personkategori"


@dataclass(frozen=True)
class DecisionContext:
    """What a decision rests on besides the citizen: the instant, the release, the contract's tables, the caller, new ids."""

    now: datetime
    release: Release
    contract: Contract
    caller: Caller
    new: NewIds = NewIds()

    @cached_property
    def day(self) -> date:
        """The day in Denmark."""
        return danish_day(self.now)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The command was carried out: `id` names the registration, `person` is the citizen afterwards."""

    id: str
    person: Person
    events: tuple[Event, ...]

    @property
    def rows(self) -> tuple[Registration, ...]:
        """The new rows of the history, in order."""
        return tuple(event.registration for event in self.events)

    def with_(self, derived: Iterable[Event]) -> Accepted:
        """Return the decision with what followed from it."""
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
    """Refuse with these errors."""
    return Refused(sorted_by_code(errors))


def accepted(id: str, person: Person, events: Iterable[Event]) -> Accepted:
    """Carry out: the events' rows become the newest of the citizen's history."""
    return Accepted(id, person, ()).with_(events)


def opening(new: Registration, previous: Registration | None, context: DecisionContext) -> tuple[Event, ...]:
    """Open a registration; an open one of the same kind ends where the new one starts."""
    if previous is None:
        return (Created(new),)
    closed = previous.ended(new.start, context.caller.identity, context.now)
    return (Changed(closed, successor=new), Created(new))


def first_row(command: Create, id: str, context: DecisionContext) -> Registration:
    """Return the first row of a registration."""
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
    """4703: a registration starts today, by the Danish calendar; and it ends no earlier than it starts."""
    if danish_day(command.start) != danish_day(context.now):
        yield ServiceError(4703)
    if command.end is not None:
        yield from end_errors(command.end, command.start)


def end_errors(end: datetime | None, start: datetime | None = None) -> Iterator[ServiceError]:
    """The end must be given on an update, and not lie before the start."""
    if end is None:
        yield ServiceError(VALIDATES_NOT, "sluttidspunkt: skal angives")
    elif start is not None and end < start:
        yield ServiceError(VALIDATES_NOT, "sluttidspunkt: må ikke ligge før starttidspunkt")
