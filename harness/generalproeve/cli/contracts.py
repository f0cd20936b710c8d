"""`generalproeve contracts`: list, show, export and check the contract, with or without an overlay."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generalproeve.base.exit_codes import KanIkkeKoere, Udgang

if TYPE_CHECKING:
    from rich.table import Table

_overlay = click.option(
    "--contract", type=click.Path(file_okay=False, path_type=Path), help="Overlay folder to lay over the contract."
)


@click.group()
def contracts() -> None:
    """List, show, export and check the contract.

    Every row says where it is from and how certain it is: epic, documented (a public page) or assumed (our choice, which an
    overlay may change).
    """


@contracts.command("list")
@_overlay
@click.option("--json", "som_json", is_flag=True, help="Print JSON.")
def list_(contract: Path | None, som_json: bool) -> None:
    """List the tables and documents."""
    from rich.table import Table

    dele = list(_oversigt(contract))
    if som_json:
        click.echo(json.dumps(dele, ensure_ascii=False))
        return
    tabel = Table(box=None, pad_edge=False, header_style="bold")
    for kolonne in ("name", "rows", "epic", "documented", "assumed", "overlaid"):
        tabel.add_column(kolonne, justify="left" if kolonne == "name" else "right")
    for del_ in (del_ for del_ in dele if "rows" in del_):
        tabel.add_row(
            *(str(del_.get(kolonne, "")) for kolonne in ("name", "rows", "epic", "documented", "assumed", "overlaid"))
        )
    _skriv(tabel)
    for del_ in (del_ for del_ in dele if "rows" not in del_):
        click.echo(del_["name"])  # beside the table: a name cut to the terminal's width cannot be given to `show`


@contracts.command()
@click.argument("name")
@_overlay
@click.option("--json", "som_json", is_flag=True, help="Print JSON.")
def show(name: str, contract: Path | None, som_json: bool) -> None:
    """Show a table by NAME with source and certainty, or print a document whole."""
    from rich.table import Table

    dokumenter = _dokumenter(contract)
    if name in dokumenter:
        click.echo(dokumenter[name].decode("utf-8"))
        return
    raekker = _raekker(name, contract)
    if raekker is None:
        raise KanIkkeKoere(f"contracts show {name}: no such name; `generalproeve contracts list` lists them")
    if som_json:
        click.echo(json.dumps(raekker, ensure_ascii=False))
        return
    tabel = Table(box=None, pad_edge=False, header_style="bold")
    for kolonne in _kolonner(name):
        tabel.add_column(kolonne, overflow="fold")
    for raekke in raekker:
        tabel.add_row(*raekke.values(), style="yellow" if raekke.get("sikkerhed") == "assumed" else "")
    _skriv(tabel)


@contracts.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@_overlay
def export(folder: Path, contract: Path | None) -> None:
    """Write every table and document to FOLDER, under the overlay's names if one is given.

    The golden messages keep the shipped names.
    """
    import csv

    from vos_contracts.tabel import FORMER

    antal = 0
    for navn in (*FORMER, "krav"):
        raekker = _raekker(navn, contract) or []
        fil = folder / "koder" / f"{navn}.csv"
        fil.parent.mkdir(parents=True, exist_ok=True)
        with fil.open("w", encoding="utf-8", newline="") as aaben:
            skriver = csv.DictWriter(aaben, _kolonner(navn), lineterminator="\n")
            skriver.writeheader()
            skriver.writerows(raekker)
        antal += 1
    for navn, indhold in _dokumenter(contract).items():
        fil = folder / navn
        fil.parent.mkdir(parents=True, exist_ok=True)
        fil.write_bytes(indhold)
        antal += 1
    click.echo(f"{antal} files written to {folder}")


@contracts.command()
@_overlay
@click.pass_context
def check(ctx: click.Context, contract: Path | None) -> None:
    """Check that the contract holds together, and say what an overlay changes."""
    from vos_contracts import eksempler
    from vos_contracts.validering import brud

    kontrakt = _indlaes(contract)
    if kontrakt.overlay:
        click.echo(f"overlay {kontrakt.overlay.navn}: {len(kontrakt.overlay.aendringer)} changes")
        for linje in kontrakt.overlay.aendringer:
            click.echo(f"  {linje}")
    fundne = list(brud(kontrakt))
    for linje in fundne:
        click.echo(f"BREACH {linje}")
    antal = sum(1 for _ in eksempler.alle())
    click.echo(
        f"{len(kontrakt.tabeller)} tables, {antal} golden messages, contract {kontrakt.hash}: {len(fundne)} breaches"
    )
    ctx.exit(Udgang.KONTRAKT_BRUDT if fundne else Udgang.OK)


def _indlaes(mappe: Path | None):  # type: ignore[no-untyped-def]  # Kontrakt, imported late
    from vos_contracts.kontrakt import indlaes
    from vos_contracts.tabel import TabelFejl

    try:
        return indlaes(mappe)
    except TabelFejl as fejl:
        raise KanIkkeKoere(str(fejl)) from fejl


def _oversigt(mappe: Path | None) -> Iterator[dict[str, object]]:
    from vos_contracts import krav
    from vos_contracts.tabel import Sikkerhed

    for navn, tabel in _indlaes(mappe).tabeller.items():
        tal = {sikkerhed.value: sum(en.sikkerhed is sikkerhed for en in tabel.values()) for sikkerhed in Sikkerhed}
        yield {"name": navn, "rows": len(tabel), **tal, "overlaid": sum(bool(en.overlagt) for en in tabel.values())}
    yield {"name": "krav", "rows": len(krav.indlaes()), "epic": len(krav.indlaes())}
    for navn in _dokumenter(mappe):
        yield {"name": navn}


def _raekker(navn: str, mappe: Path | None) -> list[dict[str, str]] | None:
    from dataclasses import asdict

    from vos_contracts import krav
    from vos_contracts.tabel import FORMER

    if navn == "krav":
        return [{felt: str(vaerdi) for felt, vaerdi in asdict(en).items()} for en in krav.indlaes().values()]
    if navn not in FORMER:
        return None
    return [
        {**en.celler, "kilde": en.kilde, "sikkerhed": en.sikkerhed.value}
        for en in _indlaes(mappe).tabeller[navn].values()
    ]


def _kolonner(navn: str) -> list[str]:
    """Name the columns by the shipped table: an overlay may have taken every row away."""
    return list((_raekker(navn, None) or [{}])[0])


def _skriv(tabel: Table) -> None:
    """Print within a terminal's width; to a pipe or a file a line per row, whole, for other tools to read."""
    from rich.console import Console

    konsol = Console()
    if not konsol.is_terminal:
        konsol.width = konsol.measure(tabel, options=konsol.options.update(width=sys.maxsize)).maximum
    konsol.print(tabel)


def _dokumenter(mappe: Path | None) -> Mapping[str, bytes]:
    from vos_contracts import asyncapi, eksempler, openapi, openapi_laesning
    from vos_contracts.wire.soap_skema import tjenester

    kontrakt = _indlaes(mappe)
    dokumenter = {
        "openapi/PersonVisiteringService.v1.json": openapi.kanonisk(kontrakt).encode(),
        "wsb/asyncapi.json": asyncapi.kanonisk(kontrakt).encode(),
        "openapi/VisiteringOgStatus.json": openapi_laesning.kanonisk(kontrakt).encode(),
    }
    for tjeneste in tjenester(kontrakt).values():
        for navn, indhold in tjeneste.filer.items():
            dokumenter[f"soap/{f'{tjeneste.navn}.v{tjeneste.version}.wsdl' if navn == 'wsdl' else navn}"] = indhold
    for channel in eksempler.CHANNELS:
        dokumenter |= {message.path: message.indhold for message in eksempler.good_messages(channel)}
        dokumenter[f"eksempler/{channel}/{eksempler.REFUSALS}"] = eksempler.refusal_file(channel)
    return dokumenter
