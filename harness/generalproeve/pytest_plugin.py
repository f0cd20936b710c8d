"""A pytest plugin for projects that test against a stage with tests and feature files of their own.

    # conftest.py
    pytest_plugins = ["generalproeve.pytest_plugin"]

It gives the fixtures `stage`, `cast`, `scenario`, `clock`, `new_citizen`, `kss`, `akasse`, `ksd`, `planner` and `star`, and
every Danish step, for use in `*.feature` files. The target is `--stage TARGET`, else `generalproeve_stage` in pytest's
configuration, else `embedded:`. Not here: what a party can do (`vos_simulators.party`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pytest_bdd.feature import get_feature

from generalproeve.base.exit_codes import CannotRun, Unreachable
from generalproeve.run.opening import open_target
from generalproeve.settings.options import Given
from generalproeve.settings.target import resolve
from vos_contracts.base.text_files import encoding_of
from vos_contracts.control.stage import RegistrationDto
from vos_features.cast import Cast
from vos_features.live_stage import LiveStage, ScenarioClock
from vos_features.run import SuiteRun
from vos_features.stage import StageAccess
from vos_simulators.party import Party

pytest_plugins = ("vos_features.plugin",)

_OPEN = pytest.StashKey[contextlib.ExitStack]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option and the setting that name the target."""
    help = "Target: embedded:[release=RELEASE], an address, or a profile of generalproeve.toml."
    parser.getgroup("generalproeve").addoption("--stage", metavar="TARGET", help=help)
    parser.addini("generalproeve_stage", help, default="embedded:")


def pytest_configure(config: pytest.Config) -> None:
    """Close the stage when pytest ends."""
    config.stash[_OPEN] = contextlib.ExitStack()
    config.add_cleanup(config.stash[_OPEN].close)


def pytest_pycollect_makemodule(module_path: Path) -> None:
    """Read the feature files beside a test module that begin with a byte order mark, as Notepad and PowerShell write them.

    pytest-bdd keeps what has been parsed; without this it would read the mark as part of the first keyword.
    """
    for file in module_path.parent.rglob("*.feature"):
        with file.open("rb") as opened:
            encoding = encoding_of(opened.read(3))
        if encoding != "utf-8":
            get_feature(str(file.parent), file.name, encoding=encoding)


def pytest_vos_stage(config: pytest.Config) -> StageAccess:
    """Open the stage when the first test needs it.

    Raises:
        pytest.UsageError: the target cannot be read, opened or reached.
    """
    target = str(config.getoption("--stage") or config.getini("generalproeve_stage"))
    try:
        resolved = resolve(target, Given())
        opened = open_target(resolved.target, resolved.settings)
        return config.stash[_OPEN].enter_context(opened).stage
    except (CannotRun, Unreachable) as exc:
        raise pytest.UsageError(str(exc)) from exc


NewCitizen = Callable[..., str]


@pytest.fixture
def clock(stage: LiveStage) -> ScenarioClock:
    """Return the stage's clock: `now`, `advance("P1D")`, `set(danish_hour)`."""
    return stage.clock


@pytest.fixture
def new_citizen(run: SuiteRun) -> NewCitizen:
    """Return a function that puts a citizen on the stage and returns the CPR number.

    `new_citizen(age=40, is_member=True, kontaktgruppe=13)`; `born` is a birth date instead of an age, and other keywords are
    fields of `PersonDto`.
    """
    from vos_features.scenario import YESTERDAY, Scenario  # lazy: pytest must rewrite its assertions first

    def new(
        age: int = 40,
        *,
        born: date | None = None,
        is_member: bool = False,
        kontaktgruppe: int | None = None,
        personkategori: int | None = None,
        **fields: object,
    ) -> str:
        scenario = Scenario(run)
        if born is None:
            scenario.think_up_citizen(age, is_member=is_member)
        else:
            scenario.think_up_citizen_born(born, is_member=is_member)
        for field, code in (("kontaktgrupper", kontaktgruppe), ("personkategorier", personkategori)):
            if code is not None:
                fields[field] = (RegistrationDto(type=code, start=scenario.day(YESTERDAY)),)
        scenario.describe_citizen(**fields)
        scenario.put_citizen_on_stage()
        return scenario.cpr

    return new


@pytest.fixture
def kss(cast: Cast) -> Party:
    """Return the jobcenter's caseworker, who works in a case system (KSS)."""
    return cast.party("jobcentret")


@pytest.fixture
def akasse(cast: Cast) -> Party:
    """Return the a-kasse."""
    return cast.party("a-kassen")


@pytest.fixture
def ksd(cast: Cast) -> Party:
    """Return KSD, the municipalities' sickness benefit system."""
    return cast.party("KSD")


@pytest.fixture
def planner(cast: Cast) -> Party:
    """Return the planner system."""
    return cast.party("planneren")


@pytest.fixture
def star(cast: Cast) -> Party:
    """Return STAR's own caseworker."""
    return cast.party("STAR")
