"""The fixture with the performance that the oracle assesses, on the shared stage."""

from __future__ import annotations

import pytest

from support.performance import Performance
from vos_simulators.control import Control
from vos_simulators.transport import HttpTransport


@pytest.fixture
def performance(control: Control, transport: HttpTransport, _line: tuple[HttpTransport, HttpTransport]) -> Performance:
    return Performance(control, transport, _line[1])
