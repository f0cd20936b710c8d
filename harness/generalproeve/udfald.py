"""Verdicts and their precedence: what a scene, a feature or a run comes to (DESIGN rule 2)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Udfald(StrEnum):
    """The five verdicts; *failed* only for an observed breach, *errored* when we could not observe."""

    FAILED = "failed"
    ERRORED = "errored"
    PASSED = "passed"
    SKIPPED = "skipped"
    OMITTED = "omitted"

    @property
    def dansk(self) -> str:
        """The verdict in the words of the report."""
        return _DANSK[self]


_DANSK = {
    Udfald.FAILED: "brud",
    Udfald.ERRORED: "kunne ikke afgøres",
    Udfald.PASSED: "bestået",
    Udfald.SKIPPED: "sprunget over",
    Udfald.OMITTED: "udeladt",
}


def samlet(udfald: Iterable[Udfald]) -> Udfald:
    """Return the verdict of a whole: the first in the order of the enumeration; nothing at all is omitted."""
    alle = set(udfald)
    return next((et for et in Udfald if et in alle), Udfald.OMITTED)
