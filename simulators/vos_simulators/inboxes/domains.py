"""The business domains JobSearch, Kontaktforloeb and Virksomhedsindsats: each builds its own view from domain events.

The latest event about a registration replaces all earlier ones. Events are read from the outbox through the control API.
Not here: checking the view (`vos_simulators.divergence`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from vos_contracts.control.operations import CitizenState, QueuedEvent, RegistrationState
from vos_contracts.model.registration import ChangeType, Kind
from vos_contracts.tables.recipients import EventRule
from vos_contracts.wire.messages.events import DomainEvent
from vos_simulators.habits import EventHabit, takes_everything
from vos_simulators.stage_reader import OperationsReader

_DANISH_TIME = ZoneInfo("Europe/Copenhagen")


@dataclass
class _KnownCitizen:
    told: list[QueuedEvent] = field(default_factory=list)
    remembered: dict[str, DomainEvent] = field(default_factory=dict)


class Domain:
    """One business domain: the events sent to it, and the view that its habit made of them."""

    def __init__(self, name: str, kinds: Iterable[Kind], reader: OperationsReader) -> None:
        self.name = name
        self.kinds = frozenset(kinds)
        self.habit: EventHabit[QueuedEvent] = takes_everything()
        self._reader = reader
        self._heard = 0
        self._ahead: list[QueuedEvent] = []
        self._citizens: dict[str, _KnownCitizen] = {}

    def listen(self, until: int | None = None) -> tuple[QueuedEvent, ...]:
        """Receive the new events, up to event number `until` if given; return them."""
        if until is None or until > self._heard:
            new = [*self._ahead, *self._reader.events(self.name, self._heard)]
        else:
            new = self._ahead
        if new:
            self._heard = new[-1].nr
        arrived = tuple(queued for queued in new if until is None or queued.nr <= until)
        self._ahead = new[len(arrived) :]
        for queued in arrived:
            self._citizen(queued).told.append(queued)
        for queued in self.habit(arrived):
            remembered = self._citizen(queued).remembered
            remembered.pop(queued.event.id, None)  # a replaced event moves to the end of the order
            if queued.event.change_type is not ChangeType.DELETED:
                remembered[queued.event.id] = queued.event
        return arrived

    def about(self, citizen: CitizenState, now: datetime) -> CitizenState:
        """Return the open registrations of the citizen in this view, in the order of their latest events."""
        remembered = (
            self._citizens[citizen.citizen_id].remembered.values() if citizen.citizen_id in self._citizens else ()
        )

        def states(kind: Kind) -> tuple[RegistrationState, ...]:
            current = (event for event in remembered if event.entity is kind and _is_open(event.end, now))
            return tuple(
                RegistrationState(type=event.type, id=event.id, start=event.start, end=event.end) for event in current
            )

        return CitizenState(
            citizen_id=citizen.citizen_id,
            cpr=citizen.cpr,
            kontaktgrupper=states(Kind.KONTAKTGRUPPE),
            personkategorier=states(Kind.PERSONKATEGORI),
        )

    def unseen(self, seen: frozenset[str], now: datetime) -> Iterator[CitizenState]:
        """Yield this view of the citizens whose ids are not in `seen`."""
        for citizen_id, known in self._citizens.items():
            if citizen_id not in seen:
                yield self.about(CitizenState(citizen_id=citizen_id, cpr=known.told[-1].event.cpr), now)

    def told(self, citizen_id: str) -> tuple[QueuedEvent, ...]:
        """Return every event about the citizen that was sent to the domain, applied or not."""
        return tuple(self._citizens[citizen_id].told) if citizen_id in self._citizens else ()

    def _citizen(self, queued_event: QueuedEvent) -> _KnownCitizen:
        return self._citizens.setdefault(queued_event.event.citizen_id, _KnownCitizen())


def domain_views(rules: Iterable[EventRule], reader: OperationsReader) -> tuple[Domain, ...]:
    """Create the domains of the recipient table, each with an empty view."""
    kinds: dict[str, list[Kind]] = {}
    for rule in rules:
        kinds.setdefault(rule.recipient, []).append(rule.subject)
    return tuple(Domain(name, kinds, reader) for name, kinds in kinds.items())


def _is_open(end: datetime | None, now: datetime) -> bool:
    """Whether a registration with that end is in force or in the future; one that ends today in Denmark is closed."""
    return end is None or end.astimezone(_DANISH_TIME).date() > now.astimezone(_DANISH_TIME).date()
