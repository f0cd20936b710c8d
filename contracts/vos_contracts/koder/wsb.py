"""The webservice messages (WSB) and who may have them, as tables (epic AC 1005.17.28.19; starwiki FYS/4342317058)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vos_contracts.koder.wsrm import Modtagerrolle, Naar
from vos_contracts.model.registration import Art
from vos_contracts.tabel import Tabel

CPR_IDENTIFIKATION = 1
"""The IdentifikationstypeId of a CPR number."""


@dataclass(frozen=True, slots=True)
class Entitet:
    """What a message is about: its EntitetId, the same in every environment, and its name."""

    art: Art
    id: int
    navn: str


@dataclass(frozen=True, slots=True)
class Wsbregel:
    """One row: messages about that kind go to that role when this happens, for one contact group or for all."""

    art: Art
    rolle: Modtagerrolle
    naar: Naar
    kontaktgruppe: int | None


def entiteter(tabel: Tabel) -> Mapping[Art, Entitet]:
    """Read the entities; errors: ValueError for a kind that is none, or an EntitetId that stands twice."""
    laest = {Art(art): Entitet(Art(art), int(raekke["entitet_id"]), raekke["navn"]) for (art,), raekke in tabel.items()}
    if len({en.id for en in laest.values()}) < len(laest):
        raise ValueError("wsb_entitet: an entitet_id stands twice")
    return laest


def wsbregler(tabel: Tabel) -> Sequence[Wsbregel]:
    """Read the recipients' table in the file's order."""
    return tuple(
        Wsbregel(Art(art), Modtagerrolle(modtager), Naar(naar), int(gruppe) if gruppe else None)
        for art, modtager, naar, gruppe in tabel
    )
