"""Our truth, for monitoring: what is open for each citizen now, in pages (epic AC 1005.17.28.14/.15).

Not here: the comparison with what the business domains believe (`vos_simulators.divergence`).
"""

from __future__ import annotations

from vos_contracts.control.operations import CitizenState, EventPage, QueuedEvent, State, StatePage
from vos_contracts.model.registration import Kind
from vos_contracts.wire.messages.events import decode_event
from vos_reference.application.runtime import Runtime
from vos_reference.domain.person import Person


def events(runtime: Runtime, domain: str, after: int, count: int) -> EventPage:
    """List a domain's next events; errors: StoreUnavailable."""
    with runtime.store.reading() as t:
        findings = t.events_after(domain, after, count)
    return EventPage(
        next_item=findings[-1][0] if findings else after,
        events=tuple(QueuedEvent(nr=nr, event=decode_event(body)) for nr, body in findings),
    )


def state(runtime: Runtime, after: str, count: int) -> StatePage:
    """List the next citizens as they stand now, with the number of the last event of that instant.

    Errors: StoreUnavailable.
    """
    now = runtime.clock.now()
    with runtime.store.reading() as t:
        people = t.people_after(after, count)
        event_nr = t.last_event()

    def standing(person: Person, kind: Kind) -> tuple[State, ...]:
        item = person.open_registration(kind, now)
        return () if item is None else (State(type=item.type, id=item.id, start=item.start, end=item.end),)

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
