"""Absence types, what an open absence forbids (errors 4645 and 4654; starwiki FYS/3562831892), and sources of illness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vos_contracts.model.neighbours import IllnessSource
from vos_contracts.tables.table import Table, whole_numbers, yes


@dataclass(frozen=True, slots=True)
class FravaerConflict:
    """The personkategorier that an open absence allows in a kontaktgruppe; none if the kontaktgruppe itself conflicts."""

    allowed_categories: frozenset[int]
    error_code: int


Conflicts = Mapping[tuple[int, int], FravaerConflict]


def conflicts(table: Table) -> Conflicts:
    """Read the conflicts by absence type and kontaktgruppe."""
    return {
        (int(row["fravaerstype"]), int(row["kontaktgruppe"])): FravaerConflict(
            whole_numbers(row["allowed_personkategorier"]), int(row["error_code"])
        )
        for row in table.values()
    }


def without_tilmelding(table: Table) -> frozenset[int]:
    """Read the absence types that prevent a tilmelding (error 4750)."""
    return frozenset(int(row["code"]) for row in table.values() if not yes(row["allows_tilmelding"]))


IllnessSources = Mapping[str, Mapping[int, IllnessSource]]


def illness_sources(table: Table) -> IllnessSources:
    """Read the sources by XML element and code.

    Raises:
        ValueError: a code is not a number, or a source is unknown.
    """
    sources: dict[str, dict[int, IllnessSource]] = {}
    for (element, source), row in table.items():
        sources.setdefault(element, {})[int(row["code"])] = IllnessSource(source)
    return sources
