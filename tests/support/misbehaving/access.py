"""Who lets in those who have no right to it, or keeps out those who have."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from support.misbehaving.bending import bender, bender_table
from vos_contracts.contract import Contract
from vos_contracts.tables.access import Level
from vos_reference.domain import access

WITHOUT_CROSS = (30, 31, 32)


def _with_level(contract: Contract, organisation_types: tuple[int, ...], level: Level, part_: str) -> Contract:
    matrix = {
        method: {**row, **{item: frozenset({level}) for item in organisation_types}} if part_ in method else row
        for method, row in contract.access.matrix.items()
    }
    return replace(contract, access=replace(contract.access, matrix=matrix))


@bender_table()
def lets_akasse_read_categories(contract: Contract) -> Contract:
    return _with_level(contract, (2,), Level.OWN, "GetPersonkategori")


@bender_table()
def lets_akasse_register(contract: Contract) -> Contract:
    return _with_level(contract, (2,), Level.OWN, "Create")


@bender_table()
def lets_jobcenter_register_on_anyone(contract: Contract) -> Contract:
    return _with_level(contract, (8,), Level.ALL, "Create")


@bender_table()
def lets_akasse_read_all_groups(contract: Contract) -> Contract:
    return _with_level(contract, (2,), Level.ALL, "GetKontaktgruppe")


@bender_table()
def lets_unlisted_types_read(contract: Contract) -> Contract:
    return _with_level(contract, WITHOUT_CROSS, Level.ALL, "Get")


@bender_table()
def lets_landssupporten_register_categories(contract: Contract) -> Contract:
    return replace(contract, access=replace(contract.access, blocked=frozenset()))


@bender_table((access, "_reaches_on_jobnet"))
def lets_akasse_reach_everyone_on_jobnet(contract: Contract) -> Contract:
    jobnet = {2: frozenset({(None, None)}), 8: frozenset({(None, None)})}
    return replace(contract, access=replace(contract.access, jobnet=jobnet))


@bender((access, "_guest"))
def takes_everyone_for_a_guest(real: Any, *arguments: Any) -> bool:
    return True


@bender((access, "_not_own_error"))
def refuses_jobcenter_with_4575(real: Any, *arguments: Any) -> int:
    return 4575
