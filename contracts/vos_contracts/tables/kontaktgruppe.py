"""Kontaktgrupper, personkategorier and their combinations (epic 1005.17.28; starwiki FYS/3562831892).

Here: the tables' rules for one kontaktgruppe or personkategori. Not here: what a registration does (`vos_reference.domain`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from vos_contracts.tables.table import Table, TableError

NONE = "ingen"


@dataclass(frozen=True, slots=True)
class Code:
    """One value of a code list; its validity includes the first day and excludes the last (FYS/2490446)."""

    code: int
    name: str
    valid_from: date
    valid_until: date | None

    def valid(self, day: date) -> bool:
        """Return whether the value may be used on that day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True, slots=True)
class GroupRules:
    """The rules for a citizen in one kontaktgruppe."""

    categories: frozenset[int]
    may_be_without_category: bool
    default_category: int | None
    age_below: int | None
    changeable_by_caller: bool
    visible_to_akasse: bool
    category_requires_enrolment: frozenset[int]
    category_requires_no_enrolment: frozenset[int]
    aktivitetstillaeg_categories: frozenset[int]
    becomes_at_30: int | None
    fleksjob_start: int | None
    fleksjob_end: int | None


def code_list(table: Table, name: str) -> Mapping[int, Code]:
    """Read a code list whose values have a validity period.

    Raises:
        TableError: a cell is not a number or a date.
    """
    try:
        return {
            int(row["code"]): Code(
                int(row["code"]),
                row["name"],
                date.fromisoformat(row["valid_from"]),
                date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
            )
            for row in table.values()
        }
    except ValueError as exc:
        raise TableError(f"{name}: {exc}") from exc


def group_rules(groups: Mapping[int, Code], combination: Table, rule: Table) -> Mapping[int, GroupRules]:
    """Collect each kontaktgruppe's rules from the combination table and the rule table."""
    allowed: dict[int, set[str]] = {code: set() for code in groups}
    for group, category in combination:
        allowed[int(group)].add(category)
    rules: dict[tuple[int, str], list[str]] = {}
    for group, name, value in rule:
        rules.setdefault((int(group), name), []).append(value)

    def number(group: int, name: str) -> frozenset[int]:
        return frozenset(int(value) for value in rules.get((group, name), ()))

    def first_number(group: int, name: str) -> int | None:
        return next(iter(number(group, name)), None)

    return {
        code: GroupRules(
            categories=frozenset(int(category) for category in allowed[code] - {NONE}),
            may_be_without_category=NONE in allowed[code],
            default_category=first_number(code, "default_category"),
            age_below=first_number(code, "age_below"),
            changeable_by_caller=(code, "not_changeable_by_caller") not in rules,
            visible_to_akasse=(code, "visible_to_akasse") in rules,
            category_requires_enrolment=number(code, "category_requires_enrolment"),
            category_requires_no_enrolment=number(code, "category_requires_no_enrolment"),
            aktivitetstillaeg_categories=number(code, "aktivitetstillaeg_category"),
            becomes_at_30=first_number(code, "becomes_at_30"),
            fleksjob_start=first_number(code, "fleksjob_start"),
            fleksjob_end=first_number(code, "fleksjob_end"),
        )
        for code in groups
    }
