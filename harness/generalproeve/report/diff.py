"""Compare two runs: which scenarios changed verdict or explanation, which are new, and which are gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from generalproeve.report.reading import EarlierRun, ScenarioKey
from generalproeve.run.verdict import Verdict

_WORST_FIRST = tuple(Verdict)
_BAD = frozenset({Verdict.FAILED, Verdict.ERRORED})
COMPARED_FIELDS = ("target", "release", "backend", "version", "contract", "overlay", "latency")
"""The fields of a run's description that are compared: all but the clock, the order and the library versions."""


class ChangeKind(StrEnum):
    """How a scenario of one run compares with the same scenario of the other."""

    WORSE = "worse"
    BETTER = "better"
    DIFFERENT = "different"
    NEW = "new"
    GONE = "gone"

    @property
    def danish(self) -> str:
        """The kind in the words of the report."""
        return _DANISH[self]


_DANISH = {
    ChangeKind.WORSE: "værre",
    ChangeKind.BETTER: "bedre",
    ChangeKind.DIFFERENT: "anderledes",
    ChangeKind.NEW: "ny",
    ChangeKind.GONE: "væk",
}


@dataclass(frozen=True, slots=True)
class ScenarioDifference:
    """One scenario that changed; `before` or `after` is None if that run did not play it."""

    kind: ChangeKind
    feature: str
    scenario: str
    before: Verdict | None
    after: Verdict | None
    explanation: str


def differences(a: EarlierRun, b: EarlierRun) -> list[ScenarioDifference]:
    """List the changes from run `a` to run `b`, in the order of `b`, then the scenarios that `b` does not have."""
    return list(_differences(a, b))


def description_differences(a: EarlierRun, b: EarlierRun) -> list[tuple[str, str, str]]:
    """List the compared fields of the runs' descriptions that differ, as (name, before, after)."""
    pairs = ((name, a.description[name], b.description[name]) for name in COMPARED_FIELDS)
    return [(name, str(before), str(after)) for name, before, after in pairs if before != after]


def _differences(a: EarlierRun, b: EarlierRun) -> Iterator[ScenarioDifference]:
    for key, after in b.scenarios.items():
        before = a.scenarios.get(key)
        if before is None:
            yield _difference(ChangeKind.NEW, key, None, after.verdict, after.explanation)
        elif before.verdict is not after.verdict:
            kind = _kind(before.verdict, after.verdict)
            yield _difference(kind, key, before.verdict, after.verdict, after.explanation)
        elif after.verdict is not Verdict.PASSED and before.explanation != after.explanation:
            yield _difference(ChangeKind.DIFFERENT, key, before.verdict, after.verdict, after.explanation)
    for key, before in a.scenarios.items():
        if key not in b.scenarios:
            yield _difference(ChangeKind.GONE, key, before.verdict, None, "")


def _kind(before: Verdict, after: Verdict) -> ChangeKind:
    if after in _BAD and (before not in _BAD or _WORST_FIRST.index(after) < _WORST_FIRST.index(before)):
        return ChangeKind.WORSE
    if after is not Verdict.PASSED and before is Verdict.PASSED:
        return ChangeKind.WORSE
    return ChangeKind.BETTER if before in _BAD or after is Verdict.PASSED else ChangeKind.DIFFERENT


def _difference(
    kind: ChangeKind, key: ScenarioKey, before: Verdict | None, after: Verdict | None, explanation: str
) -> ScenarioDifference:
    return ScenarioDifference(kind, key[0], key[1], before, after, explanation)
