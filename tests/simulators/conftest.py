from __future__ import annotations

from collections.abc import Iterator

import pytest

from generalproeve.scene import Scene
from vos_simulators.transport import HttpTransport


@pytest.fixture
def styringslinje(scene: Scene) -> Iterator[HttpTransport]:
    with HttpTransport(scene.styring) as transport:
        yield transport
