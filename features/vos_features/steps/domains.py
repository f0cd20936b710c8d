"""Steps about business domains: the events they receive, and the divergences that monitoring finds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import pytest
from pytest_bdd import parsers, then, when

from vos_contracts.control.operations import OPERATOR_SETUP, CitizenState, QueuedEvent, RegistrationState
from vos_contracts.model.registration import ChangeType
from vos_features.capabilities import Capability
from vos_features.expectation import equal, said
from vos_features.scenario import Scenario
from vos_features.steps.step_types import TYPES
from vos_simulators.divergence import Deviation
from vos_simulators.habits import EventHabit
from vos_simulators.monitor import FileView, Report, monitor

_CHANGE = {
    ChangeType.CREATED: "oprettet",
    ChangeType.CHANGED: "ændret",
    ChangeType.DELETED: "slettet",
}


@pytest.fixture
def views() -> dict[str, FileView]:
    """The views delivered as files in this scenario, by domain."""
    return {}


@pytest.fixture
def reports() -> list[Report]:
    """The monitoring reports of this scenario, the latest last."""
    return []


@then(parsers.parse("hører {domain:Domain} præcis disse hændelser:", extra_types=TYPES))
def hears_exactly_these_events(scenario: Scenario, domain: str, datatable: list[list[str]]) -> None:
    """The domain got exactly these events about the citizen, in this order, apart from the seeding."""
    header, *expected = datatable
    found = [_event_cells(scenario, event, header) for event in _about_citizen(scenario, domain)]
    equal(f"{domain} hører", found, expected, "have hørt")


@then(parsers.parse("hører {domain:Domain} ingen hændelser", extra_types=TYPES))
def hears_no_events(scenario: Scenario, domain: str) -> None:
    """The domain got no event about the citizen, apart from the seeding."""
    events = [sent.event for sent in _about_citizen(scenario, domain)]
    found = [f"{_CHANGE[event.change_type]} {event.type}" for event in events]
    assert not found, f"{domain} hører {said(found)} og skulle intet have hørt"


@when(parsers.parse("{domain:Domain} {habit:EventHabit}", extra_types=TYPES))
def takes_up_a_habit(scenario: Scenario, domain: str, habit: Callable[[], EventHabit[QueuedEvent]]) -> None:
    """Let the domain receive all pending events, then apply that habit."""
    scenario.put_citizen_on_stage()
    scenario.domains[domain].listen()
    scenario.domains[domain].habit = habit()


@when(
    parsers.parse(
        "{domain:Domain} leverer sit eget billede, hvor borgeren har kontaktgruppe {code:Number}", extra_types=TYPES
    )
)
def delivers_a_view(scenario: Scenario, domain: str, code: int, views: dict[str, FileView]) -> None:
    """Deliver a real domain's view, which has CPR numbers and types but none of our identifiers."""
    scenario.put_citizen_on_stage()
    views[domain] = FileView([CitizenState(cpr=scenario.cpr, kontaktgrupper=(RegistrationState(type=code),))])


@when("overvågningen kører")
def monitoring_runs(scenario: Scenario, views: dict[str, FileView], reports: list[Report]) -> None:
    """Compare every domain's view with the state of every citizen."""
    scenario.stage.gate.require(Capability.RESET)
    reports.append(monitor(scenario.stage.reader, tuple(scenario.domains.values()), views))


@then("finder den ingen afvigelser")
def finds_no_divergence(reports: list[Report]) -> None:
    """No domain diverges."""
    assert reports[-1].citizens, "overvågningen så ingen borgere"
    found = [
        f"{divergence.domain} {divergence.divergence.danish}: "
        f"{divergence.recorded or 'intet'} mod {divergence.reported or 'intet'}"
        for divergence in _divergences(reports)
    ]
    assert not found, f"overvågningen fandt {said(found)}"


@then("finder den præcis disse afvigelser:")
def finds_exactly_these(scenario: Scenario, reports: list[Report], datatable: list[list[str]]) -> None:
    """The report holds exactly these divergences, each with its event."""
    header, *expected = datatable
    found = [_divergence_cells(scenario, divergence, header) for divergence in _divergences(reports)]
    equal("overvågningen fandt", found, expected, "have fundet")


@then("står borgerens CPR-nummer ikke i rapporten")
def cpr_is_not_in_report(scenario: Scenario, reports: list[Report]) -> None:
    """The report holds the CPR number only in masked form."""
    text = msgspec.json.encode(_divergences(reports)).decode()
    assert scenario.cpr not in text, "rapporten røber et CPR-nummer"
    assert scenario.cpr[:6] in text, "rapporten siger ikke, hvem det handler om"


def _about_citizen(scenario: Scenario, domain: str) -> list[QueuedEvent]:
    listener = scenario.domains[domain]
    listener.listen()
    citizens = (citizen for page in scenario.stage.reader.state() for citizen in page.citizens)
    ids = [citizen.citizen_id for citizen in citizens if citizen.cpr == scenario.cpr]
    assert len(ids) == 1, f"tilstanden har borgeren {len(ids)} gange"
    return [heard for heard in listener.told(ids[0]) if heard.event.authority != OPERATOR_SETUP]


def _event_cells(scenario: Scenario, sent: QueuedEvent, header: Sequence[str]) -> list[str]:
    event = sent.event
    cells = {
        "art": event.entity.value,
        "type": str(event.type),
        "ændring": _CHANGE[event.change_type],
        "slut": "" if event.end is None else "ja",
        "myndighed": scenario.cast.role_of(event.authority) or f"en anden: {event.authority}",
    }
    return [cells[column] for column in header]


def _divergences(reports: list[Report]) -> list[Deviation]:
    return [divergence for found in reports[-1].deviations.values() for divergence in found]


def _divergence_cells(scenario: Scenario, divergence: Deviation, header: Sequence[str]) -> list[str]:
    cells = {
        "domæne": divergence.domain,
        "afvigelse": divergence.divergence.danish,
        "art": divergence.kind.value,
        "vores": "" if divergence.recorded is None else str(divergence.recorded),
        "deres": "" if divergence.reported is None else str(divergence.reported),
        "hændelse": _event_of(scenario, divergence),
    }
    return [cells[column] for column in header]


def _event_of(scenario: Scenario, divergence: Deviation) -> str:
    """Describe the event of a divergence."""
    for sent in scenario.stage.reader.events(divergence.domain, 0):
        if sent.nr == divergence.event_nr:
            equal("afvigelsens hændelse er", sent.event.event_id, divergence.event_id)
            return f"{sent.event.type} {_CHANGE[sent.event.change_type]}"
    return ""
