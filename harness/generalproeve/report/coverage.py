"""How far a run carries the epic: for each requirement the verdicts of its scenes, and for each party how its rows came out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from generalproeve.run.results import ScenarioResult
from generalproeve.run.verdict import Verdict, combined
from vos_contracts import requirements
from vos_contracts.requirements import Requirement, Status


class State(StrEnum):
    """How a requirement came out, in the words of the report."""

    CARRIED = "båret og bestået"
    BROKEN = "båret og ikke bestået"
    OMITTED = "udeladt her"
    NOT_PLAYED = "ikke spillet"
    NOT_TESTED = "testes ikke"


@dataclass(frozen=True, slots=True)
class Covered:
    """One requirement and the verdicts of its scenes."""

    requirement: Requirement
    verdict: Sequence[Verdict]

    @property
    def standing(self) -> State:
        """How it came out."""
        if self.requirement.status is not Status.SCENARIO:
            return State.NOT_TESTED
        match combined(self.verdict) if self.verdict else None:
            case None:
                return State.NOT_PLAYED
            case Verdict.FAILED | Verdict.ERRORED:
                return State.BROKEN
            case Verdict.PASSED:
                return State.CARRIED
            case Verdict.SKIPPED | Verdict.OMITTED:
                return State.OMITTED


def coverage(scenarios: Sequence[ScenarioResult]) -> list[Covered]:
    """List every requirement of the epic."""
    after: dict[str, list[Verdict]] = {}
    for stage in scenarios:
        for key in stage.requirement:
            after.setdefault(key, []).append(stage.verdict)
    return [Covered(item, after.get(key, ())) for key, item in requirements.load().items()]


def per_part(covered: Sequence[Covered]) -> Mapping[str, Mapping[State, int]]:
    """Count, for each party that the epic says a row is relevant for, how its rows came out."""
    counted: dict[str, Counter[State]] = {}
    for item in covered:
        for part in item.requirement.relevant_for.split():
            counted.setdefault(part, Counter())[item.standing] += 1
    return dict(sorted(counted.items()))
