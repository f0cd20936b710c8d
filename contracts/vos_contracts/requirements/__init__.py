"""The requirements: one row per sentence of the epic, verbatim, with both of the epic's numberings.

A row is covered by the scenarios that have its key as a tag. Otherwise it names the later capability that will cover it, or
the reason why it is not tested. A lead-in and its bullet, both verbatim, are joined with ` … `.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from importlib.resources import files

FILE_NAME = "requirements.csv"
LATER = frozenset({"domain", "messages", "suite", "fuzz", "load"})
"""The capabilities that a row with status `later` may name."""


class RequirementStatus(StrEnum):
    """How a requirement is covered."""

    SCENARIO = "scenario"
    LATER = "later"
    NOT_TESTED = "not_tested"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One sentence of the epic, with its numbers in the epic's table and in its body text."""

    key: str
    epic_number_table: str
    epic_number_body: str
    section: str
    service: str
    text: str
    relevant_for: str
    status: RequirementStatus
    reason: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """The scenarios of each requirement, tags that are no requirement, and requirements without a scenario."""

    carriers: Mapping[str, tuple[str, ...]]
    unknown: tuple[str, ...]
    uncovered: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether every tag is a requirement and every row with status `scenario` has a scenario."""
        return not self.unknown and not self.uncovered


@cache
def load() -> Mapping[str, Requirement]:
    """Load the rows by key.

    Raises:
        ValueError: names the file, the line and the field.
    """
    return parse(files("vos_contracts.requirements").joinpath(FILE_NAME).read_text("utf-8"), FILE_NAME)


def parse(text: str, file_name: str) -> Mapping[str, Requirement]:
    """Parse the rows.

    Raises the same errors as `load`.
    """
    reader = csv.DictReader(io.StringIO(text), strict=True)
    names = [field.name for field in fields(Requirement)]
    if list(reader.fieldnames or ()) != names:
        raise ValueError(f"{file_name}: the columns must be {', '.join(names)}")
    rows: dict[str, Requirement] = {}
    for cells in reader:
        where = f"{file_name}:{reader.line_num}"
        key = cells["key"]
        if not (key.isidentifier() and key.isascii() and key == key.lower()):
            raise ValueError(f"{where}: key: {key!r} is not a lower-case ASCII identifier")
        if key in rows:
            raise ValueError(f"{where}: key: {key} stands twice")
        if cells["status"] not in set(RequirementStatus):
            raise ValueError(f"{where}: status: {cells['status']!r} must be one of {', '.join(RequirementStatus)}")
        if not cells["text"]:
            raise ValueError(f"{where}: text: is empty")
        requirement = Requirement(**{**cells, "status": RequirementStatus(cells["status"])})  # type: ignore[arg-type]  # checked above
        _check_reason(requirement, where)
        rows[key] = requirement
    return rows


def _check_reason(requirement: Requirement, where: str) -> None:
    reason = requirement.reason
    if requirement.status is RequirementStatus.SCENARIO and reason:
        raise ValueError(f"{where}: reason: a row with status scenario needs none")
    if requirement.status is RequirementStatus.NOT_TESTED and not reason:
        raise ValueError(f"{where}: reason: say why the row is not tested")
    if requirement.status is RequirementStatus.LATER and reason.partition(":")[0] not in LATER:
        raise ValueError(f"{where}: reason: must begin with one of {', '.join(sorted(LATER))}")


def coverage(
    tags_per_scenario: Mapping[str, Iterable[str]], requirements: Mapping[str, Requirement] | None = None
) -> Coverage:
    """Match the tags of each scenario with the requirements."""
    rows = load() if requirements is None else requirements
    carriers: dict[str, list[str]] = {}
    for scenario, tags in tags_per_scenario.items():
        for tag in tags:
            carriers.setdefault(tag, []).append(scenario)
    return Coverage(
        carriers={key: tuple(scenarios) for key, scenarios in carriers.items() if key in rows},
        unknown=tuple(sorted(set(carriers) - set(rows))),
        uncovered=tuple(
            key
            for key, requirement in rows.items()
            if requirement.status is RequirementStatus.SCENARIO and key not in carriers
        ),
    )
