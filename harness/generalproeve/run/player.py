"""Play the scenes with pytest and turn what happens into a `Period`.

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
from generalproeve.cast.observations import ObservedCall
from generalproeve.cast.roles import ExternalParties, open_roles
from generalproeve.run.evidence import CallEvidence, MessageEvidence
from generalproeve.run.results import Frame, Listener, Period, ScenarioResult, StepRecord
from generalproeve.run.scenario_names import inserted
from generalproeve.run.selection import Selection
from generalproeve.run.touched.facts import FactsReader
from generalproeve.run.verdict import Verdict
from vos_contracts import requirements
from vos_contracts.base import stopwatch
from vos_contracts.contract import load
from vos_contracts.model.identity import Organisation
from vos_contracts.wire.base import Call, RemoteWireError, Response
from vos_contracts.wire.messages.wsrm import Message
from vos_features.omission import MARK
from vos_features.stage import StageAccess
from vos_simulators.inboxes.wsrm_poller import WsrmRefused
from vos_simulators.party import CastMembers

BREACH = (AssertionError, RemoteWireError, WsrmRefused)
"""What a step raises when it has observed that the contract is broken."""

WHOLE = Selection()
_PACKET = Path(vos_features.__file__).parent


def scenario(
    stage: StageAccess,
    frame: Frame,
    listeners: Sequence[Listener],
    selection: Selection = WHOLE,
    cast: ExternalParties | None = None,
) -> Period:
    """Play the chosen scenes on that stage.

    `cast` are the real systems among the cast.
    """
    run = Run(stage, replace(frame, order=selection.order), listeners, selection)
    arguments = [
        "-c",
        str(_PACKET / "scenarios.ini"),
        str(_PACKET / "test_scenarios.py"),
        "-p",
        "no:terminal",
        "--capture=no",
    ]
    if selection.keys:
        arguments += ["-m", " or ".join(selection.keys)]
    begun = stopwatch.seconds()
    with contextlib.ExitStack() as open:
        if cast is not None:
            roles = open_roles(cast, stage, run.current_step, run.keep_observed)
            run.cast_members = open.enter_context(roles)
        pytest.main(arguments, plugins=[run])
    run.course.seconds = stopwatch.seconds() - begun
    run.course.scenarios.sort(key=lambda stage: stage.number)
    for listener in listeners:
        listener.ended(run.course)
    return run.course


class Run:
    """The plugin of one run."""

    def __init__(
        self, stage: StageAccess, frame: Frame, listeners: Sequence[Listener], selection: Selection = WHOLE
    ) -> None:
        self._stage = stage
        self.cast_members: Mapping[str, CastMembers] = {}
        self.course = Period(frame)
        self._selection = selection
        self._numbers: dict[str, int] = {}
        self._listeners = listeners
        self._known = frozenset(requirements.load())
        self._facts_reader = FactsReader(load(stage.contract))
        self._current: ScenarioResult | None = None
        self._step: StepRecord | None = None

    def pytest_vos_stage(self) -> StageAccess:
        """Tell the suite which stage it plays on."""
        return self._stage

    def pytest_vos_cast_members(self) -> Mapping[str, CastMembers]:
        """Give the real systems among the cast."""
        return self.cast_members

    def current_step(self) -> str:
        """Return the words of the step that is played."""
        return "" if self._step is None else self._step.text

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember why scenes could not be collected."""
        if report.failed:
            self.course.collection_errors.append(str(report.longrepr))

    def pytest_internalerror(self, excrepr: object) -> None:
        """Remember why pytest itself could not go on."""
        self.course.collection_errors.append(str(excrepr))

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave the scenes whose feature or name, examples put in, holds the text that was asked for, in the order asked."""
        self._numbers = {item.nodeid: number for number, item in enumerate(items)}
        name = self._selection.name.casefold()
        items[:] = self._selection.arrange(
            [(item.nodeid, item) for item in items if name in _fully_name(item).casefold()]
        )

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Tell the listeners how many scenes there are."""
        self.course.total = len(session.items)
        for listener in self._listeners:
            listener.begun(self.course)

    def pytest_bdd_before_scenario(self, request: pytest.FixtureRequest, feature: Feature, scenario: Scenario) -> None:
        """Begin a scene."""
        example = _example(request.node)
        keys = tuple(sorted(mark.name for mark in request.node.iter_markers() if mark.name in self._known))
        self._current = ScenarioResult(
            feature=feature.name or "",
            name=inserted(scenario.name, example),
            requirement=keys,
            example=dict(example),
            step=[
                StepRecord(f"{step.keyword} {inserted(step.name, example)}", place=_place(feature, step.line_number))
                for step in scenario.steps
            ],
            place=_place(feature, scenario.line_number),
        )
        self._step_numbers = {id(step): number for number, step in enumerate(scenario.steps)}

    def pytest_bdd_before_step(self, step: Step) -> None:
        """Begin a step."""
        if self._current is not None and id(step) in self._step_numbers:
            self._step = self._current.step[self._step_numbers[id(step)]]

    def pytest_bdd_after_step(self, step: Step) -> None:
        """End a step that did what it says."""
        if self._step is not None and self._step.verdict is not Verdict.OMITTED:
            self._step.verdict = Verdict.PASSED

    def pytest_bdd_step_error(self, exception: Exception) -> None:
        """End a step that did not."""
        if self._step is not None:
            self._step.verdict, self._step.explanation = _verdict(exception), _explanation(exception)

    def pytest_bdd_step_func_lookup_error(self, step: Step, exception: Exception) -> None:
        """End a step that nobody can play."""
        if self._current is not None and id(step) in self._step_numbers:
            record = self._current.step[self._step_numbers[id(step)]]
            record.verdict, record.explanation = Verdict.ERRORED, str(exception)

    def pytest_vos_call(self, call: Call, response: Response, seconds: float) -> None:
        """Keep a call as evidence of the step."""
        if self._step is not None:
            self._step.call.append(CallEvidence(call, response, seconds))

    def keep_observed(self, observed: ObservedCall) -> None:
        """Keep a real system's call as evidence of the step."""
        if self._step is not None:
            evidence = CallEvidence(observed.call, observed.response, observed.seconds, observed.read)
            self._step.call.append(evidence)

    def pytest_vos_message(self, recipient: Organisation, message: Message) -> None:
        """Keep a message as evidence of the step."""
        if self._step is not None:
            self._step.messages.append(MessageEvidence(str(recipient), message))

    def pytest_vos_step_omitted(self, reason: str) -> None:
        """Let the step be seen as left out, though the scene goes on."""
        if self._step is not None:
            self._step.verdict, self._step.explanation = Verdict.OMITTED, reason

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Give the scene its verdict when everything of it is over."""
        self._current, self._step = None, None
        self._verdict, self._reason = Verdict.PASSED, ""
        begun = stopwatch.seconds()
        response = yield
        stage = self._current or ScenarioResult(item.nodeid, item.name, (), {}, [])
        stage.seconds = stopwatch.seconds() - begun
        stage.number = self._numbers.get(item.nodeid, 0)
        stage.verdict, stage.explanation = self._verdict, self._reason
        word_ = "\n".join(step.text for step in stage.step)
        for step in stage.step:
            if step.call or step.messages:
                step.facts = self._facts_reader.touched(step.text, step.call, step.messages, word_)
        self.course.scenarios.append(stage)
        for listener in self._listeners:
            listener.stage_played(self.course, stage)
        return response

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A scene that this stage cannot play is omitted, with the reason; any other skip is one."""
        if report.skipped and self._verdict is Verdict.PASSED and isinstance(report.longrepr, tuple):
            reason = report.longrepr[2].removeprefix("Skipped: ")
            self._verdict = Verdict.OMITTED if reason.startswith(MARK) else Verdict.SKIPPED
            self._reason = reason.removeprefix(MARK)

    def pytest_exception_interact(self, call: pytest.CallInfo[Any], report: object) -> None:
        """Judge what stopped a scene: the first that did."""
        if call.excinfo is not None and self._verdict is Verdict.PASSED and isinstance(report, pytest.TestReport):
            self._verdict = _verdict(call.excinfo.value)
            self._reason = _explanation(call.excinfo.value)


