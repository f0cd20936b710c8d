"""Play scenarios against misbehaving references in this process, one after the other, through the real run.

Standard input is JSON, `[[reference, [scenario, ...] or null], ...]`, "" for the correct reference and null for every scenario;
standard output has one line of JSON per reference: number, verdict, scenario, requirements, explanation, and what it reveals.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import pytest
from pytest_bdd.scenario import scenario_wrapper_template_registry

from generalproeve.run import player
from generalproeve.run.results import RunDescription, RunResult, ScenarioResult
from generalproeve.run.selection import Selection, inserted
from generalproeve.settings.stage import StageSettings
from generalproeve.settings.target import REHEARSAL_DAY
from generalproeve.stage.stage import embedded
from support import misbehaving
from support.misbehaving.bending import Trace

T = TypeVar("T")


@dataclass(frozen=True)
class Named(Selection):
    """The scenarios with those titles, in the order of the feature files."""

    titles: frozenset[str] = frozenset()

    def arrange(self, scenarios: Sequence[tuple[str, T]]) -> list[T]:
        """Return those with the titles."""
        return [item for _, item in scenarios if isinstance(item, pytest.Function) and _title(item) in self.titles]


class Tracer:
    """Notes, for each scenario, which misbehaving references have a replaced function that it calls."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self.revealed: dict[int, list[str]] = {}

    def begun(self, run: RunResult) -> None:
        """Forget what the start of the stage called."""
        self._trace.take()

    def scenario_played(self, run: RunResult, scenario: ScenarioResult) -> None:
        """Note what was called since the scenario before."""
        self.revealed[scenario.number] = sorted(self._trace.take())

    def ended(self, run: RunResult) -> None:
        """Nothing is left to note."""


def _titled(feature: str, name: str, values: Sequence[str]) -> str:
    return f"{feature}: {name} ({', '.join(values)})" if values else f"{feature}: {name}"


def _title(item: pytest.Function) -> str:
    template = scenario_wrapper_template_registry[item.obj]
    example = item.callspec.params.get("_pytest_bdd_example", {}) if hasattr(item, "callspec") else {}
    return _titled(template.feature.name or "", inserted(template.name, example), list(example.values()))


def _play(name: str, titles: Sequence[str] | None) -> list[list[object]]:
    misbehaving.trace = trace = Trace()
    tracer = Tracer(trace)
    builder = f"support.misbehaving:{name or 'trace'}"
    with embedded(StageSettings(port=0, control_port=0, clock=REHEARSAL_DAY), builder=builder) as stage:
        description = RunDescription("t", "2024-4", "converter", REHEARSAL_DAY, "0", "h", None, ())
        selection = Selection() if titles is None else Named(titles=frozenset(titles))
        run = player.play(stage.stage, description, [tracer], selection)
    assert not run.collection_errors, run.collection_errors
    return [
        [
            result.number,
            result.verdict,
            _titled(result.feature, result.name, list(result.example.values())),
            result.requirements,
            result.explanation,
            tracer.revealed[result.number],
        ]
        for result in run.scenarios
    ]


if __name__ == "__main__":
    for reference, chosen in json.load(sys.stdin):
        print(json.dumps(_play(reference, chosen)), flush=True)  # noqa: T201 - read by the process that started this one
