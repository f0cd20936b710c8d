"""`generalproeve receiver`: send a party's own webhook a graded series of webservice messages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from generalproeve.base.exit_codes import CannotRun, Exit, Unreachable
from generalproeve.settings.exposure import require_loopback

if TYPE_CHECKING:
    from vos_contracts.model.identity import Organisation
    from vos_simulators.receiver_exam import Grade


@click.command()
@click.argument("url")
@click.option(
    "--organisation",
    default="8/10100",
    show_default=True,
    metavar="TYPE/CODE",
    help="The authority that the messages are for; a fund (2/...) is sent contact groups only.",
)
@click.option("--timeout", type=click.FloatRange(0.01, 300), default=10.0, show_default=True, help="Seconds to answer.")
@click.option("--allow-remote", is_flag=True, help="Send to an address that is not on this machine.")
@click.option(
    "--contract", type=click.Path(file_okay=False, path_type=Path), help="Overlay folder: your names of the envelope."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, and nothing else.")
@click.pass_context
def receiver(
    ctx: click.Context,
    url: str,
    organisation: str,
    timeout: float,
    allow_remote: bool,
    contract: Path | None,
    as_json: bool,
) -> None:
    """Send the webhook at URL a graded series: every message, a duplicate, an old one, a burst, malformed ones.

    Says what was seen and what cannot be seen from outside. Exit code 1 when the webhook broke what is asked of one, 3 when
    nobody answers.
    """
    from generalproeve.base import machine_clock as machine_clock
    from generalproeve.cli.common import load_contract
    from vos_contracts.wire.base import NobodyThereError
    from vos_simulators.receiver_exam import Judgement, ReceiverTrial, kinds
    from vos_simulators.transport import HttpTransport

    require_loopback("URL", url, allow_remote=allow_remote)
    until, chosen = _organisation(organisation), load_contract(contract)
    entities = kinds(chosen, until)
    if not entities:
        raise CannotRun(f"--organisation {organisation}: organisation type {until.type} is sent no webservice messages")
    parts = urlsplit(url)
    base, path = f"{parts.scheme}://{parts.netloc}", (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with HttpTransport(base, timeout=timeout) as transport:
        trial = ReceiverTrial(chosen, transport, path, until, machine_clock.now())
        try:
            grades = list(_presented(trial.execute(entities), character=not as_json))
        except NobodyThereError as nothing:
            raise Unreachable(f"no webhook answers at {url}: {nothing.__cause__}") from nothing
    breach = sum(grade.judgement is Judgement.BREACH for grade in grades)
    if as_json:
        click.echo(
            json.dumps(
                {"url": url, "breaches": breach, "grades": [asdict(grade) for grade in grades]}, ensure_ascii=False
            )
        )
    else:
        click.echo(f"{len(grades)} prøver, {breach} brud")
    ctx.exit(Exit.CONTRACT_BROKEN if breach else Exit.OK)


def _organisation(text: str) -> Organisation:
    from vos_contracts.model.identity import Organisation

    finding = re.fullmatch(r"(\d{1,3})/(\S{1,20})", text)
    if finding is None:
        raise CannotRun(f"--organisation {text}: must be TYPE/CODE, such as 8/10100")
    return Organisation(int(finding[1]), finding[2])


def _presented(grades: Iterator[Grade], *, character: bool) -> Iterator[Grade]:
    """Show each grade as it comes: a coloured line on a terminal, a plain one elsewhere."""
    from rich.console import Console
    from rich.text import Text

    console = Console(soft_wrap=True, highlight=False)
    for grade in grades:
        if character:
            line = Text(f"{grade.judgement.value:<12}", _COLOURS[grade.judgement.value]).append(
                f"{grade.name:<46}", "default"
            )
            line.append(grade.set, "default")
            if grade.not_set:
                line.append(f"  - kan ikke ses udefra: {grade.not_set}", "dim")
            console.print(line)
        yield grade


_COLOURS = {"bestået": "green", "breach": "bold red", "bemærkning": "yellow", "ikke set": "dim"}
