"""The business domains JobSearch, Kontaktforloeb and Virksomhedsindsats: each keeps its own view from the events it hears.

The latest word about a registration counts, whatever came before it. Not here: whether the view is right
(`vos_simulators.divergence`), nor how the events travel (the control API reads the outbox they will travel from).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from vos_contracts.control.operations import CitizenState, QueuedEvent, State
from vos_contracts.model.registration import ChangeType, Kind
from vos_contracts.tables.recipients import EventRule
from vos_contracts.wire.messages.events import DomainEvent
from vos_simulators.habits import EventHabit, takes_everything
from vos_simulators.stage_reader import OperationsReader

_DANISH_TIME = ZoneInfo("Europe/Copenhagen")


@dataclass
class _Citizen:
    told: list[QueuedEvent] = field(default_factory=list)
    remembered: dict[str, DomainEvent] = field(default_factory=dict)


class Domain:
    """One business domain: what it was sent, and what it has made of it."""

    def __init__(self, name: str, kinds: Iterable[Kind], reader: OperationsReader) -> None:
        self.name = name
        self.kinds = frozenset(kinds)
        self.habit: EventHabit[QueuedEvent] = takes_everything()
        self._reader = reader
        self._heard = 0
        self._ahead: list[QueuedEvent] = []
        self._citizens: dict[str, _Citizen] = {}

    def listen(self, until: int | None = None) -> tuple[QueuedEvent, ...]:
        """Hear what is new, as far as event number `until` if one is given; return what arrived."""
        if until is None or until > self._heard:
            new = [*self._ahead, *self._reader.events(self.name, self._heard)]
        else:
            new = self._ahead
        if new:
            self._heard = new[-1].nr
        arrived = tuple(item for item in new if until is None or item.nr <= until)
        self._ahead = new[len(arrived) :]
        for item in arrived:
            self._citizen(item).told.append(item)
        for item in self.habit(arrived):
            self._citizen(item).remembered.pop(item.event.id, None)
            if item.event.change_type is not ChangeType.DELETED:
                self._citizen(item).remembered[item.event.id] = item.event
        return arrived

    def about(self, citizen: CitizenState, now: datetime) -> CitizenState:
        """Return what the domain believes is open for the citizen now, what it heard of last coming last."""
        remembered = (
            self._citizens[citizen.citizen_id].remembered.values() if citizen.citizen_id in self._citizens else ()
        )

        def states(kind: Kind) -> tuple[State, ...]:
            open = (item for item in remembered if item.entity is kind and _is_open(item.end, now))
            return tuple(State(type=item.type, id=item.id, start=item.start, end=item.end) for item in open)

        return CitizenState(
            citizen_id=citizen.citizen_id,
            cpr=citizen.cpr,
            kontaktgrupper=states(Kind.KONTAKTGRUPPE),
            personkategorier=states(Kind.PERSONKATEGORI),
        )

    def andre(self, seen: frozenset[str], now: datetime) -> Iterator[CitizenState]:
        """List what the domain believes about citizens that are not among those seen."""
        for citizen_id, item in self._citizens.items():
            if citizen_id not in seen:
                yield self.about(CitizenState(citizen_id=citizen_id, cpr=item.told[-1].event.cpr), now)

    def told(self, citizen_id: str) -> tuple[QueuedEvent, ...]:
        """Return every event about the citizen that was sent to the domain, taken in or not."""
        return tuple(self._citizens[citizen_id].told) if citizen_id in self._citizens else ()

    def _citizen(self, queued_event: QueuedEvent) -> _Citizen:
        return self._citizens.setdefault(queued_event.event.citizen_id, _Citizen())


def domain_views(rules: Iterable[EventRule], reader: OperationsReader) -> tuple[Domain, ...]:
    """Make the domains of the recipients' table, none of which has heard anything yet."""
    kinds: dict[str, list[Kind]] = {}
    for rule in rules:
        kinds.setdefault(rule.recipient, []).append(rule.subject)
    return tuple(Domain(name, kinds, reader) for name, kinds in kinds.items())


def _is_open(end: datetime | None, now: datetime) -> bool:
    """Say whether it is in force or still to come: one that ends today is ended, by the Danish calendar."""
    return end is None or end.astimezone(_DANISH_TIME).date() > now.astimezone(_DANISH_TIME).date()
