"""Tilmeldekategorier and the kontaktgruppe that follows from each (UnemploymentEnrollmentService v8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vos_contracts.tables.table import Table, whole_numbers, yes

YOUTH_LIMIT = 30


@dataclass(frozen=True, slots=True)
class Tilmeldekategori:
    """The rules for one tilmeldekategori."""

    code: int
    name: str
    kontaktgruppe: int
    kontaktgruppe_under_30: int | None
    requires_membership: bool
    without_benefit: bool
    unemployment_degrees: frozenset[int]

    def group(self, age: int) -> int:
        """Return the kontaktgruppe of a citizen of that age."""
        if self.kontaktgruppe_under_30 is not None and age < YOUTH_LIMIT:
            return self.kontaktgruppe_under_30
        return self.kontaktgruppe

    def groups(self) -> frozenset[int]:
        """Return the kontaktgrupper that the category can lead to, at any age."""
        under_30 = self.kontaktgruppe_under_30
        return frozenset({self.kontaktgruppe} if under_30 is None else {self.kontaktgruppe, under_30})

    def allows(self, unemployment_degree: int) -> bool:
        """Return whether the degree of unemployment is allowed in the category (error 4339)."""
        return unemployment_degree in self.unemployment_degrees


def tilmeldekategorier(table: Table) -> Mapping[int, Tilmeldekategori]:
    """Read the categories by number.

    Raises:
        ValueError: a cell is not a number, or not yes or no.
    """
    return {
        int(row["code"]): Tilmeldekategori(
            code=int(row["code"]),
            name=row["name"],
            kontaktgruppe=int(row["kontaktgruppe"]),
            kontaktgruppe_under_30=int(row["kontaktgruppe_under_30"]) if row["kontaktgruppe_under_30"] else None,
            requires_membership=yes(row["requires_membership"]),
            without_benefit=yes(row["without_benefit"]),
            unemployment_degrees=whole_numbers(row["unemployment_degrees"]),
        )
        for row in table.values()
    }
