"""`generalproeve batch`: run the nightly jobs of a running stage now, with a progress bar, and show the report."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait
from typing import TYPE_CHECKING

import click

from generalproeve.cli.line import line_flags, open_control

if TYPE_CHECKING:
    from rich.console import Console

    from vos_contracts.control.stage import RunDto
    from vos_simulators.control import Control

ASK_S = 0.2
"""How often the bar asks how far the run has come, in seconds."""


@click.command()
@click.option(
    "--full", "full", is_flag=True, help="Look at every citizen; if not given, at those for whom a job falls due."
)
@line_flags
def batch(full: bool, control: str, as_json: bool) -> None:
    """Run the nightly jobs now, for the day that it is on the stage.

    A run that was interrupted is finished first. Running twice changes nothing twice.
    """
    import msgspec
    from rich.console import Console

    from vos_contracts.control.stage import RunKind

    kind = RunKind.FULL if full else RunKind.DELTA
    console = Console()
    with open_control(control) as line:
        if as_json:
            click.echo(msgspec.json.encode(line.batch(kind)))
            return
        if not console.is_terminal:
            report = line.batch(kind)
        else:
            with open_control(control) as page_line, ThreadPoolExecutor(1) as thread:
                report = _with_bar(console, page_line, thread.submit(line.batch, kind))
    _show(console, report)


def _with_bar(console: Console, page_line: Control, response: Future[RunDto]) -> RunDto:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("[bold]{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("citizens", total=None)
        while not response.done():
            wait([response], timeout=ASK_S)
            now = page_line.latest_batch()
            if now is not None and not now.finished:
                progress.update(task, total=max(now.total, now.seen), completed=now.seen)
    return response.result()


def _show(console: Console, report: RunDto) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("job", "set på", "ændret"):
        table.add_column(column, justify="left" if column == "job" else "right")
    for item in report.job:
        table.add_row(item.name, str(item.seen), str(item.changed))
    console.print(table)
    console.print(
        f"{report.kind.value} {report.day:%d-%m-%Y}: {report.seen} set på, {report.changed} ændringer på "
        f"{report.seconds:.2f} s",
        highlight=False,
    )
