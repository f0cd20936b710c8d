"""A delivery: registrations and citizens as files with a manifest, everything or what came since the last one.

`leverance.json` in the folder is the manifest of the last delivery: where the next delta begins. A delivery is written aside
and put in place when it is whole, so that one that was cut off leaves nothing behind but an unfinished folder, which the next
one clears away. Memory holds a page at a time.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from vos_contracts.control.operations import Udtraeksside
from vos_contracts.control.stage import StatusDto
from vos_simulators.bi.files import BORGERE, REGISTRERINGER, Form, Format, Raekke, skriver
from vos_simulators.bi.pseudonyms import Pseudonymer
from vos_simulators.bi.rows import Raekkeskriver, Udlevering
from vos_simulators.stage_reader import Driftslaeser

SENESTE, MANIFEST = "leverance.json", "manifest.json"
_DANSK_TID = ZoneInfo("Europe/Copenhagen")


class Leverancefejl(Exception):
    """The delivery cannot be made; the message says why and what to do."""


class Leveranceart(StrEnum):
    """Everything, or what came since the last delivery."""

    FULD = "full"
    DELTA = "delta"


class Markoerer(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How far the rows of each kind are delivered."""

    registreringer: int = 0
    borgere: int = 0


class Filpost(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One file of a delivery."""

    navn: str
    raekker: int
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a delivery is: rows, cursor, time by the stage's clock, contract, and how citizens are named."""

    nummer: int
    art: Leveranceart
    mappe: str
    format: Format
    tidspunkt: datetime
    udgave: str
    kontrakt: str
    generation: str
    borgere: Udlevering
    noegle: str | None
    referencedag: date | None
    fra: Markoerer
    til: Markoerer
    filer: tuple[Filpost, ...]


@dataclass(frozen=True, slots=True)
class Bestilling:
    """What is asked for; `art` None is a delta where there is a delivery to follow, `noegle` None no pseudonyms."""

    mappe: Path
    art: Leveranceart | None = None
    format: Format = Format.CSV
    noegle: bytes | None = None
    hele_cpr: bool = False


@dataclass(slots=True)
class _Del:
    post: Filpost
    til: int
    generation: str


def lever(
    laeser: Driftslaeser,
    status: StatusDto,
    bestilling: Bestilling,
    fremgang: Callable[[str, int], None] = lambda *_: None,
) -> Manifest:
    """Make a delivery; `fremgang` hears of each file how many rows it has so far.

    Errors: Leverancefejl, Noeglefejl, ManglerPyarrow, OSError, and those of `Driftslaeser`.
    """
    bestilling.mappe.mkdir(parents=True, exist_ok=True)
    forrige = seneste(bestilling.mappe)
    art = bestilling.art or (Leveranceart.FULD if forrige is None else Leveranceart.DELTA)
    if art is Leveranceart.DELTA and forrige is None:
        raise Leverancefejl(f"{bestilling.mappe}: a delta follows a delivery and there is none; begin with --full")
    raekkeskriver = Raekkeskriver(_pseudonymer(bestilling, status, forrige), bestilling.hele_cpr)
    if art is Leveranceart.DELTA and forrige is not None:
        _passer(forrige, raekkeskriver, bestilling.mappe)
    fra = Markoerer() if art is Leveranceart.FULD or forrige is None else forrige.til
    nummer = 1 if forrige is None else forrige.nummer + 1
    navn = f"{nummer:04d}-{art}"
    aside = bestilling.mappe / f".{navn}.ufaerdig"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    # registrations first: every row's citizen is then among the citizens
    dele = [
        _skriv(
            REGISTRERINGER, bestilling, aside, _registreringer(laeser, fra, raekkeskriver), fra.registreringer, fremgang
        ),
        _skriv(BORGERE, bestilling, aside, _borgere(laeser, fra, raekkeskriver), fra.borgere, fremgang),
    ]
    _tjek(dele, forrige if art is Leveranceart.DELTA else None, laeser, raekkeskriver.pseudonymer)
    manifest = Manifest(
        nummer=nummer,
        art=art,
        mappe=navn,
        format=bestilling.format,
        tidspunkt=status.ur,
        udgave=status.udgave,
        kontrakt=status.kontrakt_hash,
        generation=dele[0].generation,
        borgere=raekkeskriver.udlevering,
        noegle=None if raekkeskriver.pseudonymer is None else raekkeskriver.pseudonymer.fingeraftryk,
        referencedag=None if raekkeskriver.pseudonymer is None else raekkeskriver.pseudonymer.referencedag,
        fra=fra,
        til=Markoerer(registreringer=dele[0].til, borgere=dele[1].til),
        filer=tuple(en.post for en in dele),
    )
    _skriv_manifest(aside / MANIFEST, manifest)
    os.replace(aside, bestilling.mappe / navn)
    _skriv_manifest(bestilling.mappe / SENESTE, manifest)
    return manifest


def seneste(mappe: Path) -> Manifest | None:
    """Read the last whole delivery of a folder, also one that was put in place and not noted; errors: Leverancefejl."""
    fil = mappe / SENESTE
    sidste = _laes_manifest(fil) if fil.is_file() else None
    while True:
        naeste = 1 if sidste is None else sidste.nummer + 1
        fundne = [en / MANIFEST for en in sorted(mappe.glob(f"{naeste:04d}-*")) if (en / MANIFEST).is_file()]
        if not fundne:
            return sidste
        sidste = _laes_manifest(fundne[0])


def _pseudonymer(bestilling: Bestilling, status: StatusDto, forrige: Manifest | None) -> Pseudonymer | None:
    if bestilling.noegle is None:
        return None
    ny = Pseudonymer(bestilling.noegle, status.ur.astimezone(_DANSK_TID).date())
    if forrige is None or forrige.referencedag is None or forrige.noegle != ny.fingeraftryk:
        return ny
    return Pseudonymer(bestilling.noegle, forrige.referencedag)


def _passer(forrige: Manifest, raekkeskriver: Raekkeskriver, mappe: Path) -> None:
    if forrige.borgere is not raekkeskriver.udlevering:
        raise Leverancefejl(
            f"{mappe}: delivery {forrige.nummer} names citizens as {forrige.borgere}, this delta as "
            f"{raekkeskriver.udlevering}; ask for the same, or for --full"
        )
    if raekkeskriver.pseudonymer is not None and forrige.noegle != raekkeskriver.pseudonymer.fingeraftryk:
        raise Leverancefejl(f"{mappe}: delivery {forrige.nummer} was made with another key; use that one, or --full")


def _registreringer(
    laeser: Driftslaeser, fra: Markoerer, raekkeskriver: Raekkeskriver
) -> Iterator[tuple[Udtraeksside, list[Raekke]]]:
    for side in laeser.registreringer(fra.registreringer):
        yield side, [raekkeskriver.registrering(en) for en in side.registreringer]


def _borgere(
    laeser: Driftslaeser, fra: Markoerer, raekkeskriver: Raekkeskriver
) -> Iterator[tuple[Udtraeksside, list[Raekke]]]:
    for side in laeser.borgere(fra.borgere):
        yield side, [raekkeskriver.borger(en) for en in side.borgere]


def _skriv(
    form: Form,
    bestilling: Bestilling,
    mappe: Path,
    sider: Iterator[tuple[Udtraeksside, list[Raekke]]],
    fra: int,
    fremgang: Callable[[str, int], None],
) -> _Del:
    fil = mappe / f"{form.navn}.{bestilling.format}"
    antal, til, generation = 0, fra, ""
    with closing(skriver(bestilling.format, form, fil)) as aaben:
        for side, raekker in sider:
            if generation not in {"", side.generation}:
                raise Leverancefejl("the stage was emptied while it was read; begin again")
            aaben.skriv(raekker)
            antal, til, generation = antal + len(raekker), side.naeste, side.generation
            fremgang(form.navn, antal)
    with fil.open("rb") as laest:
        sha256 = hashlib.file_digest(laest, "sha256").hexdigest()
    return _Del(Filpost(navn=fil.name, raekker=antal, bytes=fil.stat().st_size, sha256=sha256), til, generation)


def _tjek(dele: list[_Del], forrige: Manifest | None, laeser: Driftslaeser, pseudonymer: Pseudonymer | None) -> None:
    generationer = {en.generation for en in dele} | ({forrige.generation} if forrige is not None else set())
    if len(generationer) > 1:
        raise Leverancefejl("the stage was emptied, or is another one, since the last delivery; begin with --full")
    if pseudonymer is not None and pseudonymer.moedte_fremmede:
        _tjek_pseudonymer(laeser, pseudonymer)


def _tjek_pseudonymer(laeser: Driftslaeser, pseudonymer: Pseudonymer) -> None:
    """Look for two alike among all citizens, delivered before or now; only numbers not of our making can meet."""
    originaler = [en.cpr for side in laeser.borgere(0) for en in side.borgere]
    givne = {pseudonymer.cpr(cpr) for cpr in originaler}
    if len(givne) < len(originaler) or not givne.isdisjoint(originaler):
        raise Leverancefejl("two citizens would get the same pseudonym, or one another's number; use another key")


def _skriv_manifest(fil: Path, manifest: Manifest) -> None:
    ny = fil.with_suffix(".ny")
    ny.write_bytes(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
    os.replace(ny, fil)


def _laes_manifest(fil: Path) -> Manifest:
    try:
        return msgspec.json.decode(fil.read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as brud:
        raise Leverancefejl(f"{fil}: {brud}") from brud
