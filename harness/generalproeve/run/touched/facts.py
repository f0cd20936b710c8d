"""Which facts of the contract's tables a step touches: by its calls, their answers, the messages fetched, and its own words.

A verdict rests on them, and on those that are assumed it rests with the contract's certainty only (DESIGN rule 4). The tables
and when a row of each is touched stand in `ROERT`. Not here: names on the wire (`antagelser`), or how a report shows any of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from generalproeve.bevis import Beskedbevis, Kaldsbevis
from generalproeve.naevnt import Laeser, Naevnt
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.tabel import Noegle, Raekke, Sikkerhed

AKASSE = "2"
_GRUPPE = re.compile(r"\b(?:kontaktgruppe|gruppe|KG)n? (\d+)")
_KATEGORI = re.compile(r"\b(?:personkategori|kategori|PC)(?:en)? (\d+)")
_DANSK = {Sikkerhed.EPIC: "epicen", Sikkerhed.DOCUMENTED: "dokumenteret", Sikkerhed.ASSUMED: "antaget"}


@dataclass(frozen=True, slots=True)
class Fakta:
    """One row of a table: what it says, from where, and how certain that is."""

    tabel: str
    noegle: Noegle
    tekst: str
    kilde: str
    sikkerhed: Sikkerhed

    @property
    def antaget(self) -> bool:
        """Whether it is our choice."""
        return self.sikkerhed is Sikkerhed.ASSUMED

    @property
    def dansk(self) -> str:
        """How certain it is, in the words of the report."""
        return _DANSK[self.sikkerhed]

    @property
    def navn(self) -> str:
        """Table and key, as `contracts show` has them."""
        return f"{self.tabel} {'/'.join(filter(None, self.noegle))}"


Roert = Callable[[Noegle, Naevnt], bool]


def _grupperegel(noegle: Noegle, sagt: Naevnt) -> bool:
    gruppe, regel, vaerdi = noegle
    match regel:
        case "akasse_ser":
            return gruppe in sagt.vist.get(AKASSE, ())
        case "kategori_kraever_tilmeldt" | "kategori_kraever_ikke_tilmeldt":
            return gruppe in sagt.scenens_grupper and vaerdi in sagt.kategorier
        case "aktivitetstillaeg_kategori":
            tillaeg = any(tjeneste == "AktivitetstillaegService" for tjeneste, _, _ in sagt.kaldt)
            return tillaeg and gruppe in sagt.scenens_grupper
        case _:
            return gruppe in sagt.grupper


ROERT: Mapping[str, Roert] = {
    "fejl": lambda noegle, sagt: any(kode == noegle[0] for _, _, kode in sagt.fejl),
    "metode_fejl": lambda noegle, sagt: noegle in sagt.fejl,
    "adgang": lambda noegle, sagt: noegle[:3] in sagt.kaldt,
    "adgangsperiode": lambda noegle, sagt: noegle in sagt.kaldt,
    "klientsystem_spaerret": lambda noegle, sagt: noegle in sagt.systemer,
    "kontaktgruppe": lambda noegle, sagt: noegle[0] in sagt.grupper,
    "kontaktgruppe_regel": _grupperegel,
    "personkategori": lambda noegle, sagt: noegle[0] in sagt.kategorier,
    "kombination": lambda noegle, sagt: noegle[0] in sagt.scenens_grupper and noegle[1] in sagt.kategorier,
    "tilmeldekategori": lambda noegle, sagt: noegle[0] in sagt.tilmeldekategorier,
    "wsrm_modtager": lambda noegle, sagt: any(
        noegle[:2] == (besked, rolle) and noegle[3] in {"", gruppe} for besked, rolle, gruppe in sagt.beskeder
    ),
}
"""When a row of a table is touched: its key, and what was said."""


class Faktalaeser:
    """Finds the facts under one contract."""

    def __init__(self, kontrakt: Kontrakt) -> None:
        self._laeser = Laeser(kontrakt)
        self._fakta = {navn: [_fakta(navn, *par) for par in kontrakt.tabeller[navn].items()] for navn in ROERT}

    def navngivne(self) -> tuple[Fakta, ...]:
        """List those that an explanation may name by the first part of their key: error numbers, and messages."""
        return (*self._fakta["fejl"], *self._fakta["wsrm_modtager"])

    def roert(
        self, ord_: str, kald: Sequence[Kaldsbevis], beskeder: Sequence[Beskedbevis], scenens_ord: str = ""
    ) -> tuple[Fakta, ...]:
        """List what a step touches; `scenens_ord` are those of all steps, for rules that hold two of them together."""
        sagt = self._laeser.laes(kald, beskeder)
        sagt.grupper.update(_GRUPPE.findall(ord_))
        sagt.kategorier.update(_KATEGORI.findall(ord_))
        sagt.scenens_grupper.update(sagt.grupper, _GRUPPE.findall(scenens_ord))
        return tuple(self._roerte(sagt))

    def _roerte(self, sagt: Naevnt) -> Iterator[Fakta]:
        for navn, roert in ROERT.items():
            yield from (en for en in self._fakta[navn] if roert(en.noegle, sagt))


def _fakta(tabel: str, noegle: Noegle, raekke: Raekke) -> Fakta:
    return Fakta(tabel, noegle, _tekst(tabel, raekke), raekke.kilde, raekke.sikkerhed)


def _tekst(tabel: str, raekke: Raekke) -> str:
    match tabel:
        case "fejl":
            return f"fejlkode {raekke['kode']}: »{raekke['dansk'] or raekke['engelsk']}«"
        case "metode_fejl":
            return f"{raekke['service']}.{raekke['metode']} kan give fejlkode {raekke['fejlkode']}"
        case "adgang":
            hvem = f"organisationstype {raekke['organisationstype']}"
            return f"{hvem} må kalde {raekke['service']}.{raekke['metode']} ({raekke['niveau']})"
        case "kontaktgruppe" | "personkategori" | "tilmeldekategori":
            return f"{tabel} {raekke['kode']}: {raekke['navn']}"
        case "kontaktgruppe_regel":
            return f"kontaktgruppe {raekke['kontaktgruppe']}: {raekke['regel']} {raekke['vaerdi']}"
        case "kombination":
            return f"kontaktgruppe {raekke['kontaktgruppe']} kan have personkategori {raekke['personkategori']}"
        case "wsrm_modtager":
            gruppe = f" {raekke['kontaktgruppe']}" if raekke["kontaktgruppe"] else ""
            return f"{raekke['besked']} til {raekke['modtager']} ved {raekke['naar']}{gruppe}"
        case _:
            return f"{tabel}: {', '.join(f'{navn} {vaerdi}' for navn, vaerdi in raekke.celler.items() if vaerdi)}"
