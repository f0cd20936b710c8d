"""Så: what a business domain hears, and what monitoring finds when its view is held against the truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import pytest
from pytest_bdd import parsers, then, when

from vos_contracts.control.operations import OPSAETTER, Borgerstand, LagtHaendelse, Stand
from vos_contracts.model.registration import Aendringstype
from vos_features.capabilities import Evne
from vos_features.expectation import lig, sagt
from vos_features.scenario import Scenario
from vos_features.steps.step_types import TYPES
from vos_simulators.divergence import Afvigelse
from vos_simulators.habits import EventHabit
from vos_simulators.monitor import Filsyn, Rapport, overvaag

_CHANGE = {
    Aendringstype.OPRETTET: "oprettet",
    Aendringstype.AENDRET: "ændret",
    Aendringstype.SLETTET: "slettet",
}


@pytest.fixture
def views() -> dict[str, Filsyn]:
    """The views that domains have delivered as files in this scenario."""
    return {}


@pytest.fixture
def reports() -> list[Rapport]:
    """What monitoring has found in this scenario, the latest last."""
    return []


@then(parsers.parse("hører {domain:Domain} præcis disse hændelser:", extra_types=TYPES))
def hears_exactly_these_events(scenario: Scenario, domain: str, datatable: list[list[str]]) -> None:
    """The domain was sent exactly these about the citizen, in this order, besides what the stage was set with."""
    header, *expected = datatable
    found = [_event_cells(scenario, event, header) for event in _about_citizen(scenario, domain)]
    lig(f"{domain} hører", found, expected, "have hørt")


@then(parsers.parse("hører {domain:Domain} ingen hændelser", extra_types=TYPES))
def hears_no_events(scenario: Scenario, domain: str) -> None:
    """The domain was sent nothing about the citizen, besides what the stage was set with."""
    events = [sent.haendelse for sent in _about_citizen(scenario, domain)]
    found = [f"{_CHANGE[event.aendringstype]} {event.type}" for event in events]
    assert not found, f"{domain} hører {sagt(found)} og skulle intet have hørt"


@when(parsers.parse("{domain:Domain} {habit:EventHabit}", extra_types=TYPES))
def takes_up_a_habit(scenario: Scenario, domain: str, habit: Callable[[], EventHabit[LagtHaendelse]]) -> None:
    """Let the domain hear what there is, and be careless from now on."""
    scenario.put_citizen_on_stage()
    scenario.domains[domain].lyt()
    scenario.domains[domain].habit = habit()


@when(
    parsers.parse(
        "{domain:Domain} leverer sit eget billede, hvor borgeren har kontaktgruppe {code:Number}", extra_types=TYPES
    )
)
def delivers_a_view(scenario: Scenario, domain: str, code: int, views: dict[str, Filsyn]) -> None:
    """Deliver a real domain's view: it knows numbers and types, and none of our identifiers."""
    scenario.put_citizen_on_stage()
    views[domain] = Filsyn([Borgerstand(cpr=scenario.cpr, kontaktgrupper=(Stand(type=code),))])


@when("overvågningen kører")
def monitoring_runs(scenario: Scenario, views: dict[str, Filsyn], reports: list[Rapport]) -> None:
    """Hold every domain's view against the truth about every citizen."""
    scenario.stage.gate.require(Evne.RESET)
    reports.append(overvaag(scenario.stage.reader, tuple(scenario.domains.values()), views))


@then("finder den ingen afvigelser")
def finds_no_divergence(reports: list[Rapport]) -> None:
    """Every domain knows what we know."""
    assert reports[-1].borgere, "overvågningen så ingen borgere"
    found = [
        f"{divergence.domaene} {divergence.slags.dansk}: "
        f"{divergence.vores or 'intet'} mod {divergence.deres or 'intet'}"
        for divergence in _divergences(reports)
    ]
    assert not found, f"overvågningen fandt {sagt(found)}"


@then("finder den præcis disse afvigelser:")
def finds_exactly_these(scenario: Scenario, reports: list[Rapport], datatable: list[list[str]]) -> None:
    """Each divergence has its kind, both types, and the event that should have told."""
    header, *expected = datatable
    found = [_divergence_cells(scenario, divergence, header) for divergence in _divergences(reports)]
    lig("overvågningen fandt", found, expected, "have fundet")


@then("står borgerens CPR-nummer ikke i rapporten")
def cpr_is_not_in_report(scenario: Scenario, reports: list[Rapport]) -> None:
    """The report names the citizen without the serial number."""
    text = msgspec.json.encode(_divergences(reports)).decode()
    assert scenario.cpr not in text, "rapporten røber et CPR-nummer"
    assert scenario.cpr[:6] in text, "rapporten siger ikke, hvem det handler om"


def _about_citizen(scenario: Scenario, domain: str) -> list[LagtHaendelse]:
    listener = scenario.domains[domain]
    listener.lyt()
    citizens = (citizen for page in scenario.stage.reader.tilstand() for citizen in page.borgere)
    ids = [citizen.borger_id for citizen in citizens if citizen.cpr == scenario.cpr]
    assert len(ids) == 1, f"tilstanden har borgeren {len(ids)} gange"
    return [heard for heard in listener.fortalt(ids[0]) if heard.haendelse.myndighed != OPSAETTER]


def _event_cells(scenario: Scenario, sent: LagtHaendelse, header: Sequence[str]) -> list[str]:
    event = sent.haendelse
    cells = {
        "art": event.entitet.value,
        "type": str(event.type),
        "ændring": _CHANGE[event.aendringstype],
        "slut": "" if event.slut is None else "ja",
        "myndighed": scenario.cast.role_of(event.myndighed) or f"en anden: {event.myndighed}",
    }
    return [cells[column] for column in header]


def _divergences(reports: list[Rapport]) -> list[Afvigelse]:
    return [divergence for found in reports[-1].afvigelser.values() for divergence in found]


def _divergence_cells(scenario: Scenario, divergence: Afvigelse, header: Sequence[str]) -> list[str]:
    cells = {
        "domæne": divergence.domaene,
        "afvigelse": divergence.slags.dansk,
        "art": divergence.art.value,
        "vores": "" if divergence.vores is None else str(divergence.vores),
        "deres": "" if divergence.deres is None else str(divergence.deres),
        "hændelse": _event_of(scenario, divergence),
    }
    return [cells[column] for column in header]


def _event_of(scenario: Scenario, divergence: Afvigelse) -> str:
    """Say what the event told that the divergence names."""
    for sent in scenario.stage.reader.haendelser(divergence.domaene, 0):
        if sent.nr == divergence.haendelse_nr:
            lig("afvigelsens hændelse er", sent.haendelse.haendelse_id, divergence.haendelse_id)
            return f"{sent.haendelse.type} {_CHANGE[sent.haendelse.aendringstype]}"
    return ""
