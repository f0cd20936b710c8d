"""The data for monitoring, in pages: events by domain, and the open registrations of each citizen (epic AC 1005.17.28.14/.15).

Not here: the comparison with the state of the business domains (`vos_simulators`).
"""

from __future__ import annotations

from vos_contracts.control.operations import CitizenState, EventPage, QueuedEvent, RegistrationState, StatePage
from vos_contracts.model.registration import Kind
from vos_contracts.wire.messages.events import decode_event
from vos_reference.application.runtime import Runtime
from vos_reference.domain.person import Person


def events(runtime: Runtime, domain: str, after: int, count: int) -> EventPage:
    """Return the next page of a domain's events, at most `count` after the number `after`.

    Raises:
        StoreUnavailable: the page cannot be read now.
    """
    with runtime.store.reading() as t:
        findings = t.events_after(domain, after, count)
    return EventPage(
        next_item=findings[-1][0] if findings else after,
        events=tuple(QueuedEvent(nr=nr, event=decode_event(body)) for nr, body in findings),
    )


def state(runtime: Runtime, after: str, count: int) -> StatePage:
    """Return the next page of citizens with their open registrations, and the number of the newest event at that instant.

    Raises:
        StoreUnavailable: the page cannot be read now.
    """
    now = runtime.clock.now()
    with runtime.store.reading() as t:
        people = t.people_after(after, count)
        event_nr = t.last_event()

    def standing(person: Person, kind: Kind) -> tuple[RegistrationState, ...]:
        item = person.open_registration(kind, now)
        return () if item is None else (RegistrationState(type=item.type, id=item.id, start=item.start, end=item.end),)

    return StatePage(
        clock=now,
        event_nr=event_nr,
        next_item=people[-1].id if len(people) == count else None,
        citizens=tuple(
            CitizenState(
                citizen_id=person.id,
                cpr=person.cpr,
                kontaktgrupper=standing(person, Kind.KONTAKTGRUPPE),
                personkategorier=standing(person, Kind.PERSONKATEGORI),
            )
            for person in people
        ),
    )
