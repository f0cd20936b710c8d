"""The pytest plugin: registers the requirement keys as markers, and provides stage and cast as fixtures.

Load it with `-p vos_features.plugin`. The stage is given by its addresses or by the hook `pytest_vos_stage`, never imported.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from vos_contracts import requirements
from vos_contracts.contract import Contract, load
from vos_features import hooks
from vos_features.cast import Cast
from vos_features.lines import StageLines
from vos_features.live_stage import LiveStage
from vos_features.run import SuiteRun
from vos_features.stage import StageAccess

STEPS = (
    "vos_features.steps.citizens",
    "vos_features.steps.registration",
    "vos_features.steps.reading",
    "vos_features.steps.read_services",
    "vos_features.steps.soap_releases",
    "vos_features.steps.messages",
    "vos_features.steps.wsb",
    "vos_features.steps.tilmelding",
    "vos_features.steps.illness",
    "vos_features.steps.clock",
    "vos_features.steps.clock",
    "vos_features.steps.batch",
    "vos_features.steps.neighbours",
    "vos_features.steps.transfers",
    "vos_features.steps.cpr_change",
    "vos_features.steps.domains",
    "vos_features.steps.datakanon",
    "vos_features.steps.bi",
)
"""The modules of step definitions."""

pytest_plugins = ("vos_features.scenario", "vos_features.webhooks", *STEPS)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Register the hooks of a run."""
    pluginmanager.add_hookspecs(hooks)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options with the addresses of the stage."""
    group = parser.getgroup("generalproeve")
    group.addoption("--vos-services", help="Address of the services.")
    group.addoption("--vos-control", help="Address of the control API.")
    group.addoption("--vos-contract", help="Overlay folder of the contract.")


def pytest_configure(config: pytest.Config) -> None:
    """Register every requirement key, so that a misspelt tag stops the run."""
    for key in requirements.load():
        config.addinivalue_line("markers", f"{key}: krav")


@pytest.fixture(scope="session")
def stage_description(request: pytest.FixtureRequest) -> StageAccess:
    """The description of the stage."""
    told: StageAccess | None = request.config.hook.pytest_vos_stage(config=request.config)
    if told is not None:
        return told
    services, control = request.config.getoption("--vos-services"), request.config.getoption("--vos-control")
    if not services or not control:
        raise pytest.UsageError("the scenarios need --vos-services and --vos-control")
    overlay = request.config.getoption("--vos-contract")
    return StageAccess(services, control, Path(overlay) if overlay else None)


@pytest.fixture(scope="session")
def contract(stage_description: StageAccess) -> Contract:
    """The contract of the stage, with its overlay."""
    return load(stage_description.contract)


@pytest.fixture(scope="session")
def _run(request: pytest.FixtureRequest, stage_description: StageAccess, contract: Contract) -> Iterator[SuiteRun]:
    hook = request.config.hook

    def listen(call: object, answer: object, seconds: float) -> None:
        hook.pytest_vos_call(call=call, response=answer, seconds=seconds)

    def hear(recipient: object, message: object) -> None:
        hook.pytest_vos_message(recipient=recipient, message=message)

    def omit_step(reason: str) -> None:
        hook.pytest_vos_step_omitted(reason=reason)

    external = hook.pytest_vos_cast() or {}
    with StageLines(stage_description, contract, listen) as lines:
        yield SuiteRun(LiveStage(stage_description, contract, lines), hear, external, omit_step)


@pytest.fixture
def run(_run: SuiteRun) -> Iterator[SuiteRun]:
    """The run; begins and ends the scenario around the test."""
    _run.begin_scenario()
    yield _run
    _run.end_scenario()


@pytest.fixture
def stage(run: SuiteRun) -> LiveStage:
    """The stage of the scenario, reset if the stage can be reset."""
    return run.stage


@pytest.fixture
def cast(run: SuiteRun) -> Cast:
    """The cast of the scenario; every party has an empty inbox."""
    return run.cast
