"""Our stage, cast and scenes for somebody else's own tests: a pytest plugin.

    # conftest.py
    pytest_plugins = ["generalproeve.pytest_plugin"]

Gives the fixtures `stage`, `ur`, `ny_borger`, `kss`, `akasse`, `ksd`, `planner`, `star`, and every Danish step of our scenes,
so that `*.feature` files of one's own can use them. `--stage TARGET`, or `generalproeve_stage` in pytest's configuration, says
what is played on: `embedded:` if nothing does. Not here: what a party can do (`vos_simulators.aktoerer`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import pytest

from generalproeve.base.exit_codes import KanIkkeKoere, Uopnaaelig
from generalproeve.opstilling import opstil
from generalproeve.settings.options import Given
from generalproeve.settings.target import resolve
from vos_contracts.styring import RegistreringDto
from vos_features.ensemble import Ensemble
from vos_features.scenen import Scenen
from vos_simulators.aktoerer.aktoer import Aktoer

pytest_plugins = ("vos_features.plugin",)

_AABNE = pytest.StashKey[contextlib.ExitStack]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option and the setting that say what is played on."""
    hjaelp = "What is played on: embedded:[release=RELEASE], an address, or a profile of generalproeve.toml."
    parser.getgroup("generalproeve").addoption("--stage", metavar="TARGET", help=hjaelp)
    parser.addini("generalproeve_stage", hjaelp, default="embedded:")


def pytest_configure(config: pytest.Config) -> None:
    """Close the stage when the run is over."""
    config.stash[_AABNE] = contextlib.ExitStack()
    config.add_cleanup(config.stash[_AABNE].close)


def pytest_vos_scenen(config: pytest.Config) -> Scenen:
    """Get the stage ready when the first test needs it; errors: UsageError saying what keeps it."""
    target = str(config.getoption("--stage") or config.getini("generalproeve_stage"))
    try:
        resolved = resolve(target, Given())
        opened = opstil(resolved.target, resolved.settings)
        return config.stash[_AABNE].enter_context(opened).scenen
    except (KanIkkeKoere, Uopnaaelig) as brud:
        raise pytest.UsageError(str(brud)) from brud


@dataclass(frozen=True, slots=True)
class Ur:
    """The stage's clock."""

    _ensemble: Ensemble

    @property
    def nu(self) -> datetime:
        """The stage's time, in Denmark."""
        return self._ensemble.nu

    def frem(self, varighed: str) -> datetime:
        """Move it forward by an ISO 8601 duration such as P1D, and wait until what fell due has settled."""
        self._ensemble.lad_gaa(varighed)
        return self._ensemble.nu

    def stil(self, dansk: datetime) -> datetime:
        """Set it to a Danish hour, without offset, and wait as `frem`; it never goes backwards."""
        self._ensemble.stil_ur(dansk)
        return self._ensemble.nu


NyBorger = Callable[..., str]


@pytest.fixture
def stage(ensemble: Ensemble) -> Ensemble:
    """The stage and everybody on it, empty where it can be emptied."""
    return ensemble


@pytest.fixture
def ur(ensemble: Ensemble) -> Ur:
    """The stage's clock."""
    return Ur(ensemble)


@pytest.fixture
def ny_borger(ensemble: Ensemble) -> NyBorger:
    """Put citizens on the stage: `ny_borger(alder=40, medlem=True, kontaktgruppe=13)` returns the number.

    `foedt` is the birth date, where that itself matters.
    """
    from vos_features.spil import Spil  # here, so that pytest has made the steps' assertions speak before

    def ny(
        alder: int = 40,
        *,
        foedt: date | None = None,
        medlem: bool = False,
        kontaktgruppe: int | None = None,
        personkategori: int | None = None,
        **andet: object,
    ) -> str:
        spil = Spil(ensemble)
        if foedt is None:
            spil.ny_borger(alder, medlem=medlem)
        else:
            spil.ny_borger_foedt(foedt, medlem=medlem)
        for liste, type_ in (("kontaktgrupper", kontaktgruppe), ("personkategorier", personkategori)):
            if type_ is not None:
                andet[liste] = (RegistreringDto(type=type_, start=spil.dag("i går")),)
        spil.saet(**andet)
        return spil.cpr

    return ny


@pytest.fixture
def kss(ensemble: Ensemble) -> Aktoer:
    """The jobcentre's caseworker in its case system."""
    return ensemble.aktoer("jobcentret")


@pytest.fixture
def akasse(ensemble: Ensemble) -> Aktoer:
    """The fund."""
    return ensemble.aktoer("a-kassen")


@pytest.fixture
def ksd(ensemble: Ensemble) -> Aktoer:
    """The municipalities' sickness benefit system."""
    return ensemble.aktoer("KSD")


@pytest.fixture
def planner(ensemble: Ensemble) -> Aktoer:
    """The planner system."""
    return ensemble.aktoer("planneren")


@pytest.fixture
def star(ensemble: Ensemble) -> Aktoer:
    """STAR's own caseworker."""
    return ensemble.aktoer("STAR")
