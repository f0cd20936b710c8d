"""Datakanon: STAR's supplier of test citizens, who registers them through the public services (epic AC 1005.17.28.13).

Here: whom it thinks up, and one citizen's registrations. Not here: who it is (`vos_simulators.parties`), or how many citizens
at a time (`vos_simulators.bulk_registration`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from vos_contracts.koder.kontaktgruppe import Grupperegler
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.registration import Art, Opret
from vos_contracts.tabel import Tabelform, ja, parse
from vos_contracts.wire.rest import Afslag
from vos_contracts.wire.tid import midnat
from vos_simulators.party import Aktoer, Kanal
from vos_simulators.people import Borger, Folk

FORDELING = "datakanon.csv"


@dataclass(frozen=True, slots=True)
class Andel:
    """One row of the distribution: a group's share, its citizens' ages, both included, and what else they tend to have."""

    kontaktgruppe: int
    andel: int
    alder_fra: int
    alder_til: int
    kategori: bool
    medlem: bool


@dataclass(frozen=True, slots=True)
class Testborger:
    """A citizen to be registered; no category leaves what follows from the group."""

    borger: Borger
    kontaktgruppe: int
    personkategori: int | None
    medlem: bool


@cache
def fordeling() -> tuple[Andel, ...]:
    """Read the distribution; errors: TabelFejl."""
    tekst = files("vos_simulators").joinpath(FORDELING).read_text("utf-8")
    raekker = parse(Tabelform("datakanon", ("kontaktgruppe",)), tekst, FORDELING).values()
    return tuple(
        Andel(
            kontaktgruppe=int(raekke["kontaktgruppe"]),
            andel=int(raekke["andel"]),
            alder_fra=int(raekke["alder_fra"]),
            alder_til=int(raekke["alder_til"]),
            kategori=ja(raekke["kategori"]),
            medlem=ja(raekke["medlem"]),
        )
        for raekke in raekker
    )


def testborgere(seed: int, dag: date, kontrakt: Kontrakt) -> Iterator[Testborger]:
    """Think up citizens without end: the same seed and day give the same ones, as the contract's rules allow them."""
    folk = Folk(seed)
    andele = fordeling()
    vaegte = [en.andel for en in andele]
    while True:
        andel = folk.vaelg(andele, vaegte)
        regler = kontrakt.grupperegler[andel.kontaktgruppe]
        aeldst = andel.alder_til if regler.under_alder is None else min(andel.alder_til, regler.under_alder - 1)
        borger = folk.ny(folk.vaelg(range(andel.alder_fra, aeldst + 1)), dag)
        kategori = folk.vaelg(_kategorier(regler)) if andel.kategori else None
        yield Testborger(borger, andel.kontaktgruppe, kategori, andel.medlem)


def _kategorier(regler: Grupperegler) -> Sequence[int | None]:
    """List what one who is not enrolled can be registered with; None is what follows from the group."""
    mulige = regler.kategorier - regler.kategori_kraever_tilmeldt - {regler.standardkategori}
    return (None, *sorted(mulige))


def registrer(aktoer: Aktoer, en: Testborger, now: datetime, kanal: Kanal) -> Mapping[str, str | Afslag]:
    """Register the citizen's group and category from today; return the answers by method.

    Errors: UnreachableError, RemoteWireError.
    """
    i_dag = midnat(now)
    svar: dict[str, str | Afslag] = {}
    for art, type_ in ((Art.KONTAKTGRUPPE, en.kontaktgruppe), (Art.PERSONKATEGORI, en.personkategori)):
        if type_ is not None:
            svar[f"Create{art.navn}"] = aktoer.registrer(
                en.borger.cpr, Opret(art, type_, i_dag, haendelse=i_dag), kanal
            )
    return svar
