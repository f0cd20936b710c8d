"""The pytest plugin: registers the requirement keys as markers, and gives the scenes their stage and cast.

Load it with `-p vos_features.plugin`. The stage is told by address (`--vos-tjenester`, `--vos-styring`), never by import.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from vos_contracts import krav
from vos_contracts.kontrakt import Kontrakt, indlaes
from vos_features import hooks
from vos_features.ensemble import Ensemble
from vos_features.linjer import Linjer
from vos_features.scenen import Scenen

pytest_plugins = (
    "vos_features.spil",
    "vos_features.webhooks",
    "vos_features.steps.personer",
    "vos_features.steps.registrering",
    "vos_features.steps.laesning",
    "vos_features.steps.laesetjenester",
    "vos_features.steps.beskeder",
    "vos_features.steps.wsb",
    "vos_features.steps.tilmelding",
    "vos_features.steps.sygdom",
    "vos_features.steps.udgave",
    "vos_features.steps.tid",
    "vos_features.steps.batch",
    "vos_features.steps.nabo",
    "vos_features.steps.overfoersler",
    "vos_features.steps.cprskift",
    "vos_features.steps.domaener",
    "vos_features.steps.datakanon",
    "vos_features.steps.bi",
)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Offer the hooks that tell what passes between the parties."""
    pluginmanager.add_hookspecs(hooks)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that say where the stage is."""
    gruppe = parser.getgroup("generalproeve")
    gruppe.addoption("--vos-tjenester", help="Address of the services.")
    gruppe.addoption("--vos-styring", help="Address of the control API.")
    gruppe.addoption("--vos-kontrakt", help="Overlay folder of the contract.")


def pytest_configure(config: pytest.Config) -> None:
    """Register every requirement key, so that a misspelt tag stops the run."""
    for noegle in krav.indlaes():
        config.addinivalue_line("markers", f"{noegle}: krav")


@pytest.fixture(scope="session")
def scenen(request: pytest.FixtureRequest) -> Scenen:
    """The stage that is played on."""
    fortalt: Scenen | None = request.config.hook.pytest_vos_scenen(config=request.config)
    if fortalt is not None:
        return fortalt
    tjenester, styring = request.config.getoption("--vos-tjenester"), request.config.getoption("--vos-styring")
    if not tjenester or not styring:
        raise pytest.UsageError("the scenes need --vos-tjenester and --vos-styring")
    mappe = request.config.getoption("--vos-kontrakt")
    return Scenen(tjenester, styring, Path(mappe) if mappe else None)


@pytest.fixture(scope="session")
def kontrakt(scenen: Scenen) -> Kontrakt:
    """The contract the stage speaks."""
    return indlaes(scenen.kontrakt)


@pytest.fixture(scope="session")
def _ensemble(request: pytest.FixtureRequest, scenen: Scenen, kontrakt: Kontrakt) -> Iterator[Ensemble]:
    hook = request.config.hook

    def lyt(kald: object, svar: object, sekunder: float) -> None:
        hook.pytest_vos_kald(kald=kald, svar=svar, sekunder=sekunder)

    def hoer(modtager: object, besked: object) -> None:
        hook.pytest_vos_besked(modtager=modtager, besked=besked)

    medvirkende = hook.pytest_vos_medvirkende() or {}
    with Linjer(scenen, kontrakt, lyt) as linjer:
        yield Ensemble(
            scenen, kontrakt, linjer, hoer, medvirkende, lambda grund: hook.pytest_vos_trin_udeladt(grund=grund)
        )


@pytest.fixture
def ensemble(_ensemble: Ensemble) -> Iterator[Ensemble]:
    """The cast on an empty stage in the default release."""
    _ensemble.gaa_paa()
    yield _ensemble
    _ensemble.gaa_af()
