"""Read the contract's tables: CSV files whose every row carries its source and certainty.

Here: the file format, the keys, and laying an overlay's rows over the shipped ones. Not here: what a table means
(`vos_contracts.koder`). Carries DESIGN rule 4: every contract fact has `kilde` and `sikkerhed`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.resources import files

SKJULT = frozenset({"kilde", "sikkerhed"})
HANDLING, TILFOEJ, FJERN = "handling", "tilfoej", "fjern"


class Sikkerhed(StrEnum):
    """How certain a contract fact is."""

    EPIC = "epic"
    DOCUMENTED = "documented"
    ASSUMED = "assumed"


class TabelFejl(ValueError):
    """A table or an overlay breaks its own format; the message names the file, the line and the rule."""


@dataclass(frozen=True, slots=True)
class Raekke:
    """One row of a table: its cells, its source and its certainty."""

    celler: Mapping[str, str]
    kilde: str
    sikkerhed: Sikkerhed
    overlagt: frozenset[str] = frozenset()

    def __getitem__(self, kolonne: str) -> str:
        return self.celler[kolonne]


@dataclass(frozen=True, slots=True)
class Tabelform:
    """The shape of a table: its key columns, and the columns that are our choice even in a documented row.

    `faste_raekker`: an overlay may change the rows and neither add nor remove any.
    """

    navn: str
    noegler: tuple[str, ...]
    altid_antaget: frozenset[str] = field(default_factory=frozenset)
    faste_raekker: bool = False


Noegle = tuple[str, ...]
Tabel = Mapping[Noegle, Raekke]

FORMER: Mapping[str, Tabelform] = {
    form.navn: form
    for form in (
        Tabelform("navne", ("noegle",), faste_raekker=True),
        Tabelform("kontaktgruppe", ("kode",), frozenset({"gyldig_fra", "gyldig_til"})),
        Tabelform("kontaktgruppe_regel", ("kontaktgruppe", "regel", "vaerdi")),
        Tabelform("personkategori", ("kode",), frozenset({"gyldig_fra", "gyldig_til"})),
        Tabelform("kombination", ("kontaktgruppe", "personkategori")),
        Tabelform("tilmeldekategori", ("kode",), frozenset({"kraever_medlemskab", "uden_ydelse", "ledighedsgrader"})),
        Tabelform("ledighedsgrad", ("kode",)),
        Tabelform("afmeldingsaarsag", ("kode",)),
        Tabelform("klientsystem", ("kode",)),
        Tabelform("organisationstype", ("kode",)),
        Tabelform("brugertype", ("kode",)),
        Tabelform("adgang", ("service", "metode", "organisationstype", "niveau")),
        Tabelform("adgangsperiode", ("service", "metode", "organisationstype")),
        Tabelform("klientsystem_spaerret", ("klientsystem", "service", "metode")),
        Tabelform("jobnet_adgang", ("organisationstype", "kontaktgruppe", "tilmeldekategori")),
        Tabelform("brugerorganisation", ("organisationstype", "bruger_organisationstype")),
        Tabelform("fejl", ("kode",), frozenset({"http_status"}), faste_raekker=True),
        Tabelform("metode_fejl", ("service", "metode", "fejlkode")),
        Tabelform("fravaerstype", ("kode",), frozenset({"tillader_tilmelding"})),
        Tabelform("fravaer_konflikt", ("fravaerstype", "kontaktgruppe")),
        Tabelform("sygekilde", ("element", "sygekilde")),
        Tabelform("wsrm_modtager", ("besked", "modtager", "naar", "kontaktgruppe")),
        Tabelform("wsb_entitet", ("art",), faste_raekker=True),
        Tabelform("wsb_modtager", ("art", "modtager", "naar", "kontaktgruppe")),
        Tabelform("batchjob", ("kode",), frozenset({"navn", "orden", "klokken"}), faste_raekker=True),
        Tabelform("haendelse_modtager", ("domaene", "art")),
        Tabelform("udgave", ("udgave", "regel"), faste_raekker=True),
    )
}


def _raekker(tekst: str, filnavn: str) -> tuple[Sequence[str], list[tuple[int, dict[str, str]]]]:
    laeser = csv.DictReader(io.StringIO(tekst), strict=True)
    kolonner = laeser.fieldnames or ()
    raekker: list[tuple[int, dict[str, str]]] = []
    try:
        for celler in laeser:
            if None in celler or None in celler.values():
                raise TabelFejl(f"{filnavn}:{laeser.line_num}: the row has not {len(kolonner)} cells as the header")
            raekker.append((laeser.line_num, celler))
    except csv.Error as fejl:
        raise TabelFejl(f"{filnavn}:{laeser.line_num}: {fejl}") from fejl
    return kolonner, raekker


def parse(form: Tabelform, tekst: str, filnavn: str) -> Tabel:
    """Parse a shipped table.

    Errors: TabelFejl for a missing key column, a duplicate key or an unknown certainty.
    """
    kolonner, raekker = _raekker(tekst, filnavn)
    for kraevet in (*form.noegler, *sorted(SKJULT)):
        if kraevet not in kolonner:
            raise TabelFejl(f"{filnavn}: column {kraevet!r} is missing")
    tabel: dict[Noegle, Raekke] = {}
    for linje, celler in raekker:
        noegle = tuple(celler[kolonne] for kolonne in form.noegler)
        if noegle in tabel:
            raise TabelFejl(f"{filnavn}:{linje}: key {'/'.join(noegle)} stands twice")
        tabel[noegle] = Raekke(
            {kolonne: vaerdi for kolonne, vaerdi in celler.items() if kolonne not in SKJULT},
            celler["kilde"],
            _sikkerhed(celler["sikkerhed"], filnavn, linje),
        )
    return tabel


def _sikkerhed(tekst: str, filnavn: str, linje: int) -> Sikkerhed:
    try:
        return Sikkerhed(tekst)
    except ValueError:
        raise TabelFejl(f"{filnavn}:{linje}: sikkerhed is {tekst!r}, must be one of {', '.join(Sikkerhed)}") from None


def laeg_over(form: Tabelform, tabel: Tabel, tekst: str, filnavn: str) -> tuple[Tabel, tuple[str, ...]]:
    """Lay an overlay's rows over a table and say what they changed, one line per changed cell or row.

    A cell may be changed when its row is `assumed`, when its column is always our choice, or when the shipped cell is
    empty. A column `handling` may say `tilfoej` or `fjern`, where a row is added or an `assumed` one removed.
    Errors: TabelFejl naming file, line, key and the rule that was broken.
    """
    kolonner, raekker = _raekker(tekst, filnavn)
    for kraevet in form.noegler:
        if kraevet not in kolonner:
            raise TabelFejl(f"{filnavn}: column {kraevet!r} is missing")
    ny = dict(tabel)
    aendringer: list[str] = []
    for linje, celler in raekker:
        noegle = tuple(celler[kolonne] for kolonne in form.noegler)
        hvor = f"{filnavn}:{linje}: {'/'.join(noegle)}"
        handling = celler.pop(HANDLING, "")
        if handling:
            _skift_raekke(form, ny, noegle, celler, handling, hvor)
            aendringer.append(f"{form.navn}/{'/'.join(noegle)}: {handling}")
            continue
        gammel = ny.get(noegle)
        if gammel is None:
            raise TabelFejl(f"{hvor}: the contract has no such key in {form.navn}{_raad(form)}")
        aendret = _aendrede_celler(form, gammel, celler, hvor)
        if aendret:
            ny[noegle] = Raekke(
                {**gammel.celler, **aendret},
                f"overlay {filnavn}",
                gammel.sikkerhed,
                gammel.overlagt | set(aendret),
            )
            aendringer += [
                f"{form.navn}/{'/'.join(noegle)}.{kolonne}: {gammel[kolonne]!r} -> {vaerdi!r}"
                for kolonne, vaerdi in aendret.items()
            ]
    return ny, tuple(aendringer)


def _raad(form: Tabelform) -> str:
    return "" if form.faste_raekker else f"; a column {HANDLING!r} with 'tilfoej' adds it"


def _skift_raekke(
    form: Tabelform, tabel: dict[Noegle, Raekke], noegle: Noegle, celler: Mapping[str, str], handling: str, hvor: str
) -> None:
    if handling not in (TILFOEJ, FJERN):
        raise TabelFejl(f"{hvor}: {HANDLING} is {handling!r}, must be empty, {TILFOEJ!r} or {FJERN!r}")
    if form.faste_raekker:
        raise TabelFejl(f"{hvor}: rows of {form.navn} can be changed, not added or removed")
    gammel = tabel.get(noegle)
    if handling == FJERN:
        if gammel is None:
            raise TabelFejl(f"{hvor}: the contract has no such key in {form.navn}")
        if gammel.sikkerhed is not Sikkerhed.ASSUMED:
            raise TabelFejl(
                f"{hvor}: the row is {gammel.sikkerhed} ({gammel.kilde}); an overlay may remove assumed ones only"
            )
        del tabel[noegle]
        return
    if gammel is not None:
        raise TabelFejl(f"{hvor}: stands in {form.navn} already")
    kolonner = tuple(next(iter(tabel.values())).celler)
    for kolonne in celler:
        if kolonne not in kolonner and kolonne not in SKJULT:
            raise TabelFejl(f"{hvor}: the contract has no column {kolonne!r} in {form.navn}")
    nye = {kolonne: celler.get(kolonne, "") for kolonne in kolonner}
    tabel[noegle] = Raekke(nye, f"overlay {hvor}", Sikkerhed.ASSUMED, frozenset(nye))


def _aendrede_celler(form: Tabelform, gammel: Raekke, celler: Mapping[str, str], hvor: str) -> dict[str, str]:
    aendret: dict[str, str] = {}
    for kolonne, vaerdi in celler.items():
        if kolonne in form.noegler or kolonne in SKJULT:
            continue
        if kolonne not in gammel.celler:
            raise TabelFejl(f"{hvor}: the contract has no column {kolonne!r} in {form.navn}")
        if vaerdi == gammel[kolonne]:
            continue
        maa = gammel.sikkerhed is Sikkerhed.ASSUMED or kolonne in form.altid_antaget or gammel[kolonne] == ""
        if not maa:
            raise TabelFejl(
                f"{hvor}: {kolonne} is {gammel.sikkerhed} ({gammel.kilde}); an overlay may change assumed facts only"
            )
        aendret[kolonne] = vaerdi
    return aendret


def indlaes(form: Tabelform) -> Tabel:
    """Load a shipped table by its form."""
    filnavn = f"{form.navn}.csv"
    return parse(form, files("vos_contracts.koder").joinpath(filnavn).read_text("utf-8"), filnavn)


def ja(vaerdi: str, nej: str = "nej") -> bool:
    """Read a cell that says ja or nej, or ja or another word for no; errors: ValueError."""
    if vaerdi not in {"ja", nej}:
        raise ValueError(f"{vaerdi!r} must be 'ja' or {nej!r}")
    return vaerdi == "ja"


def hele_tal(tekst: str) -> frozenset[int]:
    """Read a cell that holds whole numbers separated by spaces."""
    return frozenset(int(tal) for tal in tekst.split())


def raekker(tabel: Tabel) -> Iterable[Raekke]:
    """List the rows of a table in the file's order."""
    return tabel.values()
