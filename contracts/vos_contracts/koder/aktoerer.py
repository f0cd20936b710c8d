"""Organisation types, user types and the access matrix per method ("Tilladte organisationer", epic and FYS/13926415)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
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


class Brugertype(IntEnum):
    """User types that rules speak of; the full list is `brugertype.csv`."""

    SAGSBEHANDLER = 2
    SYSTEM = 3


@dataclass(frozen=True, slots=True)
class Adgangsregler:
    """What decides who may do what to whom: the matrix, and what stands beside it.

    `perioder`: days before and after a membership in which a former own citizen is one, by `Service.Metode` and type.
    `spaerrede`: what a calling system may not do, whoever uses it. `jobnet`: whom a caseworker reaches on Jobnet, by
    organisation type as pairs of contact group and enrolment category, None for any. `paa_vegne`: for which types of
    authority a user of another type may act, active organisation first.
    """

    matrix: Adgangsmatrix
    perioder: Mapping[tuple[str, int], tuple[timedelta, timedelta]]
    spaerrede: frozenset[tuple[int, str]]
    jobnet: Mapping[int, frozenset[tuple[int | None, int | None]]]
    paa_vegne: frozenset[tuple[int, int]] = frozenset()


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


def adgangsregler(matrix: Tabel, periode: Tabel, spaerret: Tabel, jobnet: Tabel, paa_vegne: Tabel) -> Adgangsregler:
    """Read the five access tables."""
    raekkevidde: dict[int, frozenset[tuple[int | None, int | None]]] = {}
    for organisationstype, gruppe, kategori in jobnet:
        par = (int(gruppe) if gruppe else None, int(kategori) if kategori else None)
        raekkevidde[int(organisationstype)] = raekkevidde.get(int(organisationstype), frozenset()) | {par}
    return Adgangsregler(
        matrix=adgangsmatrix(matrix),
        perioder={
            (f"{service}.{metode}", int(organisationstype)): (
                timedelta(days=int(raekke["dage_foer"])),
                timedelta(days=int(raekke["dage_efter"])),
            )
            for (service, metode, organisationstype), raekke in periode.items()
        },
        spaerrede=frozenset((int(system), f"{service}.{metode}") for system, service, metode in spaerret),
        jobnet=raekkevidde,
        paa_vegne=frozenset((int(aktiv), int(egen)) for aktiv, egen in paa_vegne),
    )
