"""The requirements as rows: one per sentence of the epic, verbatim, with both of the epic's numberings (DESIGN rule 7).

A row is carried by the Danish scenarios that wear its key as a tag, or says which later capability will carry it, or why it
is not tested. Joined with ` … `: a lead-in and its bullet, both verbatim.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from importlib.resources import files

FILNAVN = "krav.csv"
SENERE = frozenset({"domaene", "beskeder", "suite", "fuzz", "load"})
"""The later capabilities that a row may wait for."""


class Status(StrEnum):
    """What becomes of a requirement here."""

    SCENARIE = "scenarie"
    SENERE = "senere"
    IKKE_TESTET = "ikke_testet"


@dataclass(frozen=True, slots=True)
class Krav:
    """One requirement sentence; `epic_nr_tabel` and `epic_nr_krop` are its numbers in the epic's table and body."""

    noegle: str
    epic_nr_tabel: str
    epic_nr_krop: str
    afsnit: str
    service: str
    tekst: str
    relevant_for: str
    status: Status
    begrundelse: str


@dataclass(frozen=True, slots=True)
class Daekning:
    """Which scenes carry which requirements, and what does not add up."""

    baerere: Mapping[str, tuple[str, ...]]
    ukendte: tuple[str, ...]
    udaekkede: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Say whether every tag is a row and every row that claims scenes has some."""
        return not self.ukendte and not self.udaekkede


@cache
def indlaes() -> Mapping[str, Krav]:
    """Load the rows by key; errors: ValueError naming file, line and field."""
    return parse(files("vos_contracts.krav").joinpath(FILNAVN).read_text("utf-8"), FILNAVN)


def parse(tekst: str, filnavn: str) -> Mapping[str, Krav]:
    """Parse the rows; errors: as `indlaes`."""
    laeser = csv.DictReader(io.StringIO(tekst), strict=True)
    navne = [felt.name for felt in fields(Krav)]
    if list(laeser.fieldnames or ()) != navne:
        raise ValueError(f"{filnavn}: the columns must be {', '.join(navne)}")
    raekker: dict[str, Krav] = {}
    for celler in laeser:
        hvor = f"{filnavn}:{laeser.line_num}"
        noegle = celler["noegle"]
        if not (noegle.isidentifier() and noegle.isascii() and noegle == noegle.lower()):
            raise ValueError(f"{hvor}: noegle: {noegle!r} is not a lower-case ASCII identifier")
        if noegle in raekker:
            raise ValueError(f"{hvor}: noegle: {noegle} stands twice")
        if celler["status"] not in set(Status):
            raise ValueError(f"{hvor}: status: {celler['status']!r} must be one of {', '.join(Status)}")
        if not celler["tekst"]:
            raise ValueError(f"{hvor}: tekst: is empty")
        krav = Krav(**{**celler, "status": Status(celler["status"])})  # type: ignore[arg-type]  # checked above
        _tjek_begrundelse(krav, hvor)
        raekker[noegle] = krav
    return raekker


def _tjek_begrundelse(krav: Krav, hvor: str) -> None:
    begrundelse = krav.begrundelse
    if krav.status is Status.SCENARIE and begrundelse:
        raise ValueError(f"{hvor}: begrundelse: a row that scenes carry needs none")
    if krav.status is Status.IKKE_TESTET and not begrundelse:
        raise ValueError(f"{hvor}: begrundelse: say why the row is not tested")
    if krav.status is Status.SENERE and begrundelse.partition(":")[0] not in SENERE:
        raise ValueError(f"{hvor}: begrundelse: must begin with one of {', '.join(sorted(SENERE))}")


def daekning(tags_per_scene: Mapping[str, Iterable[str]], alle: Mapping[str, Krav] | None = None) -> Daekning:
    """Hold the scenes' tags against the rows."""
    raekker = indlaes() if alle is None else alle
    baerere: dict[str, list[str]] = {}
    for scene, tags in tags_per_scene.items():
        for tag in tags:
            baerere.setdefault(tag, []).append(scene)
    return Daekning(
        baerere={noegle: tuple(scener) for noegle, scener in baerere.items() if noegle in raekker},
        ukendte=tuple(sorted(set(baerere) - set(raekker))),
        udaekkede=tuple(
            noegle for noegle, krav in raekker.items() if krav.status is Status.SCENARIE and noegle not in baerere
        ),
    )
