"""`generalproeve clock`: show, set, advance, freeze and run the clock of a running stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generalproeve.cli.linje import linjeflag, styring
from generalproeve.settings.reading import fields_of, read_setting
from generalproeve.settings.stage import StageSettings

if TYPE_CHECKING:
    from vos_contracts.control.stage import StatusDto

_TILSTAND = {"reel": "følger maskinens ur", "forskudt": "går, forskudt fra maskinens ur", "frosset": "står stille"}
_FORFALDT = {"natkoersel": ("natkørsel", "natkørsler"), "sekvensudloeb": ("udløbet sekvens", "udløbne sekvenser")}


@click.group()
def clock() -> None:
    """Show and move the clock of a running stage.

    Moving it carries out everything that falls due on the way - nightly jobs, sequences left open - in order of time, and
    returns when that has settled. The clock never goes backwards; only a reset of the stage begins again.
    """


@clock.command()
@linjeflag
def show(control: str, som_json: bool) -> None:
    """Show what time it is on the stage."""
    with styring(control) as linje:
        _vis(linje.status(), som_json)


@clock.command("set")
@click.argument("instant")
@click.option("--run", "gaa", is_flag=True, help="Let the clock go from there; it freezes if not given.")
@linjeflag
def set_(instant: str, gaa: bool, control: str, som_json: bool) -> None:
    """Set the clock forward to INSTANT, such as 2024-12-24T09:00:00+01:00."""
    from vos_contracts.control.stage import Urtilstand

    tidspunkt = read_setting("INSTANT", instant, fields_of(StageSettings)["clock"])
    with styring(control) as linje:
        _vis(linje.flyt_ur(tidspunkt, tilstand=Urtilstand.FORSKUDT if gaa else None), som_json)


@clock.command()
@click.argument("duration")
@linjeflag
def advance(duration: str, control: str, som_json: bool) -> None:
    """Move the clock forward by DURATION: seconds, or ISO 8601 such as P1D, PT2H or P1Y.

    Years, months and days go by the Danish calendar; hours, minutes and seconds are real time.
    """
    try:
        frem: float | str = float(duration)
    except ValueError:
        frem = duration
    with styring(control) as linje:
        _vis(linje.flyt_ur(frem=frem), som_json)


@clock.command()
@linjeflag
def freeze(control: str, som_json: bool) -> None:
    """Stop the clock where it stands."""
    from vos_contracts.control.stage import Urtilstand

    with styring(control) as linje:
        _vis(linje.flyt_ur(tilstand=Urtilstand.FROSSET), som_json)


@clock.command()
@click.option(
    "--real", "reel", is_flag=True, help="Follow the machine's clock; if not given, go on from where it stands."
)
@linjeflag
def run(reel: bool, control: str, som_json: bool) -> None:
    """Let the clock go; what falls due is then carried out by itself."""
    from vos_contracts.control.stage import Urtilstand

    with styring(control) as linje:
        _vis(linje.flyt_ur(tilstand=Urtilstand.REEL if reel else Urtilstand.FORSKUDT), som_json)


def _vis(status: StatusDto, som_json: bool) -> None:
    if som_json:
        import json

        click.echo(
            json.dumps({"clock": status.ur.isoformat(), "state": status.ur_tilstand, "fell_due": dict(status.forfaldt)})
        )
        return
    click.echo(f"{status.ur:%d-%m-%Y %H:%M:%S} ({_TILSTAND[status.ur_tilstand]})")
    for kilde, antal in status.forfaldt.items():
        en, flere = _FORFALDT.get(kilde, (kilde, kilde))
        click.echo(f"undervejs: {antal} {en if antal == 1 else flere}")
