"""Run the scenarios with pytest, and collect what happens in a `RunResult`.

A pytest plugin for one run records steps, calls and messages, and gives each scenario its verdict: *failed* only for an
observed breach of the contract (failed expectation, unreadable message, refused fetch), *errored* for any other exception.
"""

from __future__ import annotations

import contextlib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd.parser import Feature, Scenario, Step
from pytest_bdd.scenario import scenario_wrapper_template_registry

import vos_features
from generalproeve.base import process
from generalproeve.cast.observations import ObservedCall
from generalproeve.cast.roles import ExternalParties, open_roles
from generalproeve.run.evidence import CallEvidence, MessageEvidence
from generalproeve.run.results import RunDescription, RunListener, RunResult, ScenarioResult, StepRecord
from generalproeve.run.selection import Selection, inserted
from generalproeve.run.touched.facts import FactsReader
from generalproeve.run.verdict import Verdict
from generalproeve.settings.configuration import own_environment
from vos_contracts import requirements
from vos_contracts.base import stopwatch
from vos_contracts.contract import load
from vos_contracts.model.identity import Organisation
from vos_contracts.wire.base import Call, RemoteWireError, Response
from vos_contracts.wire.leniency import LeniencyFinder, leniencies
from vos_contracts.wire.messages.wsrm import Message
from vos_features.capabilities import MARK
from vos_features.stage import StageAccess
from vos_simulators.inboxes.wsrm_poller import WsrmRefused
from vos_simulators.party import CastMember

BREACH = (AssertionError, RemoteWireError, WsrmRefused)
"""The exceptions of a step that has observed a breach of the contract."""

WHOLE = Selection()
_SUITE = Path(vos_features.__file__).parent


def play(
    stage: StageAccess,
    description: RunDescription,
    listeners: Sequence[RunListener],
    selection: Selection = WHOLE,
    cast: ExternalParties | None = None,
) -> RunResult:
    """Run the selected scenarios on a stage; `cast` are the parties that are played by real systems."""
    run = RunPlugin(stage, replace(description, order=selection.order), listeners, selection)
    arguments = [
        "-c",
        str(_SUITE / "scenarios.ini"),
        str(_SUITE / "test_scenarios.py"),
        "-p",
        "no:terminal",
        "--capture=no",
    ]
    if selection.keys:
        arguments += ["-m", " or ".join(selection.keys)]
    begun = stopwatch.seconds()
    with contextlib.ExitStack() as cleanup:
        cleanup.enter_context(process.without_variables(own_environment(), *process.PYTEST_VARIABLES))
        if cast is not None:
            roles = open_roles(cast, stage, run.current_step, run.keep_observed)
            run.cast_members = cleanup.enter_context(roles)
        pytest.main(arguments, plugins=[run])
    account(run.result, listeners)
    run.result.seconds = stopwatch.seconds() - begun
    run.result.scenarios.sort(key=lambda result: result.number)
    for listener in listeners:
        listener.ended(run.result)
    return run.result


def account(run: RunResult, listeners: Sequence[RunListener]) -> None:
    """Compare what was planned with what was played: a scenario that was not has its verdict too.

    Without an interruption a missing scenario is an error of the run.
    """
    played = {result.number for result in run.scenarios}
    missing = [result for result in run.planned if result.number not in played]
    if missing and run.interrupted is None:
        played_of_planned = f"{len(run.planned) - len(missing)} af {len(run.planned)}"
        run.collection_errors.append(f"kun {played_of_planned} planlagte scenarier blev spillet")
    for result in missing:
        run.scenarios.append(result)
        for listener in listeners:
            listener.scenario_played(run, result)


