"""What webservice messages (WSB) are about, and how their delivery fails (epic AC 1005.17.28.19; starwiki FYS/4342317058)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from vos_contracts.model.registration import Kind
from vos_contracts.tables.table import Table

CPR_IDENTIFICATION = 1
"""The IdentifikationstypeId of a CPR number."""


class WsbMode(StrEnum):
    """What becomes of a message answered with 4xx or not at all: a dead letter, or tried again (starwiki 4271013923)."""

    DESIGNED = "designed"
    OBSERVED = "observed"


@dataclass(frozen=True, slots=True)
class Entity:
    """What a message is about: its EntitetId, the same in every environment, and its name."""

    kind: Kind
    id: int
    name: str


def entities(table: Table) -> Mapping[Kind, Entity]:
    """Read the entities; errors: ValueError for a kind that is none, or an EntitetId that stands twice."""
    was_read = {Kind(kind): Entity(Kind(kind), int(row["entity_id"]), row["name"]) for (kind,), row in table.items()}
    if len({item.id for item in was_read.values()}) < len(was_read):
        raise ValueError("wsb_entity: an entity_id stands twice")
    return was_read
