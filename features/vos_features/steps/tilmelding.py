"""Steps in which a party creates, changes or ends a tilmelding."""

from __future__ import annotations

from pytest_bdd import parsers, when

from vos_contracts.model.neighbours import CreateTilmelding, EndTilmelding
from vos_features.scenario import TODAY, Scenario
from vos_features.steps.step_types import TYPES

SERVICE = "UnemploymentEnrollmentService"


@when(parsers.parse("{role:Party} tilmelder borgeren i tilmeldekategori {category:Number}", extra_types=TYPES))
@when(
    parsers.parse(
        "{role:Party} tilmelder borgeren i tilmeldekategori {category:Number} fra {day:Day}", extra_types=TYPES
    )
)
@when(
    parsers.parse(
        "{role:Party} tilmelder borgeren i tilmeldekategori {category:Number}"
        " med ledighedsgrad {degree:Number} fra {day:Day}",
        extra_types=TYPES,
    )
)
@when(
    parsers.parse(
        "{role:Party} tilmelder borgeren i tilmeldekategori {category:Number} med ledighedsgrad {degree:Number}",
        extra_types=TYPES,
    )
)
def enrols(scenario: Scenario, role: str, category: int, degree: int = 1, day: int = TODAY) -> None:
    """Create a tilmelding; by default from today and with full unemployment."""
    scenario.stage.gate.require_service(SERVICE)
    scenario.put_citizen_on_stage()
    command = CreateTilmelding(category=category, unemployment_degree=degree, on_date=scenario.day(day).date())
    scenario.answer = scenario.party(role).neighbours.tilmelding(scenario.cpr, command)


@when(parsers.parse("{role:Party} afmelder borgeren pr. {day:Day}", extra_types=TYPES))
@when(parsers.parse("{role:Party} afmelder borgeren pr. {day:Day} med årsag {reason:Number}", extra_types=TYPES))
def ends_enrolment(scenario: Scenario, role: str, day: int, reason: int = 1) -> None:
    """End the tilmelding."""
    scenario.stage.gate.require_service(SERVICE)
    scenario.put_citizen_on_stage()
    command = EndTilmelding(on_date=scenario.day(day).date(), cause=reason)
    scenario.answer = scenario.party(role).neighbours.tilmelding(scenario.cpr, command)
