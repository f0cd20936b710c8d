"""What a run tells its listeners; implement these in a pytest plugin to hear it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from vos_contracts.model.identity import Organisation
from vos_contracts.wire.base import Kald, Svar
from vos_contracts.wire.wsrm import Besked
from vos_features.stage import Scenen
from vos_simulators.party import Medvirkende

Udeladt = pytest.skip.Exception
"""What ends a scene that is left out (`udeladt`, which is imported where no scene is played, too)."""


@pytest.hookspec
def pytest_vos_kald(kald: Kald, svar: Svar, sekunder: float) -> None:
    """A party called the services and got this answer."""


@pytest.hookspec
def pytest_vos_besked(modtager: Organisation, besked: Besked) -> None:
    """A party fetched this message from its queue."""


@pytest.hookspec
def pytest_vos_trin_udeladt(grund: str) -> None:
    """A step could not be carried out on this stage, and the scene went on without what it would have checked."""


@pytest.hookspec(firstresult=True)
def pytest_vos_scenen(config: pytest.Config) -> Scenen | None:
    """Tell the suite which stage it plays on; the command line's options say it where nobody does."""


@pytest.hookspec(firstresult=True)
def pytest_vos_medvirkende() -> Mapping[str, Medvirkende] | None:
    """Give the real systems by the role that they play; everybody is simulated where nobody does."""
