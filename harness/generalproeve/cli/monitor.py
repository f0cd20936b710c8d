"""`generalproeve monitor`: hold every business domain's view against a running stage's truth, and say each divergence."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generalproeve.base.exit_codes import CannotRun, Exit
from generalproeve.cli.line import line, line_flags

if TYPE_CHECKING:
    from vos_simulators.divergence import Deviation
    from vos_simulators.monitor import FileView, Report


@click.command()
@line_flags
@click.option(
    "--view",
    "files",
    multiple=True,
    metavar="DOMAIN=FILE.json",
    help="Take a domain's view from a file instead of from the events; repeatable.",
)
@click.option(
    "--contract", type=click.Path(file_okay=False, path_type=Path), help="Overlay folder that the stage speaks."
)
@click.pass_context
def monitor(ctx: click.Context, control: str, files: tuple[str, ...], contract: Path | None, as_json: bool) -> None:
    """Hold the views of JobSearch, Kontaktforloeb and Virksomhedsindsats against a running stage's truth.

    A view is built from the domain's events. A file is a list of citizens, such as
    [{"cpr": "...", "kontaktgrupper": [{"type": 13}], "personkategorier": []}]; id, start and slut are compared where they are
    given. Exit code 1 when something diverges.
    """
    from generalproeve.cli.common import load_contract
    from vos_simulators.inboxes.domains import domain_views
    from vos_simulators.monitor import monitor
    from vos_simulators.stage_reader import OperationsReader

    chosen = load_contract(contract)
    sight = dict(_file_view(choice, chosen.domains) for choice in files)
    with line("--control", control) as transport:
        reader = OperationsReader(transport)
        report = monitor(reader, domain_views(chosen.event_recipients, reader), sight)
    if as_json:
        click.echo(json.dumps(_json(report), ensure_ascii=False))
    else:
        _character(report)
    ctx.exit(Exit.CONTRACT_BROKEN if report.count else Exit.OK)


def _file_view(choice: str, recipients: Iterable[str]) -> tuple[str, FileView]:
    import msgspec

    from vos_contracts.control.operations import CitizenState
    from vos_simulators.monitor import FileView

    domain, equal, file = choice.partition("=")
    if not equal or domain not in recipients:
        raise CannotRun(f"--view {choice}: must be DOMAIN=FILE.json with one of {', '.join(recipients)}")
    try:
        citizens = msgspec.json.decode(Path(file).read_bytes(), type=list[CitizenState])
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as exc:
        raise CannotRun(f"--view {file}: {exc}") from exc
    if nameless := [number for number, citizen in enumerate(citizens) if not (citizen.cpr or citizen.citizen_id)]:
        raise CannotRun(f"--view {file}: $[{nameless[0]}]: a citizen needs cpr or borgerId")
    return domain, FileView(citizens)


def _json(report: Report) -> Mapping[str, object]:
    import msgspec

    assert report.clock is not None
    return {
        "clock": report.clock.isoformat(),
        "people": report.citizens,
        "divergences": report.count,
        "domains": {name: msgspec.to_builtins(findings) for name, findings in report.deviations.items()},
    }


def _character(report: Report) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    for name, findings in report.deviations.items():
        console.print(f"{name}: {_count(len(findings))} blandt {report.citizens} borgere", highlight=False)
    everyone = [finding for findings in report.deviations.values() for finding in findings]
    if not everyone:
        return
    if not console.is_terminal:
        for one_item in everyone:
            click.echo("  ".join(_cells(one_item)))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("domæne", "deviation", "citizen", "kind", "ours", "their", "registration", "hændelse"):
        table.add_column(column, overflow="fold")
    for one_item in everyone:
        table.add_row(*_cells(one_item))
    console.print(table)


def _count(count: int) -> str:
    return {0: "ingen afvigelser", 1: "1 afvigelse"}.get(count, f"{count} afvigelser")


def _cells(deviation: Deviation) -> tuple[str, ...]:
    event = "ingen hændelse" if deviation.event_nr is None else f"nr. {deviation.event_nr} {deviation.event_id}"
    ours, their = ("-" if type_ is None else str(type_) for type_ in (deviation.ours, deviation.their))
    return (
        deviation.domain,
        deviation.variant.danish,
        deviation.citizen,
        deviation.kind.value,
        ours,
        their,
        deviation.registration or "-",
        event,
    )
