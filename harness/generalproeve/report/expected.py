"""Expected differences: a file of what a real environment is known to do otherwise, and why; no entry of it may be stale.

[[difference]]
feature = "Fejlkoder bevares"
scene = "En død borger kan der ikke registreres på via PRS"
verdict = "failed"
reason = "STAR's case 1234: 4404 instead of 4405"
contains = "4404"                # optional: what the explanation must hold
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import msgspec

from generalproeve.base.exit_codes import CannotRun
from generalproeve.base.masking import mask
from generalproeve.report.reading import Ran
from generalproeve.run.results import Period, ScenarioResult
from generalproeve.run.verdict import Verdict


class Expectation(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One entry of the file."""

    feature: str
    stage: str
    verdict: Verdict
    reason: str
    contains: str = ""

    def is_valid(self, stage: ScenarioResult) -> bool:
        """Say whether it is about that scene."""
        return (self.feature, self.stage) == (stage.feature, stage.name)

    def holds(self, stage: ScenarioResult) -> bool:
        """Say whether the scene came out as it says."""
        return stage.verdict is self.verdict and self.contains in mask(stage.explanation)


class _File(msgspec.Struct, forbid_unknown_fields=True):
    difference: tuple[Expectation, ...] = ()


@dataclass(frozen=True, slots=True)
class Accounted:
    """A run against its expectations: those that hold, those that are stale and why, and breaches that nobody expected."""

    held: Sequence[tuple[Expectation, ScenarioResult]]
    stale: Sequence[tuple[Expectation, str]]
    unexpected: Sequence[ScenarioResult]
    never_played: int

    def linjer(self) -> Iterator[str]:
        """Say it in lines."""
        for item, stage in self.held:
            yield f"FORVENTET: {stage.name}: {stage.verdict.danish}, fordi {item.reason}"
        for item, why in self.stale:
            yield f"FORÆLDET FORVENTNING: {item.feature}: {item.stage}: {why}"
        if self.never_played:
            yield f"{self.never_played} scener blev aldrig spillet"


def read(file: Path) -> tuple[Expectation, ...]:
    """Read the file; errors: CannotRun naming file, key and rule."""
    try:
        content = msgspec.convert(tomllib.loads(file.read_text("utf-8")), _File)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as exc:
        raise CannotRun(f"{file}: {exc}") from None
    for item in content.difference:
        if not item.reason.strip():
            raise CannotRun(f"{file}: {item.stage}: reason: must say why")
        if item.verdict is Verdict.PASSED:
            raise CannotRun(f"{file}: {item.stage}: verdict: passed is no difference")
    return content.difference


def know(file: Path, expected_ones: Sequence[Expectation], scenarios: Iterable[tuple[str, str]]) -> None:
    """Refuse an entry about a scene that there is not; errors: CannotRun naming it, and the nearest there is."""
    known = set(scenarios)
    for one in expected_ones:
        if (one.feature, one.stage) not in known:
            near = get_close_matches(f"{one.feature}: {one.stage}", [f"{what}: {stage}" for what, stage in known], 1)
            advice = f"; the nearest is {near[0]}" if near else ""
            raise CannotRun(f"{file}: {one.feature}: {one.stage}: there is no such scene{advice}")


def account(course: Period, expected_ones: Sequence[Expectation], *, only_played: bool = False) -> Accounted:
    """Hold the run against the file, and mark the scenes that came out as expected.

    `only_played`: the run was to play some scenes only, and entries about others are not stale.
    """
    held: list[tuple[Expectation, ScenarioResult]] = []
    stale: list[tuple[Expectation, str]] = []
    for one in expected_ones:
        about = [stage for stage in course.scenarios if one.is_valid(stage)]
        matches = [stage for stage in about if one.holds(stage)]
        if not about and only_played:
            continue
        for stage in matches:
            stage.expected = one.reason
        if matches:
            held += [(one, stage) for stage in matches]
        else:
            found = ", ".join(f"{stage.verdict} {mask(stage.explanation)}".strip() for stage in about)
            stale.append((one, f"came out as: {found}" if about else "never ran"))
    known = {id(stage) for _, stage in held}
    bad_ones = {Verdict.FAILED, Verdict.ERRORED}
    unexpected = [
        scenario for scenario in course.scenarios if scenario.verdict in bad_ones and id(scenario) not in known
    ]
    return Accounted(held, stale, unexpected, course.total - len(course.scenarios))


def write(ran: Ran) -> Iterator[str]:
    """Write such a file of what a run found, for somebody to give the reasons."""
    bad_ones = {Verdict.FAILED, Verdict.ERRORED}
    for (property, stage, _), scenario in ran.scenarios.items():
        if scenario.verdict in bad_ones:
            yield from _entry(property, stage, scenario.verdict, scenario.explanation)


def _entry(property: str, stage: str, verdict: Verdict, explanation: str) -> Iterable[str]:
    return (
        "[[difference]]",
        f"feature = {_text(property)}",
        f"scene = {_text(stage)}",
        f'verdict = "{verdict}"',
        'reason = ""',
        f"# {' '.join(explanation.split())}",
        "",
    )


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a basic string of TOML is written as one of JSON
