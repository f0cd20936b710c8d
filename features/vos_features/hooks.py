"""What a run tells its listeners; implement these in a pytest plugin to hear it."""

from __future__ import annotations

import pytest

from vos_contracts.identitet import Organisation
from vos_contracts.wire.base import Kald, Svar
from vos_contracts.wire.wsrm import Besked


@pytest.hookspec
def pytest_vos_kald(kald: Kald, svar: Svar, sekunder: float) -> None:
    """A party called the services and got this answer."""


@pytest.hookspec
def pytest_vos_besked(modtager: Organisation, besked: Besked) -> None:
    """A party fetched this message from its queue."""
