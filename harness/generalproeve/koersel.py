"""Play the scenes with pytest and turn what happens into a `Forloeb`.

A plugin object for one run: hears steps, calls and messages, and gives each scene its verdict. *failed* only for an observed
breach (a wrong expectation, a broken wire, a refused fetch); anything else that stops a scene is *errored*.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd.parser import Feature, Scenario, Step
from pytest_bdd.scenario import scenario_wrapper_template_registry

import vos_features
from generalproeve.bevis import Beskedbevis, Kaldsbevis
from generalproeve.cast.observations import ObservedCall
from generalproeve.cast.roles import ExternalParties, open_roles
from generalproeve.forloeb import Forloeb, Lytter, Ramme, Sceneforloeb, Trin
from generalproeve.run.touched.facts import Faktalaeser
from generalproeve.scenenavne import indsat
from generalproeve.udfald import Udfald
from generalproeve.udvalg import Udvalg
from vos_contracts import krav
from vos_contracts.base import stopwatch
from vos_contracts.kontrakt import indlaes
from vos_contracts.model.identity import Organisation
from vos_contracts.wire.base import Kald, RemoteWireError, Svar
from vos_contracts.wire.wsrm import Besked
from vos_features.omission import MAERKE
from vos_features.stage import Scenen
from vos_simulators.inboxes.wsrm_poller import WsrmAfvist
from vos_simulators.party import Medvirkende

BRUD = (AssertionError, RemoteWireError, WsrmAfvist)
"""What a step raises when it has observed that the contract is broken."""

HELE = Udvalg()
_PAKKE = Path(vos_features.__file__).parent


def spil(
    scenen: Scenen,
    ramme: Ramme,
    lyttere: Sequence[Lytter],
    udvalg: Udvalg = HELE,
    besaetning: ExternalParties | None = None,
) -> Forloeb:
    """Play the chosen scenes on that stage.

    `besaetning` are the real systems among the cast.
    """
    koersel = Koersel(scenen, replace(ramme, orden=udvalg.orden), lyttere, udvalg)
    argumenter = [
        "-c",
        str(_PAKKE / "scenarios.ini"),
        str(_PAKKE / "test_scenarios.py"),
        "-p",
        "no:terminal",
        "--capture=no",
    ]
    if udvalg.noegler:
        argumenter += ["-m", " or ".join(udvalg.noegler)]
    begyndt = stopwatch.seconds()
    with contextlib.ExitStack() as aabne:
        if besaetning is not None:
            roles = open_roles(besaetning, scenen, koersel.aktuelt_trin, koersel.keep_observed)
            koersel.medvirkende = aabne.enter_context(roles)
        pytest.main(argumenter, plugins=[koersel])
    koersel.forloeb.sekunder = stopwatch.seconds() - begyndt
    koersel.forloeb.scener.sort(key=lambda scene: scene.nummer)
    for lytter in lyttere:
        lytter.sluttet(koersel.forloeb)
    return koersel.forloeb


class Koersel:
    """The plugin of one run."""

    def __init__(self, scenen: Scenen, ramme: Ramme, lyttere: Sequence[Lytter], udvalg: Udvalg = HELE) -> None:
        self._scenen = scenen
        self.medvirkende: Mapping[str, Medvirkende] = {}
        self.forloeb = Forloeb(ramme)
        self._udvalg = udvalg
        self._numre: dict[str, int] = {}
        self._lyttere = lyttere
        self._kendte = frozenset(krav.indlaes())
        self._faktalaeser = Faktalaeser(indlaes(scenen.kontrakt))
        self._aktuel: Sceneforloeb | None = None
        self._trin: Trin | None = None

    def pytest_vos_scenen(self) -> Scenen:
        """Tell the suite which stage it plays on."""
        return self._scenen

    def pytest_vos_medvirkende(self) -> Mapping[str, Medvirkende]:
        """Give the real systems among the cast."""
        return self.medvirkende

    def aktuelt_trin(self) -> str:
        """Return the words of the step that is played."""
        return "" if self._trin is None else self._trin.tekst

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember why scenes could not be collected."""
        if report.failed:
            self.forloeb.indsamlingsfejl.append(str(report.longrepr))

    def pytest_internalerror(self, excrepr: object) -> None:
        """Remember why pytest itself could not go on."""
        self.forloeb.indsamlingsfejl.append(str(excrepr))

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave the scenes whose feature or name, examples put in, holds the text that was asked for, in the order asked."""
        self._numre = {item.nodeid: nummer for nummer, item in enumerate(items)}
        navn = self._udvalg.navn.casefold()
        items[:] = self._udvalg.ordn([(item.nodeid, item) for item in items if navn in _fuldt_navn(item).casefold()])

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Tell the listeners how many scenes there are."""
        self.forloeb.i_alt = len(session.items)
        for lytter in self._lyttere:
            lytter.begyndt(self.forloeb)

    def pytest_bdd_before_scenario(self, request: pytest.FixtureRequest, feature: Feature, scenario: Scenario) -> None:
        """Begin a scene."""
        eksempel = _eksempel(request.node)
        noegler = tuple(sorted(mark.name for mark in request.node.iter_markers() if mark.name in self._kendte))
        self._aktuel = Sceneforloeb(
            egenskab=feature.name or "",
            navn=indsat(scenario.name, eksempel),
            krav=noegler,
            eksempel=dict(eksempel),
            trin=[
                Trin(f"{trin.keyword} {indsat(trin.name, eksempel)}", sted=_sted(feature, trin.line_number))
                for trin in scenario.steps
            ],
            sted=_sted(feature, scenario.line_number),
        )
        self._trinnumre = {id(trin): nummer for nummer, trin in enumerate(scenario.steps)}

    def pytest_bdd_before_step(self, step: Step) -> None:
        """Begin a step."""
        if self._aktuel is not None and id(step) in self._trinnumre:
            self._trin = self._aktuel.trin[self._trinnumre[id(step)]]

    def pytest_bdd_after_step(self, step: Step) -> None:
        """End a step that did what it says."""
        if self._trin is not None and self._trin.udfald is not Udfald.OMITTED:
            self._trin.udfald = Udfald.PASSED

    def pytest_bdd_step_error(self, exception: Exception) -> None:
        """End a step that did not."""
        if self._trin is not None:
            self._trin.udfald, self._trin.forklaring = _udfald(exception), _forklaring(exception)

    def pytest_bdd_step_func_lookup_error(self, step: Step, exception: Exception) -> None:
        """End a step that nobody can play."""
        if self._aktuel is not None and id(step) in self._trinnumre:
            trin = self._aktuel.trin[self._trinnumre[id(step)]]
            trin.udfald, trin.forklaring = Udfald.ERRORED, str(exception)

    def pytest_vos_kald(self, kald: Kald, svar: Svar, sekunder: float) -> None:
        """Keep a call as evidence of the step."""
        if self._trin is not None:
            self._trin.kald.append(Kaldsbevis(kald, svar, sekunder))

    def keep_observed(self, observed: ObservedCall) -> None:
        """Keep a real system's call as evidence of the step."""
        if self._trin is not None:
            evidence = Kaldsbevis(observed.kald, observed.svar, observed.seconds, observed.read)
            self._trin.kald.append(evidence)

    def pytest_vos_besked(self, modtager: Organisation, besked: Besked) -> None:
        """Keep a message as evidence of the step."""
        if self._trin is not None:
            self._trin.beskeder.append(Beskedbevis(str(modtager), besked))

    def pytest_vos_trin_udeladt(self, grund: str) -> None:
        """Let the step be seen as left out, though the scene goes on."""
        if self._trin is not None:
            self._trin.udfald, self._trin.forklaring = Udfald.OMITTED, grund

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Give the scene its verdict when everything of it is over."""
        self._aktuel, self._trin = None, None
        self._udfald, self._grund = Udfald.PASSED, ""
        begyndt = stopwatch.seconds()
        svar = yield
        scene = self._aktuel or Sceneforloeb(item.nodeid, item.name, (), {}, [])
        scene.sekunder = stopwatch.seconds() - begyndt
        scene.nummer = self._numre.get(item.nodeid, 0)
        scene.udfald, scene.forklaring = self._udfald, self._grund
        ord_ = "\n".join(trin.tekst for trin in scene.trin)
        for trin in scene.trin:
            if trin.kald or trin.beskeder:
                trin.fakta = self._faktalaeser.roert(trin.tekst, trin.kald, trin.beskeder, ord_)
        self.forloeb.scener.append(scene)
        for lytter in self._lyttere:
            lytter.scene_spillet(self.forloeb, scene)
        return svar

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A scene that this stage cannot play is omitted, with the reason; any other skip is one."""
        if report.skipped and self._udfald is Udfald.PASSED and isinstance(report.longrepr, tuple):
            grund = report.longrepr[2].removeprefix("Skipped: ")
            self._udfald = Udfald.OMITTED if grund.startswith(MAERKE) else Udfald.SKIPPED
            self._grund = grund.removeprefix(MAERKE)

    def pytest_exception_interact(self, call: pytest.CallInfo[Any], report: object) -> None:
        """Judge what stopped a scene: the first that did."""
        if call.excinfo is not None and self._udfald is Udfald.PASSED and isinstance(report, pytest.TestReport):
            self._udfald = _udfald(call.excinfo.value)
            self._grund = _forklaring(call.excinfo.value)


