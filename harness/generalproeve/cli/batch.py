"""`generalproeve batch`: run the nightly jobs of a running stage now."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generalproeve.base.exit_codes import CannotRun, Exit
from generalproeve.cli.line import line_flags, open_control

if TYPE_CHECKING:
    from rich.console import Console

    from vos_contracts.control.stage import RunDto, RunKind
    from vos_simulators.control import Control

AT_MOST = 1.5
"""The ratio that is allowed if none is given: a first choice, not derived from measurements."""
POLL_SECONDS = 0.2
"""Interval at which the progress bar asks the stage how far the run is."""


@click.command()
@click.option("--full", "full", is_flag=True, help="Visit every citizen; by default only those for whom a job is due.")
@click.option(
    "--baseline",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Report of an earlier run (--json), to compare the time per citizen with.",
)
@click.option(
    "--at-most",
    type=click.FloatRange(min=0, min_open=True),
    help=f"Largest ratio of the time per citizen to the baseline's; beyond it the exit code is 1.  [default: {AT_MOST}]",
)
@line_flags
def batch(full: bool, baseline: Path | None, at_most: float | None, control: str, as_json: bool) -> None:
    """Run the nightly jobs of a running stage now, for the stage's current date.

    An interrupted run is finished first. The jobs are idempotent: a second run on the same date changes nothing.

    To judge the running time, keep the report of a run (--full --json > baseline.json), and give it to a later one
    (--full --baseline baseline.json --at-most 1.5).
    """
    import msgspec
    from rich.console import Console

    from vos_contracts.control.stage import RunKind

    if at_most is not None and baseline is None:
        raise click.UsageError("--at-most: needs --baseline, the report to compare with")
    kind = RunKind.FULL if full else RunKind.DELTA
    earlier = None if baseline is None else _read(baseline, kind)
    console = Console()
    with open_control(control) as stage:
        if as_json:
            report = stage.batch(kind)
            click.echo(msgspec.json.encode(report))
        elif not console.is_terminal:
            report = stage.batch(kind)
        else:
            with open_control(control) as watcher, ThreadPoolExecutor(1) as thread:
                report = _with_bar(console, watcher, thread.submit(stage.batch, kind))
    if not as_json:
        _show(console, report)
    if earlier is not None:
        _judge(report, earlier, AT_MOST if at_most is None else at_most)


def _read(baseline: Path, kind: RunKind) -> RunDto:
    """Read the report of an earlier run.

    Raises:
        CannotRun: it cannot be read, is of the other kind, or has no time per citizen.
    """
    import msgspec

    from vos_contracts.base.text_files import read_text
    from vos_contracts.control.stage import RunDto

    try:
        report = msgspec.json.decode(read_text(baseline), type=RunDto)
    except (OSError, ValueError, msgspec.DecodeError) as exc:
        raise CannotRun(f"{baseline}: is not the report of a run (generalproeve batch --json): {exc}") from exc
    if report.kind is not kind:
        raise CannotRun(f"{baseline}: is of a {report.kind.value} run, this one is {kind.value}")
    if not report.seen or report.seconds <= 0:
        raise CannotRun(f"{baseline}: the run saw no citizen or took no time, so it has no time per citizen")
    return report


def _judge(report: RunDto, earlier: RunDto, at_most: float) -> None:
    """Compare the times per citizen, and end with exit code 1 if the ratio is beyond the limit.

    Raises:
        CannotRun: the run saw no citizen.
    """
    if not report.seen:
        raise CannotRun("the run saw no citizen, so it has no time per citizen to judge")
    now, before = (1000 * run.seconds / run.seen for run in (report, earlier))
    ratio = now / before
    verdict = "bestået" if ratio <= at_most else "brud"
    click.echo(
        f"{verdict}: {now:.3f} ms pr. borger er {ratio:.2f} gange udgangspunktet ({before:.3f} ms), højst {at_most:g}",
        err=True,
    )
    if ratio > at_most:
        raise SystemExit(Exit.CONTRACT_BROKEN)


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
    changes = "ændring" if report.changed == 1 else "ændringer"
    counts = f"{report.seen} set på, {report.changed} {changes} på {report.seconds:.2f} s"
    console.print(f"{visited} {report.day:%d-%m-%Y}: {counts}", highlight=False)
