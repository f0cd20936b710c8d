"""Enrolment categories and the contact group that follows from each (UES8; DECISIONS section 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vos_contracts.tabel import Tabel, hele_tal, ja

UNGEGRAENSE = 30


@dataclass(frozen=True, slots=True)
class Tilmeldekategori:
    """What holds for one enrolment category."""

    kode: int
    navn: str
    kontaktgruppe: int
    kontaktgruppe_under_30: int | None
    kraever_medlemskab: bool
    uden_ydelse: bool
    ledighedsgrader: frozenset[int]

    def gruppe(self, alder: int) -> int:
        """Return the contact group of a citizen of that age."""
        if self.kontaktgruppe_under_30 is not None and alder < UNGEGRAENSE:
            return self.kontaktgruppe_under_30
        return self.kontaktgruppe

    def grupper(self) -> frozenset[int]:
        """Return the contact groups that the category may give, at any age."""
        under_30 = self.kontaktgruppe_under_30
        return frozenset({self.kontaktgruppe} if under_30 is None else {self.kontaktgruppe, under_30})

    def tillader(self, ledighedsgrad: int) -> bool:
        """Say whether the degree of unemployment goes with the category (4339)."""
        return ledighedsgrad in self.ledighedsgrader


def tilmeldekategorier(tabel: Tabel) -> Mapping[int, Tilmeldekategori]:
    """Read the categories by number; errors: ValueError for a cell that is no number, or not ja or nej."""
    return {
        int(raekke["kode"]): Tilmeldekategori(
            kode=int(raekke["kode"]),
            navn=raekke["navn"],
            kontaktgruppe=int(raekke["kontaktgruppe"]),
            kontaktgruppe_under_30=int(raekke["kontaktgruppe_under_30"]) if raekke["kontaktgruppe_under_30"] else None,
            kraever_medlemskab=ja(raekke["kraever_medlemskab"]),
            uden_ydelse=ja(raekke["uden_ydelse"]),
            ledighedsgrader=hele_tal(raekke["ledighedsgrader"]),
        )
        for raekke in tabel.values()
    }
