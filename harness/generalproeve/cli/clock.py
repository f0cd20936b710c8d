"""`generalproeve clock`: show, set, advance, freeze and run the clock of a running stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generalproeve.cli.line import line_flags, open_control
from generalproeve.settings.reading import fields_of, read_setting
from generalproeve.settings.stage import StageSettings

if TYPE_CHECKING:
    from vos_contracts.control.stage import StatusDto

_STATE = {"real": "følger maskinens ur", "offset": "går, forskudt fra maskinens ur", "frozen": "står stille"}
_FELL_DUE = {"nightly_run": ("natkørsel", "natkørsler"), "sequence_expiry": ("udløbet sekvens", "udløbne sekvenser")}


@click.group()
def clock() -> None:
    """Show and move the clock of a running stage.

    Moving the clock runs everything that becomes due on the way, such as nightly jobs and the expiry of open sequences, in
    order of time, and returns when that is done. The clock never goes backwards; only a reset of the stage starts over.
    """


@clock.command()
@line_flags
def show(control: str, as_json: bool) -> None:
    """Show the time on the stage, and whether its clock runs."""
    with open_control(control) as stage:
        _show(stage.status(), as_json)


@clock.command("set", short_help="Move the clock forward to INSTANT.")
@click.argument("instant")
@click.option("--run", "go", is_flag=True, help="Let the clock run from there; by default it stands still.")
@line_flags
def set_(instant: str, go: bool, control: str, as_json: bool) -> None:
    """Move the clock forward to INSTANT, such as 2024-12-24T09:00:00+01:00."""
    from vos_contracts.control.stage import ClockMode

    target = read_setting("INSTANT", instant, fields_of(StageSettings)["clock"])
    with open_control(control) as stage:
        _show(stage.move_clock(target, state=ClockMode.OFFSET if go else None), as_json)


@clock.command(short_help="Move the clock forward by DURATION.")
@click.argument("duration")
@line_flags
def advance(duration: str, control: str, as_json: bool) -> None:
    """Move the clock forward by DURATION: a number of seconds, or ISO 8601 such as P1D, PT2H or P1Y.

    Years, months and days follow the Danish calendar, so P1D keeps the wall-clock time when summer time begins or ends.
    """
    try:
        forward: float | str = float(duration)
    except ValueError:
        forward = duration
    with open_control(control) as stage:
        _show(stage.move_clock(forward=forward), as_json)


@clock.command()
@line_flags
def freeze(control: str, as_json: bool) -> None:
    """Stop the clock at its current time."""
    from vos_contracts.control.stage import ClockMode

    with open_control(control) as stage:
        _show(stage.move_clock(state=ClockMode.FROZEN), as_json)


@clock.command()
@click.option(
    "--real", "real", is_flag=True, help="Follow the machine's clock; by default go on from the current time."
)
@line_flags
def run(real: bool, control: str, as_json: bool) -> None:
    """Let the clock run; what becomes due then runs by itself."""
    from vos_contracts.control.stage import ClockMode

    with open_control(control) as stage:
        _show(stage.move_clock(state=ClockMode.REAL if real else ClockMode.OFFSET), as_json)


def _show(status: StatusDto, as_json: bool) -> None:
    if as_json:
        import json

        click.echo(
            json.dumps(
                {"clock": status.clock.isoformat(), "state": status.clock_state, "fell_due": dict(status.fell_due)}
            )
        )
        return
    click.echo(f"{status.clock:%d-%m-%Y %H:%M:%S} ({_STATE[status.clock_state]})")
    for source, count in status.fell_due.items():
        singular, plural = _FELL_DUE.get(source, (source, source))
        click.echo(f"undervejs: {count} {singular if count == 1 else plural}")
