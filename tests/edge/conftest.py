"""The performance that the oracle judges, on the stage that all tests share."""

from __future__ import annotations

import pytest
from forestilling import Forestilling

from vos_simulators.control import Styring
from vos_simulators.transport import HttpTransport


@pytest.fixture
def forestilling(
    styring: Styring, transport: HttpTransport, _linje: tuple[HttpTransport, HttpTransport]
) -> Forestilling:
    return Forestilling(styring, transport, _linje[1])
