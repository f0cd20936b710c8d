"""`generalproeve seed`: register many citizens through the public services of a running stage, as Datakanon does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generalproeve.base.exit_codes import Exit
from generalproeve.cli.line import SERVICES, line, line_flags
from generalproeve.settings.exposure import require_loopback

if TYPE_CHECKING:
    from vos_contracts.contract import Contract
    from vos_simulators.bulk_registration import Count


@click.command()
@click.option(
    "--people", type=click.IntRange(1, 1_000_000), default=10_000, show_default=True, help="Number of citizens."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same citizens.")
@click.option(
    "--channel",
    type=click.Choice(["rest", "soap"]),
    default="rest",
    show_default=True,
    help="Service that registers them: rest is PersonVisiteringService, soap is PersonRegistrationService.",
)
@click.option(
    "--connections", type=click.IntRange(1, 64), default=8, show_default=True, help="Number of simultaneous calls."
)
@line_flags
@click.option(
    "--services",
    "services",
    default=SERVICES,
    show_default=True,
    metavar="URL",
    help="Address of the stage's services.",
)
@click.option(
    "--contract", type=click.Path(file_okay=False, path_type=Path), help="Overlay folder that the stage uses."
)
@click.option("--allow-remote", is_flag=True, help="Allow addresses of another machine.")
@click.pass_context
def seed(
    ctx: click.Context,
    people: int,
    seed: int,
    channel: str,
    connections: int,
    control: str,
    services: str,
    contract: Path | None,
    allow_remote: bool,
    as_json: bool,
) -> None:
    """Register many citizens through the public services of a running stage, as Datakanon does.

    The citizens are put on the stage as if from CPR; their kontaktgrupper and personkategorier are registered through the
    services. A citizen who is on the stage already is skipped. Exit code 1 if a registration was refused.
    """
    from generalproeve.cli.line import load_contract
    from vos_contracts.base import stopwatch
    from vos_simulators.bulk_registration import bulk_create
    from vos_simulators.control import Control
    from vos_simulators.party import Channel
    from vos_simulators.stage_reader import OperationsReader

    require_loopback("--control", control, allow_remote=allow_remote)
    require_loopback("--services", services, allow_remote=allow_remote)
    loaded = load_contract(contract)
    started = stopwatch.seconds()
    with (
        line("--control", control) as control_line,
        line("--services", services) as service_line,
        _progress(people, quiet=as_json) as progress,
    ):
        tally = bulk_create(
            Control(control_line),
            service_line,
            loaded,
            count=people,
            seed=seed,
            channel=Channel.PVS if channel == "rest" else Channel.PRS,
            open_connections=connections,
            recorded={citizen.cpr for page in OperationsReader(control_line).state() for citizen in page.citizens},
            progress=progress,
        )
    _report(tally, stopwatch.seconds() - started, loaded, as_json=as_json)
    ctx.exit(Exit.CONTRACT_BROKEN if tally.refusal else Exit.OK)


@contextmanager
def _progress(count: int, *, quiet: bool) -> Iterator[Callable[[Count], None]]:
    from generalproeve.base.progress import progress

    with progress("borgere", count, quiet=quiet) as show:
        yield lambda tally: show(tally.people)


def _report(tally: Count, seconds: float, contract: Contract, *, as_json: bool) -> None:
    refusals = dict(sorted(tally.refusal.items()))
    if as_json:
        summary = {
            "people": tally.people,
            "registrations": dict(sorted(tally.registrations.items())),
            "refusals": {str(code): count for code, count in refusals.items()},
            "seconds": round(seconds, 3),
        }
        click.echo(json.dumps(summary))
        return
    methods = ", ".join(f"{count} {method}" for method, count in sorted(tally.registrations.items()))
    click.echo(f"{tally.people} borgere på {seconds:.1f} s: {methods or 'ingen registreringer'}")
    for code, count in refusals.items():
        text = contract.errors[code].rest if code in contract.errors else ""
        click.echo(f"  afvist {count} gange med {code} {text}")
