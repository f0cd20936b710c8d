"""`generalproeve report`: look at earlier runs again, and hold one against another."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import click

from generalproeve.base.exit_codes import Udgang

KOERSEL = click.Path(path_type=Path)


@click.group()
def report() -> None:
    """Look at earlier runs: RUN is a run's folder, or its journal.ndjson."""


@report.command()
@click.argument("run", type=KOERSEL)
@click.option("--json", "som_json", is_flag=True, help="Print one JSON object.")
def show(run: Path, som_json: bool) -> None:
    """Say what a run was played on and how its scenes came out."""
    from generalproeve.rapport import anklage, laesning
    from generalproeve.udfald import Udfald

    koert = laesning.laes(run)
    antal = Counter(en.udfald for en in koert.scener.values())
    ramme = {navn: vaerdi for navn, vaerdi in koert.ramme.items() if navn not in {"nr", "art"}}
    if som_json:
        click.echo(json.dumps({**ramme, "counts": antal, "finished": koert.faerdig}, ensure_ascii=False))
        return
    for navn, vaerdi in ramme.items():
        if vaerdi:
            tekst = ", ".join(f"{en} {hvad}" for en, hvad in vaerdi.items()) if isinstance(vaerdi, dict) else vaerdi
            click.echo(f"{navn:<12}{tekst}")
    click.echo(", ".join(f"{antal[udfald]} {udfald.dansk}" for udfald in Udfald if antal[udfald]) or "ingen scener")
    for (egenskab, scene, _), en in koert.scener.items():
        if en.udfald in {Udfald.FAILED, Udfald.ERRORED}:
            click.echo(f"{en.udfald.dansk.upper()}: {egenskab}: {scene}\n  {en.forklaring}")
            if en.anklage is not None:
                click.echo("\n".join(anklage.linjer(en.anklage)))
    if not koert.faerdig:
        click.echo("kørslen blev afbrudt")


@report.command()
@click.argument("before", type=KOERSEL)
@click.argument("after", type=KOERSEL)
@click.option("--json", "som_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def diff(ctx: click.Context, before: Path, after: Path, som_json: bool) -> None:
    """Compare two runs: which scenes came out otherwise, which are new, which are gone.

    Exit code 0 if every scene came out the same, 1 if any did not.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from generalproeve.rapport import forskel, laesning

    a, b = laesning.laes(before), laesning.laes(after)
    scener, ramme = forskel.forskelle(a, b), forskel.rammeforskelle(a, b)
    if som_json:
        click.echo(
            json.dumps(
                {
                    "scenes": [
                        {"kind": en.slags, "feature": en.egenskab, "scene": en.scene, "before": en.foer, "after": en.nu,
                         "reason": en.forklaring}
                        for en in scener
                    ],
                    "played_on": [{"what": hvad, "before": foer, "after": nu} for hvad, foer, nu in ramme],
                },
                ensure_ascii=False,
            )
        )  # fmt: skip
    else:
        konsol = Console(soft_wrap=True, highlight=False)
        for hvad, foer, nu in ramme:
            konsol.print(f"{hvad}: {foer} -> {nu}", markup=False)
        if konsol.is_terminal and scener:
            tabel = Table("", "scene", "før", "nu", "forklaring", box=None, pad_edge=False)
            for en in scener:
                tabel.add_row(en.slags, Text(en.scene), _dansk(en.foer), _dansk(en.nu), Text(en.forklaring))
            konsol.print(tabel)
        else:
            for en in scener:
                linje = f"{en.slags}: {en.egenskab}: {en.scene}: {_dansk(en.foer)} -> {_dansk(en.nu)}  {en.forklaring}"
                konsol.print(linje.rstrip(), markup=False)
        konsol.print(f"{len(scener)} af {len({*a.scener, *b.scener})} scener er ikke som før", markup=False)
    ctx.exit(Udgang.KONTRAKT_BRUDT if scener else Udgang.OK)


@report.command()
@click.argument("run", type=KOERSEL)
def expect(run: Path) -> None:
    """Print a file for `test --expect` of the breaches that a run found; the reasons are yours to give."""
    from generalproeve.rapport import forventet, laesning

    click.echo("\n".join(forventet.skriv(laesning.laes(run))))


def _dansk(udfald: object) -> str:
    from generalproeve.udfald import Udfald

    return udfald.dansk if isinstance(udfald, Udfald) else "-"
