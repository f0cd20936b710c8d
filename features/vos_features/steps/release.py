"""Steps that choose the release."""

from __future__ import annotations

from pytest_bdd import given, parsers, when

from vos_features.scenario import Scenario
from vos_features.steps.step_types import TYPES


@given(parsers.parse("udgaven er {release:Release}", extra_types=TYPES))
@when(parsers.parse("scenen flyttes til udgave {release:Release}", extra_types=TYPES))
def release_is(scenario: Scenario, release: str) -> None:
    """Move the running stage to the release; its data is kept."""
    scenario.stage.release.switch(release)
