"""The verdicts of steps, scenarios and runs, and their precedence (DECISIONS.md)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """The verdicts in order of precedence; *failed* is an observed breach, *errored* means that none could be observed.

    *not played* is a scenario that a run was to play and did not, because it was interrupted.
    """

    FAILED = "failed"
    ERRORED = "errored"
    NOT_PLAYED = "not_played"
    PASSED = "passed"
    SKIPPED = "skipped"
    OMITTED = "omitted"

    @property
    def danish(self) -> str:
        """The Danish rendering in reports."""
        return _DANISH[self]


_DANISH = {
    Verdict.FAILED: "brud",
    Verdict.ERRORED: "kunne ikke afgøres",
    Verdict.NOT_PLAYED: "ikke spillet",
    Verdict.PASSED: "bestået",
    Verdict.SKIPPED: "sprunget over",
    Verdict.OMITTED: "udeladt",
}


def combined(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict with the highest precedence; OMITTED if there are none."""
    return min(verdicts, key=list(Verdict).index, default=Verdict.OMITTED)
