from __future__ import annotations

from collections.abc import Iterator

import pytest

from generalproeve.stage.stage import Stage
from vos_simulators.transport import HttpTransport


@pytest.fixture
def control_line(stage: Stage) -> Iterator[HttpTransport]:
    with HttpTransport(stage.control) as transport:
        yield transport