class _Intet:
    params: Mapping[str, Mapping[str, str]] = {}


_INTET = _Intet()


def _eksempel(item: pytest.Item) -> Mapping[str, str]:
    eksempel: Mapping[str, str] = getattr(item, "callspec", _INTET).params.get("_pytest_bdd_example", {})
    return eksempel


def _fuldt_navn(item: pytest.Item) -> str:
    """Return feature and scene with the example put in; pytest-bdd knows both by the test function."""
    if not isinstance(item, pytest.Function):
        return item.name
    scene = scenario_wrapper_template_registry.get(item.obj)
    if scene is None:
        return item.name
    return f"{scene.feature.name} {indsat(scene.name, _eksempel(item))}"


def _sted(feature: Feature, linje: int) -> str:
    """Say where it stands, from the package on: the same in a checkout and where we are installed."""
    return f"{Path(feature.filename).relative_to(_PAKKE.parent).as_posix()}:{linje}"


def _udfald(fejl: BaseException) -> Udfald:
    return Udfald.FAILED if isinstance(fejl, BRUD) else Udfald.ERRORED


def _forklaring(fejl: BaseException) -> str:
    """Return the explanation: a step's own words where it has some, without pytest's dissection."""
    linjer = str(fejl).splitlines()
    tekst = linjer[0] if linjer else ""
    return tekst if isinstance(fejl, BRUD) and tekst else f"{type(fejl).__name__}: {tekst}"