class _Nothing:
    params: Mapping[str, Mapping[str, str]] = {}


_NOTHING = _Nothing()


def _example(item: pytest.Item) -> Mapping[str, str]:
    example: Mapping[str, str] = getattr(item, "callspec", _NOTHING).params.get("_pytest_bdd_example", {})
    return example


def _fully_name(item: pytest.Item) -> str:
    """Return feature and scene with the example put in; pytest-bdd knows both by the test function."""
    if not isinstance(item, pytest.Function):
        return item.name
    stage = scenario_wrapper_template_registry.get(item.obj)
    if stage is None:
        return item.name
    return f"{stage.feature.name} {inserted(stage.name, _example(item))}"


def _place(feature: Feature, line: int) -> str:
    """Say where it stands, from the package on: the same in a checkout and where we are installed."""
    return f"{Path(feature.filename).relative_to(_PACKET.parent).as_posix()}:{line}"


def _verdict(errors: BaseException) -> Verdict:
    return Verdict.FAILED if isinstance(errors, BREACH) else Verdict.ERRORED


def _explanation(errors: BaseException) -> str:
    """Return the explanation: a step's own words where it has some, without pytest's dissection."""
    linjer = str(errors).splitlines()
    text = linjer[0] if linjer else ""
    return text if isinstance(errors, BREACH) and text else f"{type(errors).__name__}: {text}"
