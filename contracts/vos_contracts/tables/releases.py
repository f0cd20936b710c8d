"""Releases: what is switched on when (epic, version history and commitment criteria; DECISIONS section 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from vos_contracts.tables.table import Table, TableError, yes

STANDARD = "2024-4"


class PrsSoap(StrEnum):
    """What stands behind PersonRegistrationService v9 in a release."""

    CLASSIC = "classic"
    CONVERTER = "converter"
    WITHDRAWN = "withdrawn"


class EndDateSoap(StrEnum):
    """For whom 100028 holds on SOAP in a release."""

    ENROLLED = "enrolled"
    ALL = "all"


class ReadCollections(StrEnum):
    """Whether PSS v20 and PHS v4 return contact groups and categories in a release, or empty lists."""

    FILLED = "filled"
    EMPTY = "empty"


class Wsb(StrEnum):
    """Whether webservice messages are sent in a release: in test environments only, everywhere, or not; a stage is a test."""

    TEST = "test"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Release:
    """One release of STAR's services, as far as this project's behaviour depends on it."""

    name: str
    prs_soap: PrsSoap
    error_100028_soap: EndDateSoap
    error_100029_soap: bool
    wsrm: bool
    wsb: bool
    empty_read_collections: bool
    cpr_change_moves_pointer: bool
    aktivitetstillaeg_ends_on_category_change: bool


def releases(table: Table) -> Mapping[str, Release]:
    """Read the releases by name; errors: TableError for a rule or value that the release table does not know."""
    rules: dict[str, dict[str, str]] = {}
    for (name, rule), row in table.items():
        rules.setdefault(name, {})[rule] = row["value"]
    try:
        return {
            name: Release(
                name=name,
                prs_soap=PrsSoap(rule["prs_soap"]),
                error_100028_soap=EndDateSoap(rule["error_100028_soap"]),
                error_100029_soap=yes(rule["error_100029_soap"]),
                wsb=Wsb(rule["wsb"]) is not Wsb.NO,
                wsrm=yes(rule["wsrm"], no="withdrawn"),
                empty_read_collections=ReadCollections(rule["read_collections"]) is ReadCollections.EMPTY,
                cpr_change_moves_pointer=yes(rule["cpr_change_moves_pointer"]),
                aktivitetstillaeg_ends_on_category_change=yes(rule["aktivitetstillaeg_ends_on_category_change"]),
            )
            for name, rule in rules.items()
        }
    except (KeyError, ValueError) as exc:
        raise TableError(f"release: {exc}") from exc
