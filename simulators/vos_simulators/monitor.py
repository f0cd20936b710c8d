"""STAR's monitoring: hold every business domain's view against the stage's own truth (epic AC 1005.17.28.14/.15).

Each page of the truth names the last event of its instant; a domain is heard to there before it is held against the page, so
that a stage in motion gives no false alarm. A view may come from a file instead: a real domain's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from vos_contracts.control.operations import CitizenState, QueuedEvent
from vos_contracts.model.registration import Kind
from vos_simulators.divergence import Deviation, compare
from vos_simulators.inboxes.domains import Domain
from vos_simulators.stage_reader import OperationsReader


class Sight(Protocol):
    """One domain's view, as monitoring reads it."""

    def about(self, citizen: CitizenState, now: datetime) -> CitizenState:
        """Return what the domain believes about that citizen."""
        ...

    def andre(self, seen: frozenset[str], now: datetime) -> Iterator[CitizenState]:
        """List what the domain believes about citizens whose ids and numbers are not among those seen."""
        ...


@dataclass
class Report:
    """What monitoring found: how many citizens, when, and every divergence by domain."""

    citizens: int = 0
    clock: datetime | None = None
    deviations: dict[str, list[Deviation]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Count the divergences."""
        return sum(map(len, self.deviations.values()))


class FileView:
    """The view of a real domain, as it delivered it: citizens by our id or by CPR number."""

    def __init__(self, citizens: Sequence[CitizenState]) -> None:
        self._after_key = {item.citizen_id or item.cpr: item for item in citizens}

    def about(self, citizen: CitizenState, now: datetime) -> CitizenState:
        """Find the citizen by id, else by number."""
        empty = CitizenState(citizen_id=citizen.citizen_id)
        return self._after_key.get(citizen.citizen_id) or self._after_key.get(citizen.cpr) or empty

    def andre(self, seen: frozenset[str], now: datetime) -> Iterator[CitizenState]:
        """List those that we do not know."""
        return (item for key, item in self._after_key.items() if key not in seen)


def monitor(reader: OperationsReader, domains: Sequence[Domain], files: Mapping[str, FileView]) -> Report:
    """Compare every citizen with every domain; errors: as `OperationsReader`."""
    report = Report(deviations={item.name: [] for item in domains})
    sight: dict[str, Sight] = {item.name: files.get(item.name) or item for item in domains}
    seen: set[str] = set()
    for page in reader.state():
        report.clock = page.clock
        report.citizens += len(page.citizens)
        seen |= {key for citizen in page.citizens for key in (citizen.citizen_id, citizen.cpr)}
        for domain in domains:
            domain.listen(page.event_nr)
            for citizen in page.citizens:
                their = sight[domain.name].about(citizen, page.clock)
                report.deviations[domain.name] += _compare(domain, citizen, their)
    assert report.clock is not None, "there is always a page"
    known = frozenset(seen)
    for domain in domains:
        for item in sight[domain.name].andre(known, report.clock):
            report.deviations[domain.name] += _compare(
                domain, CitizenState(citizen_id=item.citizen_id, cpr=item.cpr), item
            )
    return report


def _compare(domain: Domain, ours: CitizenState, their: CitizenState) -> Iterator[Deviation]:
    told: Sequence[QueuedEvent] = domain.told(ours.citizen_id)
    return compare(domain.name, [kind for kind in Kind if kind in domain.kinds], ours, their, told)
