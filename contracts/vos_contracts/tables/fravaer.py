"""Absence types and what an open absence forbids (errors 4645 and 4654; RULES page FYS/3562831892)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vos_contracts.tables.table import Table, whole_number, yes


@dataclass(frozen=True, slots=True)
class FravaerConflict:
    """What one open absence allows in one contact group: these categories, or none at all (then the group conflicts)."""

    allowed_categories: frozenset[int]
    error_code: int


Conflicts = Mapping[tuple[int, int], FravaerConflict]


def conflicts(table: Table) -> Conflicts:
    """Read conflicts by (absence type, contact group)."""
    return {
        (int(row["fravaerstype"]), int(row["kontaktgruppe"])): FravaerConflict(
            whole_number(row["allowed_personkategorier"]), int(row["error_code"])
        )
        for row in table.values()
    }


def without_tilmelding(table: Table) -> frozenset[int]:
    """Read which absence types keep a citizen from being enrolled (4750)."""
    return frozenset(int(row["code"]) for row in table.values() if not yes(row["allows_tilmelding"]))
