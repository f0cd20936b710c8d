"""`generalproeve batch`: run the nightly jobs of a running stage now."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

import click

from generalproeve.cli.line import line_flags, open_control

if TYPE_CHECKING:
    from rich.console import Console

    from vos_contracts.control.stage import RunDto
    from vos_simulators.control import Control

POLL_SECONDS = 0.2
"""Interval at which the progress bar asks the stage how far the run is."""


@click.command()
@click.option("--full", "full", is_flag=True, help="Visit every citizen; by default only those for whom a job is due.")
@line_flags
def batch(full: bool, control: str, as_json: bool) -> None:
    """Run the nightly jobs of a running stage now, for the stage's current date.

    An interrupted run is finished first. The jobs are idempotent: a second run on the same date changes nothing.
    """
    import msgspec
    from rich.console import Console

    from vos_contracts.control.stage import RunKind

    kind = RunKind.FULL if full else RunKind.DELTA
    console = Console()
    with open_control(control) as stage:
        if as_json:
            click.echo(msgspec.json.encode(stage.batch(kind)))
            return
        if not console.is_terminal:
            report = stage.batch(kind)
        else:
            with open_control(control) as watcher, ThreadPoolExecutor(1) as thread:
                report = _with_bar(console, watcher, thread.submit(stage.batch, kind))
    _show(console, report)


def _with_bar(console: Console, watcher: Control, running: Future[RunDto]) -> RunDto:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("[bold]{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("borgere", total=None)
        while not running.done():
            wait([running], timeout=POLL_SECONDS)
            latest = watcher.latest_batch()
            if latest is not None and not latest.finished:
                progress.update(task, total=max(latest.total, latest.seen), completed=latest.seen)
    return running.result()


def _show(console: Console, report: RunDto) -> None:
    from rich.table import Table

    from vos_contracts.control.stage import RunKind

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("job", "set på", "ændret"):
        table.add_column(column, justify="left" if column == "job" else "right")
    for job in report.job:
        table.add_row(job.name, str(job.seen), str(job.changed))
    console.print(table)
    visited = "alle borgere" if report.kind is RunKind.FULL else "dagens borgere"
    counts = f"{report.seen} set på, {report.changed} ændringer på {report.seconds:.2f} s"
    console.print(f"{visited} {report.day:%d-%m-%Y}: {counts}", highlight=False)