class RunPlugin:
    """The pytest plugin of one run."""

    def __init__(
        self,
        stage: StageAccess,
        description: RunDescription,
        listeners: Sequence[RunListener],
        selection: Selection = WHOLE,
    ) -> None:
        self._stage = stage
        self.cast_members: Mapping[str, CastMember] = {}
        self.result = RunResult(description)
        self._selection = selection
        self._numbers: dict[str, int] = {}
        self._listeners = listeners
        self._known = frozenset(requirements.load())
        contract = load(stage.contract)
        self._facts_reader = FactsReader(contract)
        self._leniencies, self._leniency_finder = leniencies(contract), LeniencyFinder(contract)
        self._current: ScenarioResult | None = None
        self._step: StepRecord | None = None

    def pytest_vos_stage(self) -> StageAccess:
        """Return the stage to the suite."""
        return self._stage

    def pytest_vos_cast(self) -> Mapping[str, CastMember]:
        """Return the roles that are played by real systems to the suite."""
        return self.cast_members

    def current_step(self) -> str:
        """Return the text of the current step, "" between steps."""
        return "" if self._step is None else self._step.text

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Record why scenarios could not be collected."""
        if report.failed:
            self.result.collection_errors.append(str(report.longrepr))

    def pytest_internalerror(self, excrepr: object) -> None:
        """Record an internal error of pytest."""
        self.result.collection_errors.append(str(excrepr))

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the scenarios whose feature or name contains the selected text, in the selected order."""
        self._numbers = {item.nodeid: number for number, item in enumerate(items)}
        name = _comparable(self._selection.name)
        items[:] = self._selection.arrange(
            [(item.nodeid, item) for item in items if name in _comparable(_full_name(item))]
        )

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Tell the listeners the number of scenarios."""
        self.result.total = len(session.items)
        self.result.planned = [self._not_played(item) for item in session.items if isinstance(item, pytest.Function)]
        for listener in self._listeners:
            listener.begun(self.result)

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Keep what interrupted the run."""
        if not isinstance(excinfo.value, pytest.exit.Exception):
            self.result.interrupted = excinfo.value

    def _not_played(self, item: pytest.Function) -> ScenarioResult:
        """Return the result of a planned scenario until it is played."""
        template, example = scenario_wrapper_template_registry[item.obj], _example(item)
        return ScenarioResult(
            feature=template.feature.name or "",
            name=inserted(template.name, example),
            requirements=tuple(sorted(mark.name for mark in item.iter_markers() if mark.name in self._known)),
            example=dict(example),
            steps=[],
            verdict=Verdict.NOT_PLAYED,
            explanation="kørslen blev afbrudt",
            place=_place(template.feature, template.line_number),
            number=self._numbers[item.nodeid],
        )

    def pytest_bdd_before_scenario(self, request: pytest.FixtureRequest, feature: Feature, scenario: Scenario) -> None:
        """Begin a scenario."""
        example = _example(request.node)
        keys = tuple(sorted(mark.name for mark in request.node.iter_markers() if mark.name in self._known))
        self._current = ScenarioResult(
            feature=feature.name or "",
            name=inserted(scenario.name, example),
            requirements=keys,
            example=dict(example),
            steps=[
                StepRecord(f"{step.keyword} {inserted(step.name, example)}", place=_place(feature, step.line_number))
                for step in scenario.steps
            ],
            place=_place(feature, scenario.line_number),
        )
        self._step_numbers = {id(step): number for number, step in enumerate(scenario.steps)}

    def pytest_bdd_before_step(self, step: Step) -> None:
        """Begin a step."""
        if self._current is not None and id(step) in self._step_numbers:
            self._step = self._current.steps[self._step_numbers[id(step)]]

    def pytest_bdd_after_step(self, step: Step) -> None:
        """End a step without an error."""
        if self._step is not None and self._step.verdict is not Verdict.OMITTED:
            self._step.verdict = Verdict.PASSED

    def pytest_bdd_step_error(self, exception: Exception) -> None:
        """End a step with its exception."""
        if self._step is not None:
            self._step.verdict, self._step.explanation = _verdict(exception), _explanation(exception)

    def pytest_bdd_step_func_lookup_error(self, step: Step, exception: Exception) -> None:
        """End a step without a definition."""
        if self._current is not None and id(step) in self._step_numbers:
            record = self._current.steps[self._step_numbers[id(step)]]
            record.verdict, record.explanation = Verdict.ERRORED, str(exception)

    def pytest_vos_call(self, call: Call, response: Response, seconds: float) -> None:
        """Record a call as evidence of the current step."""
        if self._step is not None:
            self._step.calls.append(CallEvidence(call, response, seconds))

    def keep_observed(self, observed: ObservedCall) -> None:
        """Record a real system's call as evidence of the current step."""
        if self._step is not None:
            lenient = tuple(self._leniencies[key] for key in self._leniency_finder.find(observed.call))
            evidence = CallEvidence(observed.call, observed.response, observed.seconds, observed.read, lenient)
            self._step.calls.append(evidence)

    def pytest_vos_message(self, recipient: Organisation, message: Message) -> None:
        """Record a fetched message as evidence of the current step."""
        if self._step is not None:
            self._step.messages.append(MessageEvidence(str(recipient), message))

    def pytest_vos_step_omitted(self, reason: str) -> None:
        """Mark the current step as omitted; the scenario goes on."""
        if self._step is not None:
            self._step.verdict, self._step.explanation = Verdict.OMITTED, reason

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Give the scenario its verdict after its teardown."""
        self._current, self._step = None, None
        self._verdict, self._reason = Verdict.PASSED, ""
        begun = stopwatch.seconds()
        outcome = yield
        scenario = self._current or ScenarioResult(item.nodeid, item.name, (), {}, [])
        scenario.seconds = stopwatch.seconds() - begun
        scenario.number = self._numbers.get(item.nodeid, 0)
        scenario.verdict, scenario.explanation = self._verdict, self._reason
        text = "\n".join(step.text for step in scenario.steps)
        for step in scenario.steps:
            if step.calls or step.messages:
                step.facts = self._facts_reader.touched(step.text, step.calls, step.messages, text)
        self.result.scenarios.append(scenario)
        for listener in self._listeners:
            listener.scenario_played(self.result, scenario)
        return outcome

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Turn a skip into *omitted*, if the stage cannot play the scenario, or else into *skipped*."""
        if report.skipped and self._verdict is Verdict.PASSED and isinstance(report.longrepr, tuple):
            reason = report.longrepr[2].removeprefix("Skipped: ")
            self._verdict = Verdict.OMITTED if reason.startswith(MARK) else Verdict.SKIPPED
            self._reason = reason.removeprefix(MARK)

    def pytest_exception_interact(self, call: pytest.CallInfo[Any], report: object) -> None:
        """Take the verdict from the first exception of the scenario."""
        if call.excinfo is not None and self._verdict is Verdict.PASSED and isinstance(report, pytest.TestReport):
            self._verdict = _verdict(call.excinfo.value)
            self._reason = _explanation(call.excinfo.value)


