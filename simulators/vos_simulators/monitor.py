"""STAR's monitoring: compare every business domain's view with the stage's state (epic AC 1005.17.28.14/.15).

Each page of the state names the last event at its instant. A domain receives events up to that number before its view is
compared with the page, so a stage that changes during monitoring gives no false alarm. A view may also come from a file of a
real domain.
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


class View(Protocol):
    """One domain's view of the citizens."""

    def about(self, citizen: CitizenState, now: datetime) -> CitizenState:
        """Return the view of that citizen."""
        ...

    def unseen(self, seen: frozenset[str], now: datetime) -> Iterator[CitizenState]:
        """Yield the view of the citizens whose ids and CPR numbers are not in `seen`."""
        ...


@dataclass
class Report:
    """The result of monitoring: number of citizens, stage time, and the divergences by domain."""

    citizens: int = 0
    clock: datetime | None = None
    deviations: dict[str, list[Deviation]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Number of divergences over all domains."""
        return sum(map(len, self.deviations.values()))


class FileView:
    """The view that a real domain delivered: citizens by our citizen id or by CPR number."""

    def __init__(self, citizens: Sequence[CitizenState]) -> None:
        self._by_key = {citizen.citizen_id or citizen.cpr: citizen for citizen in citizens}

    def about(self, citizen: CitizenState, now: datetime) -> CitizenState:
        """Find the citizen by id, else by CPR number."""
        empty = CitizenState(citizen_id=citizen.citizen_id)
        return self._by_key.get(citizen.citizen_id) or self._by_key.get(citizen.cpr) or empty

    def unseen(self, seen: frozenset[str], now: datetime) -> Iterator[CitizenState]:
        """Yield the citizens whose key is not in `seen`."""
        return (citizen for key, citizen in self._by_key.items() if key not in seen)


def monitor(reader: OperationsReader, domains: Sequence[Domain], files: Mapping[str, FileView]) -> Report:
    """Compare every citizen's state with the view of every domain; `files` replaces a domain's own view by name.

    Raises:
        ControlRefused, UnreachableError, msgspec.DecodeError: as `OperationsReader`.
    """
    report = Report(deviations={domain.name: [] for domain in domains})
    views: dict[str, View] = {domain.name: files.get(domain.name) or domain for domain in domains}
    seen: set[str] = set()
    for page in reader.state():
        report.clock = page.clock
        report.citizens += len(page.citizens)
        seen |= {key for citizen in page.citizens for key in (citizen.citizen_id, citizen.cpr)}
        for domain in domains:
            domain.listen(page.event_nr)
            for citizen in page.citizens:
                reported = views[domain.name].about(citizen, page.clock)
                report.deviations[domain.name] += _compare(domain, citizen, reported)
    assert report.clock is not None, "the stage returns at least one page"
    known = frozenset(seen)
    for domain in domains:
        for extra in views[domain.name].unseen(known, report.clock):
            nothing = CitizenState(citizen_id=extra.citizen_id, cpr=extra.cpr)
            report.deviations[domain.name] += _compare(domain, nothing, extra)
    return report


def _compare(domain: Domain, recorded: CitizenState, reported: CitizenState) -> Iterator[Deviation]:
    told: Sequence[QueuedEvent] = domain.told(recorded.citizen_id)
    return compare(domain.name, [kind for kind in Kind if kind in domain.kinds], recorded, reported, told)
