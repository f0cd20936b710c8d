"""Contact groups, person categories and which goes with which (epic 1005.17.28; RULES page FYS/3562831892).

Here: what the tables say of one group or category. Not here: what a registration does (`vos_reference.domain`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from vos_contracts.tabel import Tabel, TabelFejl

INGEN = "ingen"


@dataclass(frozen=True, slots=True)
class Kode:
    """One value of a code list; the interval is closed at the start and open at the end (FYS/2490446)."""

    kode: int
    navn: str
    gyldig_fra: date
    gyldig_til: date | None

    def gyldig(self, dag: date) -> bool:
        """Say whether the value may be used on that day."""
        return self.gyldig_fra <= dag and (self.gyldig_til is None or dag < self.gyldig_til)


@dataclass(frozen=True, slots=True)
class Grupperegler:
    """What holds for a person in one contact group."""

    kategorier: frozenset[int]
    maa_vaere_uden_kategori: bool
    standardkategori: int | None
    under_alder: int | None
    kan_aendres_af_kalder: bool
    akasse_ser: bool
    kategori_kraever_tilmeldt: frozenset[int]
    kategori_kraever_ikke_tilmeldt: frozenset[int]
    aktivitetstillaeg_kategorier: frozenset[int]
    overgaar_ved_30: int | None
    fleksjob_start: int | None
    fleksjob_slut: int | None


def kodeliste(tabel: Tabel, navn: str) -> Mapping[int, Kode]:
    """Read a code list with validity; errors: TabelFejl for a cell that is no number or date."""
    try:
        return {
            int(raekke["kode"]): Kode(
                int(raekke["kode"]),
                raekke["navn"],
                date.fromisoformat(raekke["gyldig_fra"]),
                date.fromisoformat(raekke["gyldig_til"]) if raekke["gyldig_til"] else None,
            )
            for raekke in tabel.values()
        }
    except ValueError as fejl:
        raise TabelFejl(f"{navn}: {fejl}") from fejl


def grupperegler(grupper: Mapping[int, Kode], kombination: Tabel, regel: Tabel) -> Mapping[int, Grupperegler]:
    """Gather each group's rules from the combination table and the rule table."""
    tilladt: dict[int, set[str]] = {kode: set() for kode in grupper}
    for gruppe, kategori in kombination:
        tilladt[int(gruppe)].add(kategori)
    regler: dict[tuple[int, str], list[str]] = {}
    for gruppe, navn, vaerdi in regel:
        regler.setdefault((int(gruppe), navn), []).append(vaerdi)

    def tal(gruppe: int, navn: str) -> frozenset[int]:
        return frozenset(int(vaerdi) for vaerdi in regler.get((gruppe, navn), ()))

    def et_tal(gruppe: int, navn: str) -> int | None:
        return next(iter(tal(gruppe, navn)), None)

    return {
        kode: Grupperegler(
            kategorier=frozenset(int(kategori) for kategori in tilladt[kode] - {INGEN}),
            maa_vaere_uden_kategori=INGEN in tilladt[kode],
            standardkategori=et_tal(kode, "standardkategori"),
            under_alder=et_tal(kode, "under_alder"),
            kan_aendres_af_kalder=(kode, "kan_ikke_aendres_af_kalder") not in regler,
            akasse_ser=(kode, "akasse_ser") in regler,
            kategori_kraever_tilmeldt=tal(kode, "kategori_kraever_tilmeldt"),
            kategori_kraever_ikke_tilmeldt=tal(kode, "kategori_kraever_ikke_tilmeldt"),
            aktivitetstillaeg_kategorier=tal(kode, "aktivitetstillaeg_kategori"),
            overgaar_ved_30=et_tal(kode, "overgaar_ved_30"),
            fleksjob_start=et_tal(kode, "fleksjob_start"),
            fleksjob_slut=et_tal(kode, "fleksjob_slut"),
        )
        for kode in grupper
    }
