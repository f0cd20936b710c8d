"""The results of a run: scenarios, their steps, the evidence of each step, and the verdicts.

Filled by `player`, read by the console, the journal and the reports. Not here: their layout.
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
    """The result of one step."""

    text: str
    verdict: Verdict = Verdict.SKIPPED
    explanation: str = ""
    call: list[CallEvidence] = field(default_factory=list)
    messages: list[MessageEvidence] = field(default_factory=list)
    place: str = ""
    """File and line of the feature."""
    facts: tuple[Fact, ...] = ()
    """The facts of the contract that it depends on."""


@dataclass(slots=True)
class ScenarioResult:
    """The result of one scenario."""

    feature: str
    name: str
    requirement: tuple[str, ...]
    example: Mapping[str, str]
    step: list[StepRecord]
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
        """The channel in the example, or ""."""
        return self.example.get("kanal", "")

    @property
    def registrant(self) -> str:
        """The registering role in the example, or ""."""
        return self.example.get("registrant", self.example.get("rolle", ""))

    @property
    def parties(self) -> tuple[str, ...]:
        """The roles that the steps name."""
        return tuple(dict.fromkeys(name for step in self.step for name in _PARTIES.findall(step.text)))

    @property
    def services(self) -> tuple[str, ...]:
        """The services that the scenario called."""
        return called_services(evidence.call.path for step in self.step for evidence in step.call)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts of the contract that it depends on, each once."""
        return tuple(dict.fromkeys(fact for step in self.step for fact in step.facts))

    @property
    def assumed(self) -> tuple[Fact, ...]:
        """The assumed facts among them."""
        return tuple(fact for fact in self.facts if fact.assumed)

    @property
    def wsrm(self) -> str:
        """The fetched messages in one line, for the console."""
        messages: Counter[str] = Counter()
        for step in self.step:
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
class Frame:
    """The description of a run's target and versions, named in every report."""

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
    """The seed of a random order, "" for the order of the files."""
    latency: str = LATENCY_OFF
    """The latency model of the stage when the run began."""

    def assumed(self, scenario: ScenarioResult) -> Mapping[str, int]:
        """Count the assumed names on the wire, per service that the scenario called."""
        return {service: len(self.assumptions.get(service, ())) for service in scenario.services}


@dataclass(slots=True)
class RunResult:
    """The result of a whole run; `total` is known before the scenarios are played."""

    frame: Frame
    scenarios: list[ScenarioResult] = field(default_factory=list)
    total: int = 0
    seconds: float = 0.0
    collection_errors: list[str] = field(default_factory=list)
    planned: list[ScenarioResult] = field(default_factory=list)
    """The selected scenarios, each as not played."""
    interrupted: BaseException | None = None
    """What interrupted the run: Ctrl-C or a signal."""

    @property
    def verdict(self) -> Verdict:
        """The verdict of the run."""
        return combined(scenario.verdict for scenario in self.scenarios)

    def leniencies(self) -> Mapping[Leniency, int]:
        """Count the calls of real systems by the leniency that they use."""
        steps = (step for scenario in self.scenarios for step in scenario.step)
        return Counter(leniency for step in steps for evidence in step.call for leniency in evidence.lenient)

    def count(self) -> Mapping[Verdict, int]:
        """Count the scenarios by verdict."""
        return Counter(scenario.verdict for scenario in self.scenarios)


class RunListener(Protocol):
    """Is told of a run as it progresses."""

    def begun(self, run: RunResult) -> None:
        """The number of scenarios is known."""

    def scenario_played(self, run: RunResult, scenario: ScenarioResult) -> None:
        """A scenario has its verdict."""

    def ended(self, run: RunResult) -> None:
        """The run is over."""


def scenarios(count: int) -> str:
    """Return a number of scenarios in Danish."""
    return f"{count} {'scenarie' if count == 1 else 'scenarier'}"
