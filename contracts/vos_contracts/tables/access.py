"""Organisation types, user types and the access matrix per method ("Tilladte organisationer", epic and FYS/13926415)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum

from vos_contracts.tables.table import Table


class OrganisationType(IntEnum):
    """Authority types that rules refer to; the full list is `organisation_type.csv`."""

    STAR = 1
    AKASSE = 2
    OTHER_PARTY = 4
    KOMMUNE = 7
    JOBCENTER = 8


class ClientSystem(IntEnum):
    """Calling systems that rules refer to; the full list is `client_system.csv`. DFDG's and Jobnet's are documented."""

    DFDG = 30
    JOBNET = 32
    LSS = 3002
    DATAKANON = 3003


class Level(StrEnum):
    """The citizens that an organisation type has access to: the columns of STAR's access matrix."""

    ALL = "all"
    OWN = "own"
    FORMER_OWN = "former_own"
    GUEST = "guest"
    AA_OWN = "aa_own"
    AA_GUEST = "aa_guest"
    AA_ALL = "aa_all"
    SYSTEM_ALL = "system_all"


class UserType(IntEnum):
    """User types that rules refer to; the full list is `user_type.csv`."""

    CASEWORKER = 2
    SYSTEM = 3


@dataclass(frozen=True, slots=True)
class AccessRules:
    """The access matrix and the rules that supplement it.

    `periods`: how long before and after a membership a citizen counts as former own, by `Service.Method` and organisation type.
    `blocked`: methods that a calling system may not use, regardless of the user. `jobnet`: the citizens a caseworker has access
    to on Jobnet, by organisation type, as pairs of kontaktgruppe and tilmeldekategori (None for any). `on_behalf`: pairs of
    active organisation's type and user's own type in which the user may act for the active organisation.
    """

    matrix: AccessMatrix
    periods: Mapping[tuple[str, int], tuple[timedelta, timedelta]]
    blocked: frozenset[tuple[int, str]]
    jobnet: Mapping[int, frozenset[tuple[int | None, int | None]]]
    on_behalf: frozenset[tuple[int, int]] = frozenset()


AccessMatrix = Mapping[str, Mapping[int, frozenset[Level]]]


def names(table: Table) -> Mapping[int, str]:
    """Read a plain code list as code to name."""
    return {int(row["code"]): row["name"] for row in table.values()}


def access_matrix(table: Table) -> AccessMatrix:
    """Read the matrix as `Service.Method` to organisation type to levels."""
    matrix: dict[str, dict[int, frozenset[Level]]] = {}
    for service, method, organisation_type, level in table:
        row = matrix.setdefault(f"{service}.{method}", {})
        number = int(organisation_type)
        row[number] = row.get(number, frozenset()) | {Level(level)}
    return matrix


def access_rules(matrix: Table, period: Table, blocked: Table, jobnet: Table, on_behalf: Table) -> AccessRules:
    """Read the five access tables."""
    reach: dict[int, frozenset[tuple[int | None, int | None]]] = {}
    for organisation_type, group, category in jobnet:
        pair = (int(group) if group else None, int(category) if category else None)
        reach[int(organisation_type)] = reach.get(int(organisation_type), frozenset()) | {pair}
    return AccessRules(
        matrix=access_matrix(matrix),
        periods={
            (f"{service}.{method}", int(organisation_type)): (
                timedelta(days=int(row["days_before"])),
                timedelta(days=int(row["days_after"])),
            )
            for (service, method, organisation_type), row in period.items()
        },
        blocked=frozenset((int(system), f"{service}.{method}") for system, service, method in blocked),
        jobnet=reach,
        on_behalf=frozenset((int(active), int(own)) for active, own in on_behalf),
    )
