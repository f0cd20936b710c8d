"""`generalproeve monitor`: hold every business domain's view against a running stage's truth, and say each divergence."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generalproeve.base.exit_codes import KanIkkeKoere, Udgang
from generalproeve.cli.linje import linje, linjeflag

if TYPE_CHECKING:
    from vos_simulators.divergence import Afvigelse
    from vos_simulators.monitor import Filsyn, Rapport


@click.command()
@linjeflag
@click.option(
    "--view",
    "filer",
    multiple=True,
    metavar="DOMAIN=FILE.json",
    help="Take a domain's view from a file instead of from the events; repeatable.",
)
@click.option(
    "--contract", type=click.Path(file_okay=False, path_type=Path), help="Overlay folder that the stage speaks."
)
@click.pass_context
def monitor(ctx: click.Context, control: str, filer: tuple[str, ...], contract: Path | None, som_json: bool) -> None:
    """Hold the views of JobSearch, Kontaktforloeb and Virksomhedsindsats against a running stage's truth.

    A view is built from the domain's events. A file is a list of citizens, such as
    [{"cpr": "...", "kontaktgrupper": [{"type": 13}], "personkategorier": []}]; id, start and slut are compared where they are
    given. Exit code 1 when something diverges.
    """
    from generalproeve.cli.faelles import kontrakt
    from vos_simulators.inboxes.domains import domaener
    from vos_simulators.monitor import overvaag
    from vos_simulators.stage_reader import Driftslaeser

    valgt = kontrakt(contract)
    syn = dict(_filsyn(valg, valgt.domains) for valg in filer)
    with linje("--control", control) as transport:
        laeser = Driftslaeser(transport)
        rapport = overvaag(laeser, domaener(valgt.event_recipients, laeser), syn)
    if som_json:
        click.echo(json.dumps(_json(rapport), ensure_ascii=False))
    else:
        _tegn(rapport)
    ctx.exit(Udgang.KONTRAKT_BRUDT if rapport.antal else Udgang.OK)


def _filsyn(valg: str, modtagere: Iterable[str]) -> tuple[str, Filsyn]:
    import msgspec

    from vos_contracts.control.operations import Borgerstand
    from vos_simulators.monitor import Filsyn

    domaene, lig, fil = valg.partition("=")
    if not lig or domaene not in modtagere:
        raise KanIkkeKoere(f"--view {valg}: must be DOMAIN=FILE.json with one of {', '.join(modtagere)}")
    try:
        borgere = msgspec.json.decode(Path(fil).read_bytes(), type=list[Borgerstand])
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as brud:
        raise KanIkkeKoere(f"--view {fil}: {brud}") from brud
    if navnloes := [nummer for nummer, en in enumerate(borgere) if not (en.cpr or en.borger_id)]:
        raise KanIkkeKoere(f"--view {fil}: $[{navnloes[0]}]: a citizen needs cpr or borgerId")
    return domaene, Filsyn(borgere)


def _json(rapport: Rapport) -> Mapping[str, object]:
    import msgspec

    assert rapport.ur is not None
    return {
        "clock": rapport.ur.isoformat(),
        "people": rapport.borgere,
        "divergences": rapport.antal,
        "domains": {navn: msgspec.to_builtins(fundne) for navn, fundne in rapport.afvigelser.items()},
    }


def _tegn(rapport: Rapport) -> None:
    from rich.console import Console
    from rich.table import Table

    konsol = Console()
    for navn, fundne in rapport.afvigelser.items():
        konsol.print(f"{navn}: {_antal(len(fundne))} blandt {rapport.borgere} borgere", highlight=False)
    alle = [en for fundne in rapport.afvigelser.values() for en in fundne]
    if not alle:
        return
    if not konsol.is_terminal:
        for en in alle:
            click.echo("  ".join(_celler(en)))
        return
    tabel = Table(box=None, pad_edge=False, header_style="bold")
    for kolonne in ("domæne", "afvigelse", "borger", "art", "vores", "deres", "registrering", "hændelse"):
        tabel.add_column(kolonne, overflow="fold")
    for en in alle:
        tabel.add_row(*_celler(en))
    konsol.print(tabel)


def _antal(antal: int) -> str:
    return {0: "ingen afvigelser", 1: "1 afvigelse"}.get(antal, f"{antal} afvigelser")


def _celler(en: Afvigelse) -> tuple[str, ...]:
    haendelse = "ingen hændelse" if en.haendelse_nr is None else f"nr. {en.haendelse_nr} {en.haendelse_id}"
    vores, deres = ("-" if type_ is None else str(type_) for type_ in (en.vores, en.deres))
    return en.domaene, en.slags.dansk, en.borger, en.art.value, vores, deres, en.registrering or "-", haendelse
