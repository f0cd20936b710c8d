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

from generalproeve.base.exit_codes import KanIkkeKoere, Udgang, Uopnaaelig
from generalproeve.settings.exposure import require_loopback

if TYPE_CHECKING:
    from vos_contracts.model.identity import Organisation
    from vos_simulators.receiver_exam import Karakter


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
@click.option("--json", "som_json", is_flag=True, help="Print one JSON object, and nothing else.")
@click.pass_context
def receiver(
    ctx: click.Context,
    url: str,
    organisation: str,
    timeout: float,
    allow_remote: bool,
    contract: Path | None,
    som_json: bool,
) -> None:
    """Send the webhook at URL a graded series: every message, a duplicate, an old one, a burst, malformed ones.

    Says what was seen and what cannot be seen from outside. Exit code 1 when the webhook broke what is asked of one, 3 when
    nobody answers.
    """
    from generalproeve.base import machine_clock as maskinur
    from generalproeve.cli.faelles import kontrakt
    from vos_contracts.wire.base import NobodyThereError
    from vos_simulators.receiver_exam import Dom, Modtagerproeve, arter
    from vos_simulators.transport import HttpTransport

    require_loopback("URL", url, allow_remote=allow_remote)
    til, valgt = _organisation(organisation), kontrakt(contract)
    entiteter = arter(valgt, til)
    if not entiteter:
        raise KanIkkeKoere(
            f"--organisation {organisation}: organisation type {til.type} is sent no webservice messages"
        )
    dele = urlsplit(url)
    base, sti = f"{dele.scheme}://{dele.netloc}", (dele.path or "/") + (f"?{dele.query}" if dele.query else "")
    with HttpTransport(base, tidsfrist=timeout) as transport:
        proeve = Modtagerproeve(valgt, transport, sti, til, maskinur.nu())
        try:
            karakterer = list(_fremvist(proeve.koer(entiteter), tegn=not som_json))
        except NobodyThereError as intet:
            raise Uopnaaelig(f"no webhook answers at {url}: {intet.__cause__}") from intet
    brud = sum(en.dom is Dom.BRUD for en in karakterer)
    if som_json:
        click.echo(
            json.dumps({"url": url, "breaches": brud, "grades": [asdict(en) for en in karakterer]}, ensure_ascii=False)
        )
    else:
        click.echo(f"{len(karakterer)} prøver, {brud} brud")
    ctx.exit(Udgang.KONTRAKT_BRUDT if brud else Udgang.OK)


def _organisation(tekst: str) -> Organisation:
    from vos_contracts.model.identity import Organisation

    fund = re.fullmatch(r"(\d{1,3})/(\S{1,20})", tekst)
    if fund is None:
        raise KanIkkeKoere(f"--organisation {tekst}: must be TYPE/CODE, such as 8/10100")
    return Organisation(int(fund[1]), fund[2])


def _fremvist(karakterer: Iterator[Karakter], *, tegn: bool) -> Iterator[Karakter]:
    """Show each grade as it comes: a coloured line on a terminal, a plain one elsewhere."""
    from rich.console import Console
    from rich.text import Text

    konsol = Console(soft_wrap=True, highlight=False)
    for en in karakterer:
        if tegn:
            linje = Text(f"{en.dom.value:<12}", _FARVER[en.dom.value]).append(f"{en.navn:<46}", "default")
            linje.append(en.set, "default")
            if en.ikke_set:
                linje.append(f"  - kan ikke ses udefra: {en.ikke_set}", "dim")
            konsol.print(linje)
        yield en


_FARVER = {"bestået": "green", "brud": "bold red", "bemærkning": "yellow", "ikke set": "dim"}
