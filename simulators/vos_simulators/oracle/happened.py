"""What happened, as the oracle hears of it: every row of the history with its registrant, whose it is, and what caused it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from vos_contracts.control.operations import OPERATOR_SETUP, CitizenRow, RegistrationRow
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Kind
from vos_contracts.tables.access import OrganisationType
from vos_contracts.wire.instants import DANISH_TIME
from vos_simulators.stage_reader import OperationsReader


@dataclass(frozen=True, slots=True)
class Author:
    """Who made a change: the authority, the calling system, the user."""

    authority: Organisation
    system: int
    user: str


@dataclass(frozen=True, slots=True)
class Happened:
    """A registration was made, changed or deleted; `cause` is the request or the nightly run that did it.

    `jobcenter` and `akasse` are the citizen's on the day it happened.
    """

    citizen_id: str
    cpr: str
    kind: Kind
    id: str
    type: int
    event: datetime | None
    start: datetime
    end: datetime | None
    is_deleted: bool
    author: Author
    registered: datetime
    jobcenter: Organisation | None
    akasse: Organisation | None
    cause: str

    @property
    def set_up(self) -> bool:
        """Whether it was put on the stage and not registered by anybody: then no authority is told of it."""
        return self.author.authority == OPERATOR_SETUP


Cause = Callable[[RegistrationRow, CitizenRow], str]
"""Names what caused a row about that citizen."""


def registrant(row: RegistrationRow, citizen: CitizenRow) -> str:
    """Name a row's cause by who made it and when, where nothing better is known."""
    who = f"{row.user_name} ({row.organisation_type}/{row.organisation_code})"
    return f"{who} {row.registered.astimezone(DANISH_TIME):%d-%m-%Y %H:%M:%S}"


def from_stage(reader: OperationsReader, cause: Cause = registrant, only: str | None = None) -> Iterator[Happened]:
    """Read what has happened on a stage since it was emptied, with the citizens' numbers as they are now.

    `only` is the number of the one citizen whom it is about; everybody if None.
    """
    citizens = {item.citizen_id: item for page in reader.citizens(0) for item in page.citizens}
    for page in reader.registrations(0):
        for item in page.registrations:
            citizen = citizens[item.citizen_id]
            if only is None or citizen.cpr == only:
                yield occurred(item, citizen, cause(item, citizen))


def occurred(row: RegistrationRow, citizen: CitizenRow, cause: str) -> Happened:
    """Make the fact of a row and its citizen."""
    day = row.registered.astimezone(DANISH_TIME).date()
    return Happened(
        citizen_id=row.citizen_id,
        cpr=citizen.cpr,
        kind=row.kind,
        id=row.id,
        type=row.type,
        event=row.event,
        start=row.start,
        end=row.end,
        is_deleted=row.is_deleted,
        author=Author(Organisation(row.organisation_type, row.organisation_code), row.system, row.user_id),
        registered=row.registered,
        jobcenter=affiliated(citizen, OrganisationType.JOBCENTER, day),
        akasse=affiliated(citizen, OrganisationType.AKASSE, day),
        cause=cause,
    )


def affiliated(citizen: CitizenRow, type_: OrganisationType, day: date) -> Organisation | None:
    """Return the citizen's organisation of that type on that day, if any."""
    for text in citizen.memberships:
        organisation, _, period = text.partition(" ")
        otype, _, code = organisation.partition("/")
        since, _, until = period.partition("/")
        if int(otype) == type_ and date.fromisoformat(since) <= day and (not until or day < date.fromisoformat(until)):
            return Organisation(int(otype), code)
    return None
