"""`generalproeve monitor`: compare each business domain's view with the registrations of a running stage."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generalproeve.base.exit_codes import CannotRun, Exit
from generalproeve.cli.line import line, line_flags, load_contract

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
    help="Read a domain's view from this file instead of building it from the events; repeatable.",
)
@click.option(
    "--contract", type=click.Path(file_okay=False, path_type=Path), help="Overlay folder that the stage uses."
)
@click.pass_context
def monitor(ctx: click.Context, control: str, files: tuple[str, ...], contract: Path | None, as_json: bool) -> None:
    """Compare the views of JobSearch, Kontaktforloeb and Virksomhedsindsats with the registrations of a running stage.

    A view is built from the events that the domain was sent, or read from a file: a list of citizens such as
    [{"cpr": "...", "kontaktgrupper": [{"type": 13}], "personkategorier": []}]. The members id, start and slut are compared if
    the file has them. Exit code 1 if a view diverges.
    """
    from vos_simulators.inboxes.domains import domain_views
    from vos_simulators.monitor import monitor
    from vos_simulators.stage_reader import OperationsReader

    loaded = load_contract(contract)
    views = dict(_file_view(choice, loaded.domains) for choice in files)
    with line("--control", control) as transport:
        reader = OperationsReader(transport)
        report = monitor(reader, domain_views(loaded.event_recipients, reader), views)
    if as_json:
        click.echo(json.dumps(_json(report), ensure_ascii=False))
    else:
        _print_report(report)
    ctx.exit(Exit.CONTRACT_BROKEN if report.count else Exit.OK)


def _file_view(choice: str, recipients: Iterable[str]) -> tuple[str, FileView]:
    import msgspec

    from vos_contracts.base.text_files import NotText, read_text
    from vos_contracts.control.operations import CitizenState
    from vos_simulators.monitor import FileView

    domain, separator, file = choice.partition("=")
    if not separator or domain not in recipients:
        raise CannotRun(f"--view {choice}: must be DOMAIN=FILE.json with one of {', '.join(recipients)}")
    try:
        citizens = msgspec.json.decode(read_text(Path(file)), type=list[CitizenState])
    except (OSError, NotText, msgspec.DecodeError) as exc:
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


def _print_report(report: Report) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    for name, findings in report.deviations.items():
        console.print(f"{name}: {_count(len(findings))} blandt {report.citizens} borgere", highlight=False)
    deviations = [finding for findings in report.deviations.values() for finding in findings]
    if not deviations:
        return
    if not console.is_terminal:
        for deviation in deviations:
            click.echo("  ".join(_cells(deviation)))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("domæne", "afvigelse", "borger", "art", "vores", "deres", "registrering", "hændelse"):
        table.add_column(column, overflow="fold")
    for deviation in deviations:
        table.add_row(*_cells(deviation))
    console.print(table)


def _count(count: int) -> str:
    return {0: "ingen afvigelser", 1: "1 afvigelse"}.get(count, f"{count} afvigelser")


def _cells(deviation: Deviation) -> tuple[str, ...]:
    event = "ingen hændelse" if deviation.event_nr is None else f"nr. {deviation.event_nr} {deviation.event_id}"
    recorded, reported = ("-" if type_ is None else str(type_) for type_ in (deviation.recorded, deviation.reported))
    return (
        deviation.domain,
        deviation.divergence.danish,
        deviation.citizen,
        deviation.kind.value,
        recorded,
        reported,
        deviation.registration or "-",
        event,
    )
