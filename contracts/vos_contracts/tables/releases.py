"""Releases and the behaviour that each switches on or off (epic, version history and commitment criteria)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from vos_contracts.tables.table import Table, TableError, yes

STANDARD = "2024-4"


class PrsSoap(StrEnum):
    """The backend of PersonRegistrationService v9 in a release."""

    CLASSIC = "classic"
    CONVERTER = "converter"
    WITHDRAWN = "withdrawn"


class EndDateSoap(StrEnum):
    """The citizens for whom error 100028 applies on SOAP in a release."""

    ENROLLED = "enrolled"
    ALL = "all"


class FutureEnd(StrEnum):
    """What makes an end a future one (100028): a later Danish day than today, or a later instant than now."""

    DAY = "day"
    INSTANT = "instant"


class ReadCollections(StrEnum):
    """Whether PSS v20 and PHS v4 return kontaktgrupper and personkategorier in a release, or empty lists."""

    FILLED = "filled"
    EMPTY = "empty"


class WsbAvailability(StrEnum):
    """Where webservice messages are sent in a release: in test environments (a stage is one), everywhere, or nowhere."""

    TEST = "test"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Release:
    """The behaviour of one release of STAR's services."""

    name: str
    prs_soap: PrsSoap
    error_100028_soap: EndDateSoap
    error_100029_soap: bool
    future_end: FutureEnd
    wsrm: bool
    wsb: bool
    empty_read_collections: bool
    cpr_change_moves_pointer: bool
    aktivitetstillaeg_ends_on_category_change: bool


def releases(table: Table) -> Mapping[str, Release]:
    """Read the releases by name.

    Raises:
        TableError: a rule is missing or has an unknown value.
    """
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
                future_end=FutureEnd(rule["future_end"]),
                wsb=WsbAvailability(rule["wsb"]) is not WsbAvailability.NO,
                wsrm=yes(rule["wsrm"], no="withdrawn"),
                empty_read_collections=ReadCollections(rule["read_collections"]) is ReadCollections.EMPTY,
                cpr_change_moves_pointer=yes(rule["cpr_change_moves_pointer"]),
                aktivitetstillaeg_ends_on_category_change=yes(rule["aktivitetstillaeg_ends_on_category_change"]),
            )
            for name, rule in rules.items()
        }
    except (KeyError, ValueError) as exc:
        raise TableError(f"release: {exc}") from exc
