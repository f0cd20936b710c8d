"""The file of expected differences: what a real environment is known to do otherwise, and why.

    [[difference]]
    feature = "Fejlkoder bevares"
    scenario = "En død borger kan der ikke registreres på via PRS"
    verdict = "failed"
    reason = "STAR's case 1234: 4404 instead of 4405"
    contains = "4404"                # optional: a text that the explanation must contain

An entry that no longer holds is stale and fails the run, so that the file cannot outlive the differences it excuses.
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
from generalproeve.report.reading import EarlierRun
from generalproeve.run.results import RunResult, ScenarioResult, scenarios
from generalproeve.run.verdict import Verdict
from vos_contracts.base.text_files import NotText, read_text

_BAD = frozenset({Verdict.FAILED, Verdict.ERRORED})


class Expectation(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One entry of the file."""

    feature: str
    scenario: str
    verdict: Verdict
    reason: str
    contains: str = ""

    def is_about(self, result: ScenarioResult) -> bool:
        """Tell whether the result is of the entry's scenario; each example of an outline has a name of its own."""
        return (self.feature, self.scenario) == (result.feature, result.name)

    def holds(self, result: ScenarioResult) -> bool:
        """Tell whether the scenario came out as the entry says."""
        return result.verdict is self.verdict and self.contains in mask(result.explanation)


class _ExpectedFile(msgspec.Struct, forbid_unknown_fields=True):
    difference: tuple[Expectation, ...] = ()


@dataclass(frozen=True, slots=True)
class Accounted:
    """A run compared with its expectations."""

    held: Sequence[tuple[Expectation, ScenarioResult]]
    stale: Sequence[tuple[Expectation, str]]
    """The entries that do not hold, each with the reason."""
    unexpected: Sequence[ScenarioResult]
    """Failed and errored scenarios that no entry expects."""
    never_played: int

    def lines(self) -> Iterator[str]:
        """Yield the comparison as lines for the console."""
        for entry, result in self.held:
            yield f"FORVENTET: {result.name}: {result.verdict.danish}, fordi {entry.reason}"
        for entry, why in self.stale:
            yield f"FORÆLDET FORVENTNING: {entry.feature}: {entry.scenario}: {why}"
        if self.never_played:
            yield f"{scenarios(self.never_played)} blev aldrig spillet"


def read(file: Path) -> tuple[Expectation, ...]:
    """Read the file.

    Raises:
        CannotRun: the file cannot be read, or an entry breaks a rule; the message names file, key and rule.
    """
    try:
        content = msgspec.convert(tomllib.loads(read_text(file)), _ExpectedFile)
    except (OSError, NotText, tomllib.TOMLDecodeError, msgspec.ValidationError) as exc:
        raise CannotRun(f"{file}: {exc}") from None
    for entry in content.difference:
        if not entry.reason.strip():
            raise CannotRun(f"{file}: {entry.scenario}: reason: must say why")
        if entry.verdict is Verdict.PASSED:
            raise CannotRun(f"{file}: {entry.scenario}: verdict: passed is no difference")
    return content.difference


def require_known(file: Path, expectations: Sequence[Expectation], scenarios: Iterable[tuple[str, str]]) -> None:
    """Require that every entry is about one of the scenarios, given as (feature, name).

    Raises:
        CannotRun: an entry is about no scenario; the message names the nearest one.
    """
    known = set(scenarios)
    for entry in expectations:
        if (entry.feature, entry.scenario) not in known:
            names = [f"{feature}: {scenario}" for feature, scenario in known]
            near = get_close_matches(f"{entry.feature}: {entry.scenario}", names, 1)
            advice = f"; the nearest is {near[0]}" if near else ""
            raise CannotRun(f"{file}: {entry.feature}: {entry.scenario}: there is no such scenario{advice}")


def account(run: RunResult, expectations: Sequence[Expectation], *, selected_only: bool = False) -> Accounted:
    """Compare the run with the expectations, and mark the scenarios that came out as expected.

    With `selected_only` the run played a selection, and an entry about a scenario outside it is not stale.
    """
    held: list[tuple[Expectation, ScenarioResult]] = []
    stale: list[tuple[Expectation, str]] = []
    for entry in expectations:
        about = [result for result in run.scenarios if entry.is_about(result)]
        matches = [result for result in about if entry.holds(result)]
        if not about and selected_only:
            continue
        for result in matches:
            result.expected = entry.reason
        if matches:
            held += [(entry, result) for result in matches]
        else:
            found = ", ".join(f"{result.verdict} {mask(result.explanation)}".strip() for result in about)
            stale.append((entry, f"came out as: {found}" if about else "never ran"))
    known = {id(result) for _, result in held}
    unexpected = [result for result in run.scenarios if result.verdict in _BAD and id(result) not in known]
    return Accounted(held, stale, unexpected, run.total - len(run.scenarios))


def write(run: EarlierRun) -> Iterator[str]:
    """Yield the lines of a file that expects every breach of the run; the reasons are empty and must be filled in."""
    for (feature, name, _), scenario in run.scenarios.items():
        if scenario.verdict in _BAD:
            yield from _entry(feature, name, scenario.verdict, scenario.explanation)


def _entry(feature: str, name: str, verdict: Verdict, explanation: str) -> Iterable[str]:
    return (
        "[[difference]]",
        f"feature = {_toml_string(feature)}",
        f"scenario = {_toml_string(name)}",
        f'verdict = "{verdict}"',
        'reason = ""',
        f"# {' '.join(explanation.split())}",
        "",
    )


def _toml_string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a valid basic string of TOML
