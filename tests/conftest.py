"""One embedded stage for all tests that need real sockets, on a frozen clock; every test meets it empty."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import count

import pytest
from rabbitmq import Rabbit, startet
from support.stores import closing_stores

from byggeklodser import NU
from generalproeve.scene import Scene, indlejret
from generalproeve.settings.stage import StageSettings
from vos_simulators.control import Styring
from vos_simulators.parties import AKASSE
from vos_simulators.people import Borger, Folk, paa_scenen
from vos_simulators.transport import HttpTransport

_folk = Folk(seed=4711)


@pytest.fixture(autouse=True)
def _stores() -> Iterator[None]:
    with closing_stores():
        yield


@pytest.fixture(scope="session")
def _scene() -> Iterator[Scene]:
    with indlejret(StageSettings(port=0, control_port=0, clock=NU)) as scene:
        yield scene


@pytest.fixture(scope="session")
def _linje(_scene: Scene) -> Iterator[tuple[HttpTransport, HttpTransport]]:
    with HttpTransport(_scene.tjenester) as tjenester, HttpTransport(_scene.styring) as styring:
        yield tjenester, styring


@pytest.fixture
def scene(_scene: Scene, _linje: tuple[HttpTransport, HttpTransport]) -> Iterator[Scene]:
    """The stage, empty and in its default release."""
    styring = Styring(_linje[1])
    styring.nulstil()
    yield _scene
    styring.tving_bagende(None)
    styring.skift_udgave("2024-4")


@pytest.fixture
def styring(scene: Scene, _linje: tuple[HttpTransport, HttpTransport]) -> Styring:
    """The stage's control API."""
    return Styring(_linje[1])


@pytest.fixture
def transport(scene: Scene, _linje: tuple[HttpTransport, HttpTransport]) -> HttpTransport:
    """A line to the stage's services."""
    return _linje[0]


@pytest.fixture
def nu() -> datetime:
    """The stage's frozen time."""
    return NU


@pytest.fixture
def ny_borger(styring: Styring) -> Iterator[object]:
    """Put a citizen on the stage: jobcentre 10100, municipality 101, fund 81."""

    def ny(alder: int = 40, **andet: object) -> Borger:
        borger = _folk.ny(alder, NU.date())
        dto = paa_scenen(borger, akasse=AKASSE)
        for navn, vaerdi in andet.items():
            setattr(dto, navn, vaerdi)
        styring.opsaet(dto)
        return borger

    yield ny


@pytest.fixture
def kald_id() -> Iterator[object]:
    """Mint request ids."""
    numre = count()
    yield lambda: f"test-{next(numre)}-{id(numre)}"


@pytest.fixture(scope="module")
def rabbit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rabbit]:
    """A RabbitMQ of the module's own; skipped where none is installed."""
    with startet(tmp_path_factory.mktemp("rabbit")) as en:
        yield en
