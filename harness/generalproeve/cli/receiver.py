"""`generalproeve receiver`: send a webhook a graded series of webservice messages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
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
    help="Authority that the messages are for; an a-kasse (2/...) gets kontaktgrupper only.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.01, 300),
    default=10.0,
    show_default=True,
    help="Seconds within which the webhook must answer.",
)
@click.option("--allow-remote", is_flag=True, help="Allow an address of another machine.")
@click.option(
    "--contract",
    type=click.Path(file_okay=False, path_type=Path),
    help="Overlay folder, if it renames members of the message.",
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
    """Send the webhook at URL a graded series: each kind of message, a duplicate, an old one, a burst, malformed ones.

    For each the command prints what it saw, and what cannot be seen from outside. Exit code 1 if the webhook broke a rule, 3 if
    nothing answers.
    """
    from generalproeve.base import machine_clock
    from generalproeve.cli.line import load_contract
    from vos_contracts.wire.base import NoListenerError
    from vos_simulators.receiver_exam import Judgement, ReceiverExam, kinds
    from vos_simulators.transport import HttpTransport

    require_loopback("URL", url, allow_remote=allow_remote)
    recipient, loaded = _organisation(organisation), load_contract(contract)
    entities = kinds(loaded, recipient)
    if not entities:
        raise CannotRun(
            f"--organisation {organisation}: organisation type {recipient.type} is sent no webservice messages"
        )
    parts = urlsplit(url)
    base, path = f"{parts.scheme}://{parts.netloc}", (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with HttpTransport(base, timeout=timeout) as transport:
        trial = ReceiverExam(loaded, transport, path, recipient, machine_clock.now())
        try:
            grades = list(_presented(trial.execute(entities), quiet=as_json))
        except NoListenerError as exc:
            raise Unreachable(f"no webhook answers at {url}: {exc.__cause__}") from exc
    breaches = sum(grade.judgement is Judgement.BREACH for grade in grades)
    if as_json:
        entries = [_entry(grade) for grade in grades]
        click.echo(json.dumps({"url": url, "breaches": breaches, "grades": entries}, ensure_ascii=False))
    else:
        click.echo(f"{len(grades)} prøver, {breaches} brud")
    ctx.exit(Exit.CONTRACT_BROKEN if breaches else Exit.OK)


def _organisation(text: str) -> Organisation:
    from vos_contracts.model.identity import Organisation

    match = re.fullmatch(r"(\d{1,3})/(\S{1,20})", text)
    if match is None:
        raise CannotRun(f"--organisation {text}: must be TYPE/CODE, such as 8/10100")
    return Organisation(int(match[1]), match[2])


def _presented(grades: Iterator[Grade], *, quiet: bool) -> Iterator[Grade]:
    """Print each grade as it comes, in colour on a terminal, and pass it on."""
    from rich.console import Console
    from rich.text import Text

    console = Console(soft_wrap=True, highlight=False)
    for grade in grades:
        if not quiet:
            _, danish, colour = _rendering(grade)
            line = Text(f"{danish:<12}", colour).append(f"{grade.name:<46}", "default")
            line.append(grade.seen, "default")
            if grade.not_observable:
                line.append(f"  - kan ikke ses udefra: {grade.not_observable}", "dim")
            console.print(line)
        yield grade


def _entry(grade: Grade) -> dict[str, str]:
    judgement, _, _ = _rendering(grade)
    return {"name": grade.name, "judgement": judgement, "seen": grade.seen, "not_observable": grade.not_observable}


def _rendering(grade: Grade) -> tuple[str, str, str]:
    """Return the judgement as JSON has it, as people read it, and its colour."""
    from vos_simulators.receiver_exam import Judgement

    return {
        Judgement.PASSED: ("passed", "bestået", "green"),
        Judgement.BREACH: ("breach", "brud", "bold red"),
        Judgement.REMARK: ("remark", "bemærkning", "yellow"),
        Judgement.NOT_SEEN: ("not_seen", "ikke set", "dim"),
    }[grade.judgement]
