"""Hold two runs against each other: which scenes came out otherwise, which are new and which are gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from generalproeve.report.reading import Key, Ran
from generalproeve.run.verdict import Verdict

_WORST_FIRST = tuple(Verdict)
FRAME = ("target", "release", "backend", "version", "contract", "overlay", "latency")


class Kind(StrEnum):
    """What became of a scene from the one run to the other."""

    WORSE = "værre"
    BETTER = "better"
    DIFFERENT = "different"
    NEW = "new"
    WAKE = "væk"


@dataclass(frozen=True, slots=True)
class ScenarioDifference:
    """One scene that came out otherwise; `before` or `now` None where the run did not play it."""

    variant: Kind
    feature: str
    stage: str
    before: Verdict | None
    now: Verdict | None
    explanation: str


def differences(a: Ran, b: Ran) -> list[ScenarioDifference]:
    """List them, in the order of the second run and then what is gone."""
    return list(_differences(a, b))


def frame_differences(a: Ran, b: Ran) -> list[tuple[str, str, str]]:
    """List what the runs were played on that is not the same: name, before, now."""
    return [(item, str(a.frame[item]), str(b.frame[item])) for item in FRAME if a.frame[item] != b.frame[item]]


def _differences(a: Ran, b: Ran) -> Iterator[ScenarioDifference]:
    for key, now in b.scenarios.items():
        before = a.scenarios.get(key)
        if before is None:
            yield _en(Kind.NEW, key, None, now.verdict, now.explanation)
        elif before.verdict is not now.verdict:
            yield _en(_variant(before.verdict, now.verdict), key, before.verdict, now.verdict, now.explanation)
        elif now.verdict is not Verdict.PASSED and before.explanation != now.explanation:
            yield _en(Kind.DIFFERENT, key, before.verdict, now.verdict, now.explanation)
    for key, before in a.scenarios.items():
        if key not in b.scenarios:
            yield _en(Kind.WAKE, key, before.verdict, None, "")


def _variant(before: Verdict, now: Verdict) -> Kind:
    bad_ones = {Verdict.FAILED, Verdict.ERRORED}
    if now in bad_ones and (before not in bad_ones or _WORST_FIRST.index(now) < _WORST_FIRST.index(before)):
        return Kind.WORSE
    if now is not Verdict.PASSED and before is Verdict.PASSED:
        return Kind.WORSE
    return Kind.BETTER if before in bad_ones or now is Verdict.PASSED else Kind.DIFFERENT


def _en(variant: Kind, key: Key, before: Verdict | None, now: Verdict | None, explanation: str) -> ScenarioDifference:
    return ScenarioDifference(variant, key[0], key[1], before, now, explanation)
