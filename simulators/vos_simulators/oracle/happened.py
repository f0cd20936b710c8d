"""The facts of the oracle: every row of the history with its registrant, the citizen's authorities, and its cause."""

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
    """The author of a change: authority, calling system and user."""

    authority: Organisation
    system: int
    user: str


@dataclass(frozen=True, slots=True)
class Happened:
    """A creation, change or deletion of a registration; `cause` names the call or the nightly run in Danish.

    `jobcenter` and `akasse` are the citizen's on the day of the change.
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
        """Whether the stage was seeded with it; no authority gets a message about a seeded registration."""
        return self.author.authority == OPERATOR_SETUP


Cause = Callable[[RegistrationRow, CitizenRow], str]
"""Returns the cause of a row about that citizen, in Danish."""


def registrant(row: RegistrationRow, citizen: CitizenRow) -> str:
    """Name the registrant and the time of a row, as its cause when no call is known."""
    who = f"{row.user_name} ({row.organisation_type}/{row.organisation_code})"
    return f"{who} {row.registered.astimezone(DANISH_TIME):%d-%m-%Y %H:%M:%S}"


def from_stage(reader: OperationsReader, cause: Cause = registrant, only: str | None = None) -> Iterator[Happened]:
    """Read the history of a stage since its latest reset; citizens have their current CPR numbers.

    `only` limits the result to one CPR number.
    """
    citizens = {citizen.citizen_id: citizen for page in reader.citizens(0) for citizen in page.citizens}
    for page in reader.registrations(0):
        for row in page.registrations:
            citizen = citizens[row.citizen_id]
            if only is None or citizen.cpr == only:
                yield occurred(row, citizen, cause(row, citizen))


def occurred(row: RegistrationRow, citizen: CitizenRow, cause: str) -> Happened:
    """Build the fact of a row."""
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
        jobcenter=authority_of_type(citizen, OrganisationType.JOBCENTER, day),
        akasse=authority_of_type(citizen, OrganisationType.AKASSE, day),
        cause=cause,
    )


def authority_of_type(citizen: CitizenRow, type_: OrganisationType, day: date) -> Organisation | None:
    """Return the citizen's organisation of that type on that day, if any."""
    for text in citizen.memberships:
        organisation, _, period = text.partition(" ")
        otype, _, code = organisation.partition("/")
        since, _, until = period.partition("/")
        if int(otype) == type_ and date.fromisoformat(since) <= day and (not until or day < date.fromisoformat(until)):
            return Organisation(int(otype), code)
    return None
