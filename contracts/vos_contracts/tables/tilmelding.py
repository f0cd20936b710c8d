"""Enrolment categories and the contact group that follows from each (UES8; DECISIONS section 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vos_contracts.tables.table import Table, whole_number, yes

YOUTH_LIMIT = 30


@dataclass(frozen=True, slots=True)
class Tilmeldekategori:
    """What holds for one enrolment category."""

    code: int
    name: str
    kontaktgruppe: int
    kontaktgruppe_under_30: int | None
    requires_membership: bool
    without_benefit: bool
    unemployment_degrees: frozenset[int]

    def group(self, age: int) -> int:
        """Return the contact group of a citizen of that age."""
        if self.kontaktgruppe_under_30 is not None and age < YOUTH_LIMIT:
            return self.kontaktgruppe_under_30
        return self.kontaktgruppe

    def groups(self) -> frozenset[int]:
        """Return the contact groups that the category may give, at any age."""
        under_30 = self.kontaktgruppe_under_30
        return frozenset({self.kontaktgruppe} if under_30 is None else {self.kontaktgruppe, under_30})

    def allows(self, unemployment_degree: int) -> bool:
        """Say whether the degree of unemployment goes with the category (4339)."""
        return unemployment_degree in self.unemployment_degrees


def tilmeldekategorier(table: Table) -> Mapping[int, Tilmeldekategori]:
    """Read the categories by number; errors: ValueError for a cell that is no number, or not ja or nej."""
    return {
        int(row["code"]): Tilmeldekategori(
            code=int(row["code"]),
            name=row["name"],
            kontaktgruppe=int(row["kontaktgruppe"]),
            kontaktgruppe_under_30=int(row["kontaktgruppe_under_30"]) if row["kontaktgruppe_under_30"] else None,
            requires_membership=yes(row["requires_membership"]),
            without_benefit=yes(row["without_benefit"]),
            unemployment_degrees=whole_number(row["unemployment_degrees"]),
        )
        for row in table.values()
    }
