"""Organisation types, user types and the access matrix per method ("Tilladte organisationer", epic and FYS/13926415)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum

from vos_contracts.tabel import Tabel


class Organisationstype(IntEnum):
    """Authority types that rules speak of; the full list is `organisationstype.csv`."""

    STAR = 1
    AKASSE = 2
    ANDEN_AKTOER = 4
    KOMMUNE = 7
    JOBCENTER = 8


class Klientsystem(IntEnum):
    """Calling systems that rules speak of; the full list is `klientsystem.csv` (numbers are ours)."""

    LSS = 3002
    DATAKANON = 3003
    JOBNET = 3004
    DFDG = 3006


class Niveau(StrEnum):
    """How far an organisation type reaches: the columns of STAR's access matrix."""

    ALLE = "alle"
    EGNE = "egne"
    TIDLIGERE_EGNE = "tidligere_egne"
    GAEST = "gaest"
    AA_EGNE = "aa_egne"
    AA_GAEST = "aa_gaest"
    AA_ALLE = "aa_alle"
    SYSTEM_ALLE = "system_alle"


Adgangsmatrix = Mapping[str, Mapping[int, frozenset[Niveau]]]


def navne(tabel: Tabel) -> Mapping[int, str]:
    """Read a plain code list as number to name."""
    return {int(raekke["kode"]): raekke["navn"] for raekke in tabel.values()}


def adgangsmatrix(tabel: Tabel) -> Adgangsmatrix:
    """Read the matrix as `Service.Metode` to organisation type to levels."""
    matrix: dict[str, dict[int, frozenset[Niveau]]] = {}
    for service, metode, organisationstype, niveau in tabel:
        raekke = matrix.setdefault(f"{service}.{metode}", {})
        nummer = int(organisationstype)
        raekke[nummer] = raekke.get(nummer, frozenset()) | {Niveau(niveau)}
    return matrix
