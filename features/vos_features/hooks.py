"""What a run tells its listeners; implement these in a pytest plugin to hear it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from vos_contracts.model.identity import Organisation
from vos_contracts.wire.base import Call, Response
from vos_contracts.wire.messages.wsrm import Message
from vos_features.stage import StageAccess
from vos_simulators.party import CastMembers

Omitted = pytest.skip.Exception
"""What ends a scene that is left out (`omitted`, which is imported where no scene is played, too)."""


@pytest.hookspec
def pytest_vos_call(call: Call, response: Response, seconds: float) -> None:
    """A party called the services and got this answer."""


@pytest.hookspec
def pytest_vos_message(recipient: Organisation, message: Message) -> None:
    """A party fetched this message from its queue."""


@pytest.hookspec
def pytest_vos_step_omitted(reason: str) -> None:
    """A step could not be carried out on this stage, and the scene went on without what it would have checked."""


@pytest.hookspec(firstresult=True)
def pytest_vos_stage(config: pytest.Config) -> StageAccess | None:
    """Tell the suite which stage it plays on; the command line's options say it where nobody does."""


@pytest.hookspec(firstresult=True)
def pytest_vos_cast_members() -> Mapping[str, CastMembers] | None:
    """Give the real systems by the role that they play; everybody is simulated where nobody does."""
