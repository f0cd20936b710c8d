"""What a run came to, as values: scenes, their steps, the calls and messages they rest on, and their verdict.

Filled by `run`, read by the console, the journal and the reports. Not here: how any of them looks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from generalproeve.run.evidence import CallEvidence, MessageEvidence
from generalproeve.run.touched.assumptions import AssumedNames, called_services
from generalproeve.run.touched.facts import Facts
from generalproeve.run.verdict import Verdict, combined
from generalproeve.settings.values import LATENCY_SINCE
from vos_simulators.parties import ROLES


@dataclass(slots=True)
class StepRecord:
    """One step as it was played."""

    text: str
    verdict: Verdict = Verdict.SKIPPED
    explanation: str = ""
    call: list[CallEvidence] = field(default_factory=list)
    messages: list[MessageEvidence] = field(default_factory=list)
    place: str = ""
    """File and line of the feature."""
    facts: tuple[Facts, ...] = ()
    """What it touches of the contract."""


@dataclass(slots=True)
class ScenarioResult:
    """One scene as it was played."""

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
    """Its place in the order of the files."""
    expected: str = ""
    """Why it was expected to come out as it did, where a file of expected differences says so."""

    @property
    def channel(self) -> str:
        """The channel of the example, where the scene has one."""
        return self.example.get("kanal", "")

    @property
    def registrant(self) -> str:
        """Who registers, where the example says so."""
        return self.example.get("registrant", self.example.get("rolle", ""))

    @property
    def parties(self) -> tuple[str, ...]:
        """Who takes part, as the steps name them."""
        return tuple(dict.fromkeys(finding for step in self.step for finding in _PARTIES.findall(step.text)))

    @property
    def services(self) -> tuple[str, ...]:
        """The services that the scene called."""
        return called_services(evidence.call.path for step in self.step for evidence in step.call)

    @property
    def facts(self) -> tuple[Facts, ...]:
        """What it touches of the contract, each fact once."""
        return tuple(dict.fromkeys(fact for step in self.step for fact in step.facts))

    @property
    def assumed(self) -> tuple[Facts, ...]:
        """The facts among them that are our choice."""
        return tuple(fact for fact in self.facts if fact.assumed)

    @property
    def wsrm(self) -> str:
        """What the queues said, in a line."""
        said = Counter(
            f"{evidence.recipient}: {_SHORT.get(evidence.message.message_type, evidence.message.message_type)} {evidence.message.topic}"
            for step in self.step
            for evidence in step.messages
        )
        return ", ".join(text if count == 1 else f"{text} ×{count}" for text, count in said.items())


_PARTIES = re.compile(rf"\b(?:{'|'.join(sorted(ROLES, key=len, reverse=True))})\b")
_SHORT = {
    "GetContactGroupVersion5": "KG5",
    "GetContactGroupVersion4": "KG4",
    "GetPersonCategoryVersion1": "PC1",
    "GetCprChanged": "CPR",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """What a run was played on: named in every report."""

    target: str
    release: str
    backend: str
    clock: datetime
    version: str
    contract_hash: str
    overlay: str | None
    overlay_changes: tuple[str, ...]
    assumptions: AssumedNames = field(default_factory=dict)
    rules: tuple[Facts, ...] = ()
    """Those that an explanation may name."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """What the run was made with, by name."""
    order: str = ""
    """The seed of the order that the scenes were played in, "" for that of the files."""
    latency: str = LATENCY_SINCE
    """The model by which the stage answered slowly when the run began."""

    def assumed(self, stage: ScenarioResult) -> Mapping[str, int]:
        """Count, per service that the scene called, the names that are our assumption."""
        return {service: len(self.assumptions.get(service, ())) for service in stage.services}


@dataclass(slots=True)
class Period:
    """A whole run."""

    frame: Frame
    scenarios: list[ScenarioResult] = field(default_factory=list)
    total: int = 0
    seconds: float = 0.0
    collection_errors: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        """The verdict of the whole."""
        return combined(stage.verdict for stage in self.scenarios)

    def count(self) -> Mapping[Verdict, int]:
        """Count scenes by verdict."""
        return Counter(stage.verdict for stage in self.scenarios)


class Listener(Protocol):
    """Hears a run as it goes."""

    def begun(self, course: Period) -> None:
        """The scenes are known."""

    def stage_played(self, course: Period, stage: ScenarioResult) -> None:
        """A scene has its verdict."""

    def ended(self, course: Period) -> None:
        """The run is over."""


Bell = Callable[[], float]
