"""Create synthetic citizens with their registrations on the stage, all of them or none.

Their registrations are sent to the business domains as events, like an initial load. A CPR number that could belong to a
real person is refused unless the stage was started with `--allow-real-cpr` (DECISIONS.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from vos_contracts.control.operations import OPERATOR_SETUP
from vos_contracts.control.stage import HelbredsbegraensningDto, MembershipDto, PeopleDto, PersonDto, RegistrationDto
from vos_contracts.model.cpr import birth_date, could_be_issued, masked
from vos_contracts.model.identity import Identity, Organisation, User
from vos_contracts.model.reading import Helbredsbegraensning
from vos_contracts.model.registration import Kind
from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError
from vos_contracts.wire.instants import FIRST_YEAR, LAST_YEAR, in_calendar
from vos_contracts.wire.rest.registration import UUID
from vos_reference.application.ports import AlreadyStored
from vos_reference.application.registration import raise_events
from vos_reference.application.runtime import Runtime
from vos_reference.domain.batch_jobs import due_date
from vos_reference.domain.danish_time import danish_day
from vos_reference.domain.decision import Created, Refused, refused
from vos_reference.domain.person import Fravaer, Membership, Period, Person, Registration, Tilmelding


@dataclass(frozen=True, slots=True)
class SetUp:
    """The citizens are on the stage; `registrations` has the ids for each citizen, kontaktgrupper first."""

    registrations: tuple[tuple[str, ...], ...]


def set_up(runtime: Runtime, wish: PeopleDto, *, allow_real_cpr: bool) -> SetUp | Refused:
    """Store the citizens and the CPR numbers without a citizen, or return every error of the request."""
    errors = [error for person in wish.people for error in _person_errors(runtime, person)]
    for cpr in (*(person.cpr for person in wish.people), *wish.known_cpr):
        errors += cpr_errors(cpr, allow_real_cpr=allow_real_cpr)
    ids = [dto.id for person in wish.people for dto in (*person.kontaktgrupper, *person.personkategorier) if dto.id]
    errors += [ServiceError(4977, f"id {id_} står to gange") for id_, count in Counter(ids).items() if count > 1]
    if errors:
        return refused(*errors)
    people = [_person(runtime, person) for person in wish.people]
    try:
        with runtime.store.transaction() as t:
            for id_ in ids:
                if t.registration_exists(id_):
                    return refused(ServiceError(4977, f"id {id_}"))
            for person in people:
                t.create_person(person, due_date(person, runtime.contract, runtime.clock.now()))
                raise_events(runtime, t, person, map(Created, person.history), runtime.clock.now())
            for cpr in wish.known_cpr:
                t.add_known_cpr(cpr)
    except AlreadyStored as recorded:
        return refused(ServiceError(4977, str(recorded)))
    runtime.events_raised()
    return SetUp(tuple(tuple(row.id for row in person.history) for person in people))


def operator_setup(now: datetime) -> Identity:
    """Return the registrant of seeded registrations: STAR, as the system that sets up the stage."""
    return Identity(OPERATOR_SETUP, User("Generalprøve opsætning", 3, "generalproeve"), OPERATOR_SETUP, now)


def cpr_errors(cpr: str, *, field: str = "cpr", allow_real_cpr: bool) -> Iterator[ServiceError]:
    """Yield the errors of a CPR number: 1001 for an invalid one, 1014 for one that could belong to a real person."""
    if birth_date(cpr) is None:
        yield ServiceError(1001, f"{field} {masked(cpr)}: skal være ti cifre, der begynder med en dato")
    elif could_be_issued(cpr) and not allow_real_cpr:
        yield ServiceError(
            INVALID_REQUEST,
            f"{field} {masked(cpr)}: kan tilhøre et menneske; brug et nummer, der ikke opfylder modulus 11 og ikke er født "
            "1. januar, eller start med --allow-real-cpr",
        )


def _person_errors(runtime: Runtime, person: PersonDto) -> Iterator[ServiceError]:
    contract = runtime.contract
    enrolled = [] if person.tilmeldekategori is None else [person.tilmeldekategori]
    code_lists: tuple[tuple[str, Sequence[int], Container[int]], ...] = (
        (
            "kontaktgrupper.type",
            [kontaktgruppe.type for kontaktgruppe in person.kontaktgrupper],
            contract.kontaktgrupper,
        ),
        (
            "personkategorier.type",
            [personkategori.type for personkategori in person.personkategorier],
            contract.personkategorier,
        ),
        (
            "tilknytninger.organisationType",
            [membership.organisation_type for membership in person.memberships],
            contract.organisation_types,
        ),
        ("gaester.organisationType", [guest.organisation_type for guest in person.guests], contract.organisation_types),
        ("fravaer.type", [absence.type for absence in person.fravaer], contract.fravaer_types),
        ("tilmeldekategori", enrolled, contract.tilmeldekategorier),
    )
    for field, tables, listing in code_lists:
        yield from (ServiceError(2002, f"{field}: {code} findes ikke") for code in tables if code not in listing)
    yield from _registration_errors(runtime, person)
    for limitation in person.helbredsbegraensninger:
        yield from _period_errors("helbredsbegraensninger", limitation)


def _registration_errors(runtime: Runtime, person: PersonDto) -> Iterator[ServiceError]:
    day = danish_day(runtime.clock.now())
    for field, listing in (("kontaktgrupper", person.kontaktgrupper), ("personkategorier", person.personkategorier)):
        if sum(dto.end is None or danish_day(dto.end) > day for dto in listing if _in_calendar(dto)) > 1:
            yield ServiceError(4644, f"{field}: kun én kan være åben")
        for dto in listing:
            if dto.id is not None and not UUID.fullmatch(dto.id):
                yield ServiceError(INVALID_REQUEST, f"{field}.id: skal være en uuid")
            yield from _period_errors(field, dto)


def _period_errors(field: str, dto: RegistrationDto | HelbredsbegraensningDto) -> Iterator[ServiceError]:
    if not _in_calendar(dto):
        yield ServiceError(
            INVALID_REQUEST, f"{field}: start og slut skal have offset og ligge i årene {FIRST_YEAR}-{LAST_YEAR}"
        )
    elif dto.start is not None and dto.end is not None and dto.end < dto.start:
        yield ServiceError(INVALID_REQUEST, f"{field}.slut: må ikke ligge før start")


def _in_calendar(dto: RegistrationDto | HelbredsbegraensningDto) -> bool:
    return all(time is None or (time.tzinfo is not None and in_calendar(time)) for time in (dto.start, dto.end))


def _person(runtime: Runtime, dto: PersonDto) -> Person:
    born = birth_date(dto.cpr)
    assert born is not None, "_person_errors has checked the number"
    now = runtime.clock.now()
    history = [
        _registration(runtime, kind, dto)
        for kind, listing in ((Kind.KONTAKTGRUPPE, dto.kontaktgrupper), (Kind.PERSONKATEGORI, dto.personkategorier))
        for dto in listing
    ]
    return Person(
        id=runtime.ids(),
        cpr=dto.cpr,
        born=born,
        dead=dto.dead,
        memberships=_memberships(dto.memberships),
        guests=_memberships(dto.guests),
        tilmelding=None if dto.tilmeldekategori is None else Tilmelding(dto.tilmeldekategori),
        fravaer=tuple(Fravaer(absence.type, absence.since, absence.until, runtime.ids()) for absence in dto.fravaer),
        fleksjob=tuple(Period(runtime.ids(), activity.since, activity.until) for activity in dto.fleksjob),
        aktivitetstillaeg=tuple(
            Period(runtime.ids(), allowance.since, allowance.until) for allowance in dto.aktivitetstillaeg
        ),
        helbredsbegraensninger=tuple(
            Helbredsbegraensning(
                id=runtime.ids(),
                start=limitation.start or now,
                end=limitation.end,
                registered=now,
                is_documented=limitation.documented,
                description=limitation.description,
                impossible_tasks=limitation.impossible_tasks,
                correction_comment=limitation.correction_comment,
            )
            for limitation in dto.helbredsbegraensninger
        ),
        history=tuple(history),
    )


def _memberships(dtos: Sequence[MembershipDto]) -> tuple[Membership, ...]:
    return tuple(
        Membership(Organisation(dto.organisation_type, dto.organisation_code), dto.since, dto.until) for dto in dtos
    )


def _registration(runtime: Runtime, kind: Kind, dto: RegistrationDto) -> Registration:
    now = runtime.clock.now()
    return Registration(
        id=dto.id or runtime.ids(),
        kind=kind,
        type=dto.type,
        event=None,
        start=dto.start or now,
        end=dto.end,
        is_deleted=False,
        registrant=operator_setup(now),
        registered=now,
    )
