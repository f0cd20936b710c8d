"""What webservice messages (WSB) are about, and how their delivery fails (epic AC 1005.17.28.19; starwiki FYS/4342317058)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from vos_contracts.model.registration import Art
from vos_contracts.tabel import Tabel

CPR_IDENTIFIKATION = 1
"""The IdentifikationstypeId of a CPR number."""


class Wsbtilstand(StrEnum):
    """What becomes of a message answered with 4xx or not at all: a dead letter, or tried again (starwiki 4271013923)."""

    DESIGNET = "designed"
    OBSERVERET = "observed"


@dataclass(frozen=True, slots=True)
class Entitet:
    """What a message is about: its EntitetId, the same in every environment, and its name."""

    art: Art
    id: int
    navn: str


def entiteter(tabel: Tabel) -> Mapping[Art, Entitet]:
    """Read the entities; errors: ValueError for a kind that is none, or an EntitetId that stands twice."""
    laest = {Art(art): Entitet(Art(art), int(raekke["entitet_id"]), raekke["navn"]) for (art,), raekke in tabel.items()}
    if len({en.id for en in laest.values()}) < len(laest):
        raise ValueError("wsb_entitet: an entitet_id stands twice")
    return laest
