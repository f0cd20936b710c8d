"""The result of a run: its scenarios, their steps, the evidence of each step, and the verdicts.

`player` fills the results; the console, the journal and the reports read them. The layout of reports is in `report`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from generalproeve.run.evidence import CallEvidence, MessageEvidence
from generalproeve.run.touched.facts import AssumedNames, Fact, called_services
from generalproeve.run.verdict import Verdict, combined
from generalproeve.settings.values import LATENCY_OFF
from vos_contracts.wire.leniency import Leniency
from vos_simulators.parties import ROLES


@dataclass(slots=True)
class StepRecord:
    """The verdict of one step, and its evidence."""

    text: str
    verdict: Verdict = Verdict.SKIPPED
    explanation: str = ""
    calls: list[CallEvidence] = field(default_factory=list)
    messages: list[MessageEvidence] = field(default_factory=list)
    place: str = ""
    """File and line of the feature."""
    facts: tuple[Fact, ...] = ()
    """The facts of the contract that the step depends on."""


@dataclass(slots=True)
class ScenarioResult:
    """The verdict of one scenario, and the records of its steps."""

    feature: str
    name: str
    requirements: tuple[str, ...]
    """Keys of the requirements that the scenario covers."""
    example: Mapping[str, str]
    """The row of the outline's examples by column name; empty for a scenario without an outline."""
    steps: list[StepRecord]
    verdict: Verdict = Verdict.SKIPPED
    explanation: str = ""
    seconds: float = 0.0
    place: str = ""
    """File and line of the feature."""
    number: int = 0
    """Its position in the order of the feature files."""
    expected: str = ""
    """The reason in the file of expected differences, if the outcome was expected there."""

    @property
    def channel(self) -> str:
        """The channel that the example names, "" if it names none."""
        return self.example.get("kanal", "")

    @property
    def registrant(self) -> str:
        """The registering role that the example names, "" if it names none."""
        return self.example.get("registrant", self.example.get("rolle", ""))

    @property
    def parties(self) -> tuple[str, ...]:
        """The roles that the steps name."""
        return tuple(dict.fromkeys(name for step in self.steps for name in _PARTIES.findall(step.text)))

    @property
    def services(self) -> tuple[str, ...]:
        """The services that the scenario called."""
        return called_services(evidence.call.path for step in self.steps for evidence in step.calls)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts of the contract that the scenario depends on, without duplicates."""
        return tuple(dict.fromkeys(fact for step in self.steps for fact in step.facts))

    @property
    def assumed(self) -> tuple[Fact, ...]:
        """The facts of the scenario that are assumed, not documented."""
        return tuple(fact for fact in self.facts if fact.assumed)

    @property
    def fetched_messages(self) -> str:
        """The messages fetched from WSRM queues, in one line."""
        messages: Counter[str] = Counter()
        for step in self.steps:
            for evidence in step.messages:
                kind = evidence.message.message_type
                messages[f"{evidence.recipient}: {_SHORT.get(kind, kind)} {evidence.message.topic}"] += 1
        return ", ".join(text if count == 1 else f"{text} ×{count}" for text, count in messages.items())


_PARTIES = re.compile(rf"\b(?:{'|'.join(sorted(ROLES, key=len, reverse=True))})\b")
_SHORT = {
    "GetContactGroupVersion5": "KG5",
    "GetContactGroupVersion4": "KG4",
    "GetPersonCategoryVersion1": "PC1",
    "GetCprChanged": "CPR",
}


@dataclass(frozen=True, slots=True)
class RunDescription:
    """The target of a run and the versions that were used, as every report states them."""

    target: str
    release: str
    backend: str
    clock: datetime
    version: str
    contract_hash: str
    overlay: str | None
    overlay_changes: tuple[str, ...]
    assumptions: AssumedNames = field(default_factory=dict)
    rules: tuple[Fact, ...] = ()
    """The facts that an explanation may cite."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """Versions of Python and the libraries, by name."""
    order: str = ""
    """The seed of a random order; "" for the order of the feature files."""
    latency: str = LATENCY_OFF
    """The name of the latency model that the stage had when the run began."""

    def assumed(self, scenario: ScenarioResult) -> Mapping[str, int]:
        """Count the assumed names on the wire, per service that the scenario called."""
        return {service: len(self.assumptions.get(service, ())) for service in scenario.services}


@dataclass(slots=True)
class RunResult:
    """The result of a whole run; `total` is known before the scenarios are played."""

    description: RunDescription
    scenarios: list[ScenarioResult] = field(default_factory=list)
    total: int = 0
    seconds: float = 0.0
    collection_errors: list[str] = field(default_factory=list)
    planned: list[ScenarioResult] = field(default_factory=list)
    """The selected scenarios, each with the verdict *not played*."""
    interrupted: BaseException | None = None
    """The exception that interrupted the run (Ctrl-C or a signal)."""

    @property
    def verdict(self) -> Verdict:
        """The verdict with the highest precedence among the scenarios."""
        return combined(scenario.verdict for scenario in self.scenarios)

    def leniencies(self) -> Mapping[Leniency, int]:
        """Count the calls of real systems by the leniency that they use."""
        steps = (step for scenario in self.scenarios for step in scenario.steps)
        return Counter(leniency for step in steps for evidence in step.calls for leniency in evidence.lenient)

    def count(self) -> Mapping[Verdict, int]:
        """Count the scenarios by verdict."""
        return Counter(scenario.verdict for scenario in self.scenarios)


class RunListener(Protocol):
    """A listener that is called as a run progresses."""

    def begun(self, run: RunResult) -> None:
        """Called once, when the number of scenarios is known."""

    def scenario_played(self, run: RunResult, scenario: ScenarioResult) -> None:
        """Called after each scenario, with its verdict set."""

    def ended(self, run: RunResult) -> None:
        """Called once, when the run is over."""


def scenarios(count: int) -> str:
    """Return a number of scenarios in Danish."""
    return f"{count} {'scenarie' if count == 1 else 'scenarier'}"
