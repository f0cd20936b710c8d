"""The requirements as rows: one per sentence of the epic, verbatim, with both of the epic's numberings (DESIGN rule 7).

A row is carried by the Danish scenarios that wear its key as a tag, or says which later capability will carry it, or why it
is not tested. Joined with ` … `: a lead-in and its bullet, both verbatim.
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
"""The later capabilities that a row may wait for."""


class Status(StrEnum):
    """What becomes of a requirement here."""

    SCENARIO = "scenario"
    LATER = "later"
    NOT_TESTED = "not_tested"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement sentence; `epic_number_table` and `epic_number_body` are its numbers in the epic's table and body."""

    key: str
    epic_number_table: str
    epic_number_body: str
    section: str
    service: str
    text: str
    relevant_for: str
    status: Status
    reason: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which scenes carry which requirements, and what does not add up."""

    carriers: Mapping[str, tuple[str, ...]]
    unknown: tuple[str, ...]
    uncovered: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Say whether every tag is a row and every row that claims scenes has some."""
        return not self.unknown and not self.uncovered


@cache
def load() -> Mapping[str, Requirement]:
    """Load the rows by key; errors: ValueError naming file, line and field."""
    return parse(files("vos_contracts.requirements").joinpath(FILE_NAME).read_text("utf-8"), FILE_NAME)


def parse(text: str, file_name: str) -> Mapping[str, Requirement]:
    """Parse the rows; errors: as `load`."""
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
        if cells["status"] not in set(Status):
            raise ValueError(f"{where}: status: {cells['status']!r} must be one of {', '.join(Status)}")
        if not cells["text"]:
            raise ValueError(f"{where}: text: is empty")
        requirement = Requirement(**{**cells, "status": Status(cells["status"])})  # type: ignore[arg-type]  # checked above
        _check_reason(requirement, where)
        rows[key] = requirement
    return rows


def _check_reason(requirement: Requirement, where: str) -> None:
    reason = requirement.reason
    if requirement.status is Status.SCENARIO and reason:
        raise ValueError(f"{where}: reason: a row that scenes carry needs none")
    if requirement.status is Status.NOT_TESTED and not reason:
        raise ValueError(f"{where}: reason: say why the row is not tested")
    if requirement.status is Status.LATER and reason.partition(":")[0] not in LATER:
        raise ValueError(f"{where}: reason: must begin with one of {', '.join(sorted(LATER))}")


def coverage(
    tags_per_stage: Mapping[str, Iterable[str]], everyone: Mapping[str, Requirement] | None = None
) -> Coverage:
    """Hold the scenes' tags against the rows."""
    rows = load() if everyone is None else everyone
    carriers: dict[str, list[str]] = {}
    for stage, tags in tags_per_stage.items():
        for tag in tags:
            carriers.setdefault(tag, []).append(stage)
    return Coverage(
        carriers={key: tuple(scenarios) for key, scenarios in carriers.items() if key in rows},
        unknown=tuple(sorted(set(carriers) - set(rows))),
        uncovered=tuple(
            key for key, requirement in rows.items() if requirement.status is Status.SCENARIO and key not in carriers
        ),
    )
