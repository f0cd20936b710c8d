"""How much of the epic a run covers: the verdicts behind each requirement, and the counts for each party."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from generalproeve.run.results import ScenarioResult
from generalproeve.run.verdict import Verdict, combined
from vos_contracts import requirements
from vos_contracts.requirements import Requirement, RequirementStatus


class CoverageState(StrEnum):
    """What a run came to for one requirement."""

    PASSED = "passed"
    FAILED = "failed"
    OMITTED = "omitted"
    NOT_PLAYED = "not_played"
    NOT_TESTED = "not_tested"

    @property
    def danish(self) -> str:
        """The state in the words of the report."""
        return _DANISH[self]


_DANISH = {
    CoverageState.PASSED: "båret og bestået",
    CoverageState.FAILED: "båret og ikke bestået",
    CoverageState.OMITTED: "udeladt her",
    CoverageState.NOT_PLAYED: "ikke spillet",
    CoverageState.NOT_TESTED: "testes ikke",
}


@dataclass(frozen=True, slots=True)
class RequirementCoverage:
    """One requirement and the verdicts of the scenarios that carry it."""

    requirement: Requirement
    verdicts: Sequence[Verdict]

    @property
    def state(self) -> CoverageState:
        """What the verdicts come to; a requirement that no scenario can show is not tested."""
        if self.requirement.status is not RequirementStatus.SCENARIO:
            return CoverageState.NOT_TESTED
        match combined(self.verdicts) if self.verdicts else None:
            case None | Verdict.NOT_PLAYED:
                return CoverageState.NOT_PLAYED
            case Verdict.FAILED | Verdict.ERRORED:
                return CoverageState.FAILED
            case Verdict.PASSED:
                return CoverageState.PASSED
            case Verdict.SKIPPED | Verdict.OMITTED:
                return CoverageState.OMITTED


def coverage(scenarios: Sequence[ScenarioResult]) -> list[RequirementCoverage]:
    """List every requirement of the epic with the verdicts of its scenarios."""
    verdicts: dict[str, list[Verdict]] = {}
    for scenario in scenarios:
        for key in scenario.requirements:
            verdicts.setdefault(key, []).append(scenario.verdict)
    return [RequirementCoverage(requirement, verdicts.get(key, ())) for key, requirement in requirements.load().items()]


def count_by_party(covered: Sequence[RequirementCoverage]) -> Mapping[str, Mapping[CoverageState, int]]:
    """Count, for each party that the epic names as relevant, its requirements by state."""
    counts: dict[str, Counter[CoverageState]] = {}
    for row in covered:
        for party in row.requirement.relevant_for.split():
            counts.setdefault(party, Counter())[row.state] += 1
    return dict(sorted(counts.items()))
