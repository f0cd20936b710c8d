"""The pytest hooks of a run; a plugin implements them to observe the run or to provide stage and cast."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from vos_contracts.model.identity import Organisation
from vos_contracts.wire.base import Call, Response
from vos_contracts.wire.messages.wsrm import Message
from vos_features.stage import StageAccess
from vos_simulators.party import CastMember

Omitted = pytest.skip.Exception
"""The exception that ends an omitted or skipped scenario."""


@pytest.hookspec
def pytest_vos_call(call: Call, response: Response, seconds: float) -> None:
    """Called for every call of a party to the services, with the response and the duration in seconds."""


@pytest.hookspec
def pytest_vos_message(recipient: Organisation, message: Message) -> None:
    """Called for every message that a party fetches from its WSRM queue."""


@pytest.hookspec
def pytest_vos_step_omitted(reason: str) -> None:
    """Called when a step is omitted on this stage while the scenario continues."""


@pytest.hookspec(firstresult=True)
def pytest_vos_stage(config: pytest.Config) -> StageAccess | None:
    """Return the stage of the run; without an implementation the command line options apply."""


@pytest.hookspec(firstresult=True)
def pytest_vos_cast() -> Mapping[str, CastMember] | None:
    """Return the real systems by role; all other roles are simulated."""
