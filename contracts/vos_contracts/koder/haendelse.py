"""Which business domain hears of which kind of registration, as a table (epic AC 1005.17.28.11)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from vos_contracts.model.registration import Art
from vos_contracts.tabel import Tabel

Haendelsesmodtagere = Mapping[str, frozenset[Art]]
"""Domain name to the kinds it hears of."""


class Aendringstype(IntEnum):
    """What happened to the registration; the numbers of the WSB (starwiki FYS/4342317058)."""

    OPRETTET = 1
    AENDRET = 2
    SLETTET = 3


def haendelsesmodtagere(tabel: Tabel) -> Haendelsesmodtagere:
    """Read the recipients in the file's order; errors: ValueError for a kind that is none."""
    modtagere: dict[str, frozenset[Art]] = {}
    for domaene, art in tabel:
        modtagere[domaene] = modtagere.get(domaene, frozenset()) | {Art(art)}
    return modtagere
