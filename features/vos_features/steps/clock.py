"""Givet and Når: what time it is on the stage; everything that falls due on the way has happened when the step is over."""

from __future__ import annotations

from datetime import date, datetime, time

from pytest_bdd import given, parsers, when

from vos_features.scenario import Scenario
from vos_features.steps.step_types import TYPES


@given(parsers.parse("uret står på {day:Date} kl. {hour:Time}", extra_types=TYPES))
@when(parsers.parse("uret stilles til {day:Date} kl. {hour:Time}", extra_types=TYPES))
def clock_is_set(scenario: Scenario, day: date, hour: time) -> None:
    """Set the clock to a Danish hour."""
    scenario.stage.clock.set(datetime.combine(day, hour))


@when(parsers.parse("der går {days:Number} dag", extra_types=TYPES))
@when(parsers.parse("der går {days:Number} dage", extra_types=TYPES))
def days_pass(scenario: Scenario, days: int) -> None:
    """Let that many days pass, to the same hour."""
    scenario.put_citizen_on_stage()
    scenario.stage.clock.advance(f"P{days}D")


@when(parsers.parse("der går {count:Number} {unit:TimeUnit}", extra_types=TYPES))
def time_passes(scenario: Scenario, count: int, unit: str) -> None:
    """Let the stage clock go forward."""
    scenario.stage.clock.advance(f"PT{count}{unit}")
