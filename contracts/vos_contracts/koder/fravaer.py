"""Absence types and what an open absence forbids (errors 4645 and 4654; RULES page FYS/3562831892)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vos_contracts.tabel import Tabel, hele_tal, ja


@dataclass(frozen=True, slots=True)
class Fravaerskonflikt:
    """What one open absence allows in one contact group: these categories, or none at all (then the group conflicts)."""

    tilladte_kategorier: frozenset[int]
    fejlkode: int


Konflikter = Mapping[tuple[int, int], Fravaerskonflikt]


def konflikter(tabel: Tabel) -> Konflikter:
    """Read conflicts by (absence type, contact group)."""
    return {
        (int(raekke["fravaerstype"]), int(raekke["kontaktgruppe"])): Fravaerskonflikt(
            hele_tal(raekke["tilladte_personkategorier"]), int(raekke["fejlkode"])
        )
        for raekke in tabel.values()
    }


def uden_tilmelding(tabel: Tabel) -> frozenset[int]:
    """Read which absence types keep a citizen from being enrolled (4750)."""
    return frozenset(int(raekke["kode"]) for raekke in tabel.values() if not ja(raekke["tillader_tilmelding"]))