class _NoExample:
    """Stands in for pytest's callspec of a scenario without examples."""

    params: Mapping[str, Mapping[str, str]] = {}


_NO_EXAMPLE = _NoExample()


def _example(item: pytest.Item) -> Mapping[str, str]:
    example: Mapping[str, str] = getattr(item, "callspec", _NO_EXAMPLE).params.get("_pytest_bdd_example", {})
    return example


def _full_name(item: pytest.Item) -> str:
    """Return feature and scenario name with the example inserted; pytest-bdd maps the test function to both."""
    if not isinstance(item, pytest.Function):
        return item.name
    template = scenario_wrapper_template_registry.get(item.obj)
    if template is None:
        return item.name
    return f"{template.feature.name} {inserted(template.name, _example(item))}"


def _comparable(text: str) -> str:
    """Return the text in one form: a terminal may write å as a letter and a ring of its own."""
    return unicodedata.normalize("NFC", text).casefold()


def _place(feature: Feature, line: int) -> str:
    """Return file and line, relative to the parent of the package: the same in a checkout and in an installation."""
    return f"{Path(feature.filename).relative_to(_SUITE.parent).as_posix()}:{line}"


def _verdict(error: BaseException) -> Verdict:
    return Verdict.FAILED if isinstance(error, BREACH) else Verdict.ERRORED


def _explanation(error: BaseException) -> str:
    """Return the first line of the message, without pytest's assertion details; with the type unless it is a breach."""
    text = next(iter(str(error).splitlines()), "")
    return text if isinstance(error, BREACH) and text else f"{type(error).__name__}: {text}"
