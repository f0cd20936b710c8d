"""Which facts of the contract's tables a step touches: by its calls, their answers, the messages fetched, and its own words.

A verdict rests on them, and on an assumed one with the contract's certainty only. `ROERT` says when a row of each table is
touched. Not here: names on the wire (`assumptions`), or how a report shows any of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from generalproeve.bevis import Beskedbevis, Kaldsbevis
from generalproeve.run.touched.mentioned import Mentioned, MentionReader
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


Roert = Callable[[Noegle, Mentioned], bool]


def _grupperegel(noegle: Noegle, sagt: Mentioned) -> bool:
    gruppe, regel, vaerdi = noegle
    match regel:
        case "akasse_ser":
            return gruppe in sagt.shown.get(AKASSE, ())
        case "kategori_kraever_tilmeldt" | "kategori_kraever_ikke_tilmeldt":
            return gruppe in sagt.scenario_groups and vaerdi in sagt.categories
        case "aktivitetstillaeg_kategori":
            tillaeg = any(tjeneste == "AktivitetstillaegService" for tjeneste, _, _ in sagt.called)
            return tillaeg and gruppe in sagt.scenario_groups
        case _:
            return gruppe in sagt.groups


ROERT: Mapping[str, Roert] = {
    "fejl": lambda noegle, sagt: any(kode == noegle[0] for _, _, kode in sagt.errors),
    "metode_fejl": lambda noegle, sagt: noegle in sagt.errors,
    "adgang": lambda noegle, sagt: noegle[:3] in sagt.called,
    "adgangsperiode": lambda noegle, sagt: noegle in sagt.called,
    "klientsystem_spaerret": lambda noegle, sagt: noegle in sagt.systems,
    "kontaktgruppe": lambda noegle, sagt: noegle[0] in sagt.groups,
    "kontaktgruppe_regel": _grupperegel,
    "personkategori": lambda noegle, sagt: noegle[0] in sagt.categories,
    "kombination": lambda noegle, sagt: noegle[0] in sagt.scenario_groups and noegle[1] in sagt.categories,
    "tilmeldekategori": lambda noegle, sagt: noegle[0] in sagt.enrolment_categories,
    "wsrm_modtager": lambda noegle, sagt: any(
        noegle[:2] == (besked, rolle) and noegle[3] in {"", gruppe} for besked, rolle, gruppe in sagt.messages
    ),
}
"""When a row of a table is touched: its key, and what was said."""


class Faktalaeser:
    """Finds the facts under one contract."""

    def __init__(self, kontrakt: Kontrakt) -> None:
        self._laeser = MentionReader(kontrakt)
        self._fakta = {navn: [_fakta(navn, *par) for par in kontrakt.tabeller[navn].items()] for navn in ROERT}

    def navngivne(self) -> tuple[Fakta, ...]:
        """List those that an explanation may name by the first part of their key: error numbers, and messages."""
        return (*self._fakta["fejl"], *self._fakta["wsrm_modtager"])

    def roert(
        self, ord_: str, kald: Sequence[Kaldsbevis], beskeder: Sequence[Beskedbevis], scenens_ord: str = ""
    ) -> tuple[Fakta, ...]:
        """List what a step touches; `scenens_ord` are those of all steps, for rules that hold two of them together."""
        sagt = self._laeser.read(kald, beskeder)
        sagt.groups.update(_GRUPPE.findall(ord_))
        sagt.categories.update(_KATEGORI.findall(ord_))
        sagt.scenario_groups.update(sagt.groups, _GRUPPE.findall(scenens_ord))
        return tuple(self._roerte(sagt))

    def _roerte(self, sagt: Mentioned) -> Iterator[Fakta]:
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
