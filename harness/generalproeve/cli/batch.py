"""`generalproeve batch`: run the nightly jobs of a running stage now, with a progress bar, and show the report."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as vent
from typing import TYPE_CHECKING

import click

from generalproeve.cli.linje import linjeflag, styring

if TYPE_CHECKING:
    from rich.console import Console

    from vos_contracts.control.stage import KoerselDto
    from vos_simulators.control import Styring

SPOERG_S = 0.2
"""How often the bar asks how far the run has come, in seconds."""


@click.command()
@click.option(
    "--full", "fuld", is_flag=True, help="Look at every citizen; if not given, at those for whom a job falls due."
)
@linjeflag
def batch(fuld: bool, control: str, som_json: bool) -> None:
    """Run the nightly jobs now, for the day that it is on the stage.

    A run that was interrupted is finished first. Running twice changes nothing twice.
    """
    import msgspec
    from rich.console import Console

    from vos_contracts.control.stage import Koerselsart

    art = Koerselsart.FULD if fuld else Koerselsart.DELTA
    konsol = Console()
    with styring(control) as linje:
        if som_json:
            click.echo(msgspec.json.encode(linje.batch(art)))
            return
        if not konsol.is_terminal:
            rapport = linje.batch(art)
        else:
            with styring(control) as sidelinje, ThreadPoolExecutor(1) as traad:
                rapport = _med_bjaelke(konsol, sidelinje, traad.submit(linje.batch, art))
    _vis(konsol, rapport)


def _med_bjaelke(konsol: Console, sidelinje: Styring, svar: Future[KoerselDto]) -> KoerselDto:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    kolonner = (TextColumn("[bold]{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*kolonner, console=konsol, transient=True) as fremgang:
        opgave = fremgang.add_task("borgere", total=None)
        while not svar.done():
            vent([svar], timeout=SPOERG_S)
            nu = sidelinje.seneste_batch()
            if nu is not None and not nu.faerdig:
                fremgang.update(opgave, total=max(nu.i_alt, nu.sete), completed=nu.sete)
    return svar.result()


def _vis(konsol: Console, rapport: KoerselDto) -> None:
    from rich.table import Table

    tabel = Table(box=None, pad_edge=False, header_style="bold")
    for kolonne in ("job", "set på", "ændret"):
        tabel.add_column(kolonne, justify="left" if kolonne == "job" else "right")
    for en in rapport.job:
        tabel.add_row(en.navn, str(en.sete), str(en.aendrede))
    konsol.print(tabel)
    konsol.print(
        f"{rapport.art.value} {rapport.dag:%d-%m-%Y}: {rapport.sete} set på, {rapport.aendrede} ændringer på "
        f"{rapport.sekunder:.2f} s",
        highlight=False,
    )
