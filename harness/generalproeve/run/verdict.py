"""Verdicts and their precedence: what a scene, a feature or a run comes to (DESIGN rule 2)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """The five verdicts; *failed* only for an observed breach, *errored* when we could not observe."""

    FAILED = "failed"
    ERRORED = "errored"
    PASSED = "passed"
    SKIPPED = "skipped"
    OMITTED = "omitted"

    @property
    def danish(self) -> str:
        """The verdict in the words of the report."""
        return _DANISH[self]


_DANISH = {
    Verdict.FAILED: "brud",
    Verdict.ERRORED: "kunne ikke afgøres",
    Verdict.PASSED: "bestået",
    Verdict.SKIPPED: "sprunget over",
    Verdict.OMITTED: "udeladt",
}


def combined(verdict: Iterable[Verdict]) -> Verdict:
    """Return the verdict of a whole: the first in the order of the enumeration; nothing at all is omitted."""
    everyone = set(verdict)
    return next((item for item in Verdict if item in everyone), Verdict.OMITTED)
