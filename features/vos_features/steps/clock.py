"""Steps that move the stage clock; work that falls due on the way is done when the step returns."""

from __future__ import annotations

from datetime import date, datetime, time

from pytest_bdd import given, parsers, when

from vos_features.scenario import Scenario
from vos_features.steps.step_types import TYPES


@given(parsers.parse("uret står på {day:Date} kl. {hour:Time}", extra_types=TYPES))
@when(parsers.parse("uret stilles til {day:Date} kl. {hour:Time}", extra_types=TYPES))
def clock_is_set(scenario: Scenario, day: date, hour: time) -> None:
    """Set the clock to a time of day in Denmark."""
    scenario.stage.clock.set(datetime.combine(day, hour))


@when(parsers.parse("der går {days:Number} dag", extra_types=TYPES))
@when(parsers.parse("der går {days:Number} dage", extra_types=TYPES))
def days_pass(scenario: Scenario, days: int) -> None:
    """Move the clock forward by whole days, to the same time of day."""
    scenario.put_citizen_on_stage()
    scenario.stage.clock.advance(f"P{days}D")


@when(parsers.parse("der går {count:Number} {unit:TimeUnit}", extra_types=TYPES))
def time_passes(scenario: Scenario, count: int, unit: str) -> None:
    """Move the clock forward."""
    scenario.stage.clock.advance(f"PT{count}{unit}")


@given(parsers.parse("udgaven er {release:Release}", extra_types=TYPES))
@when(parsers.parse("scenen flyttes til udgave {release:Release}", extra_types=TYPES))
def release_is(scenario: Scenario, release: str) -> None:
    """Move the running stage to the release; its data is kept."""
    scenario.stage.release.switch(release)
