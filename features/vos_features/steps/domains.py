"""Så: what a business domain hears, and what monitoring finds when its view is held against the truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import pytest
from pytest_bdd import parsers, then, when

from vos_contracts.control.operations import OPERATOR_SETUP, CitizenState, QueuedEvent, State
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
    """The views that domains have delivered as files in this scenario."""
    return {}


@pytest.fixture
def reports() -> list[Report]:
    """What monitoring has found in this scenario, the latest last."""
    return []


@then(parsers.parse("hører {domain:Domain} præcis disse hændelser:", extra_types=TYPES))
def hears_exactly_these_events(scenario: Scenario, domain: str, datatable: list[list[str]]) -> None:
    """The domain was sent exactly these about the citizen, in this order, besides what the stage was set with."""
    header, *expected = datatable
    found = [_event_cells(scenario, event, header) for event in _about_citizen(scenario, domain)]
    equal(f"{domain} hører", found, expected, "have hørt")


@then(parsers.parse("hører {domain:Domain} ingen hændelser", extra_types=TYPES))
def hears_no_events(scenario: Scenario, domain: str) -> None:
    """The domain was sent nothing about the citizen, besides what the stage was set with."""
    events = [sent.event for sent in _about_citizen(scenario, domain)]
    found = [f"{_CHANGE[event.change_type]} {event.type}" for event in events]
    assert not found, f"{domain} hører {said(found)} og skulle intet have hørt"


@when(parsers.parse("{domain:Domain} {habit:EventHabit}", extra_types=TYPES))
def takes_up_a_habit(scenario: Scenario, domain: str, habit: Callable[[], EventHabit[QueuedEvent]]) -> None:
    """Let the domain hear what there is, and be careless from now on."""
    scenario.put_citizen_on_stage()
    scenario.domains[domain].listen()
    scenario.domains[domain].habit = habit()


@when(
    parsers.parse(
        "{domain:Domain} leverer sit eget billede, hvor borgeren har kontaktgruppe {code:Number}", extra_types=TYPES
    )
)
def delivers_a_view(scenario: Scenario, domain: str, code: int, views: dict[str, FileView]) -> None:
    """Deliver a real domain's view: it knows numbers and types, and none of our identifiers."""
    scenario.put_citizen_on_stage()
    views[domain] = FileView([CitizenState(cpr=scenario.cpr, kontaktgrupper=(State(type=code),))])


@when("overvågningen kører")
def monitoring_runs(scenario: Scenario, views: dict[str, FileView], reports: list[Report]) -> None:
    """Hold every domain's view against the truth about every citizen."""
    scenario.stage.gate.require(Capability.RESET)
    reports.append(monitor(scenario.stage.reader, tuple(scenario.domains.values()), views))


@then("finder den ingen afvigelser")
def finds_no_divergence(reports: list[Report]) -> None:
    """Every domain knows what we know."""
    assert reports[-1].citizens, "overvågningen så ingen borgere"
    found = [
        f"{divergence.domain} {divergence.variant.danish}: "
        f"{divergence.ours or 'intet'} mod {divergence.their or 'intet'}"
        for divergence in _divergences(reports)
    ]
    assert not found, f"overvågningen fandt {said(found)}"


@then("finder den præcis disse afvigelser:")
def finds_exactly_these(scenario: Scenario, reports: list[Report], datatable: list[list[str]]) -> None:
    """Each divergence has its kind, both types, and the event that should have told."""
    header, *expected = datatable
    found = [_divergence_cells(scenario, divergence, header) for divergence in _divergences(reports)]
    equal("overvågningen fandt", found, expected, "have fundet")


@then("står borgerens CPR-nummer ikke i rapporten")
def cpr_is_not_in_report(scenario: Scenario, reports: list[Report]) -> None:
    """The report names the citizen without the serial number."""
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
        "afvigelse": divergence.variant.danish,
        "art": divergence.kind.value,
        "vores": "" if divergence.ours is None else str(divergence.ours),
        "deres": "" if divergence.their is None else str(divergence.their),
        "hændelse": _event_of(scenario, divergence),
    }
    return [cells[column] for column in header]


def _event_of(scenario: Scenario, divergence: Deviation) -> str:
    """Say what the event told that the divergence names."""
    for sent in scenario.stage.reader.events(divergence.domain, 0):
        if sent.nr == divergence.event_nr:
            equal("afvigelsens hændelse er", sent.event.event_id, divergence.event_id)
            return f"{sent.event.type} {_CHANGE[sent.event.change_type]}"
    return ""
