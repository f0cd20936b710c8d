"""One embedded stage for all tests that need real sockets, on a frozen clock; every test meets it empty."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import count

import pytest

from generalproeve.settings.stage import StageSettings
from generalproeve.stage.stage import Stage, embedded
from support.builders import NOW
from support.rabbitmq import Rabbit, started
from support.stores import closing_stores
from vos_simulators.control import Control
from vos_simulators.parties import AKASSE
from vos_simulators.people import Citizen, People, on_stage
from vos_simulators.transport import HttpTransport

_people = People(seed=4711)


@pytest.fixture(autouse=True)
def _stores() -> Iterator[None]:
    with closing_stores():
        yield


@pytest.fixture(scope="session")
def _stage() -> Iterator[Stage]:
    with embedded(StageSettings(port=0, control_port=0, clock=NOW)) as stage:
        yield stage


@pytest.fixture(scope="session")
def _line(_stage: Stage) -> Iterator[tuple[HttpTransport, HttpTransport]]:
    with HttpTransport(_stage.services) as services, HttpTransport(_stage.control) as control:
        yield services, control


@pytest.fixture
def stage(_stage: Stage, _line: tuple[HttpTransport, HttpTransport]) -> Iterator[Stage]:
    """The stage, empty and in its default release."""
    control = Control(_line[1])
    control.reset()
    yield _stage
    control.force_backend(None)
    control.change_release("2024-4")


@pytest.fixture
def control(stage: Stage, _line: tuple[HttpTransport, HttpTransport]) -> Control:
    """The stage's control API."""
    return Control(_line[1])


@pytest.fixture
def transport(stage: Stage, _line: tuple[HttpTransport, HttpTransport]) -> HttpTransport:
    """A line to the stage's services."""
    return _line[0]


@pytest.fixture
def now() -> datetime:
    """The stage's frozen time."""
    return NOW


@pytest.fixture
def new_citizen(control: Control) -> Iterator[object]:
    """Put a citizen on the stage: jobcentre 10100, municipality 101, fund 81."""

    def new(age: int = 40, **other: object) -> Citizen:
        citizen = _people.new(age, NOW.date())
        dto = on_stage(citizen, akasse=AKASSE)
        for name, value in other.items():
            setattr(dto, name, value)
        control.set_up(dto)
        return citizen

    yield new


@pytest.fixture
def call_id() -> Iterator[object]:
    """Mint request ids."""
    numbers = count()
    yield lambda: f"test-{next(numbers)}-{id(numbers)}"


@pytest.fixture(scope="module")
def rabbit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rabbit]:
    """A RabbitMQ of the module's own; skipped where none is installed."""
    with started(tmp_path_factory.mktemp("rabbit")) as item:
        yield item
