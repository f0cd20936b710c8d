"""The entities of webservice messages (WSB) and the retry modes (epic AC 1005.17.28.19; starwiki FYS/4342317058)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from vos_contracts.model.registration import Kind
from vos_contracts.tables.table import Table

CPR_IDENTIFICATION = 1
"""The IdentifikationstypeId of a CPR number."""


class WsbMode(StrEnum):
    """The fate of a message answered with 4xx or not at all: a dead letter, or a retry (starwiki 4271013923)."""

    DESIGNED = "designed"
    OBSERVED = "observed"


@dataclass(frozen=True, slots=True)
class Entity:
    """The entity that a message is about: its name, and its EntitetId, which is the same in every environment."""

    kind: Kind
    id: int
    name: str


def entities(table: Table) -> Mapping[Kind, Entity]:
    """Read the entities.

    Raises:
        ValueError: a kind is unknown, or two rows share an EntitetId.
    """
    decoded = {Kind(kind): Entity(Kind(kind), int(row["entity_id"]), row["name"]) for (kind,), row in table.items()}
    if len({item.id for item in decoded.values()}) < len(decoded):
        raise ValueError("wsb_entity: two rows have the same entity_id")
    return decoded
