"""`generalproeve report`: look at earlier runs again, and hold one against another."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import click

from generalproeve.base.exit_codes import Exit

RUN = click.Path(path_type=Path)


@click.group()
def report() -> None:
    """Look at earlier runs: RUN is a run's folder, or its journal.ndjson."""


@report.command()
@click.argument("run", type=RUN)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(run: Path, as_json: bool) -> None:
    """Say what a run was played on and how its scenes came out."""
    from generalproeve.report import failures, reading
    from generalproeve.run.verdict import Verdict

    ran = reading.read(run)
    count = Counter(scenario.verdict for scenario in ran.scenarios.values())
    frame = {name: value for name, value in ran.frame.items() if name not in {"nr", "kind"}}
    if as_json:
        click.echo(json.dumps({**frame, "counts": count, "finished": ran.finished}, ensure_ascii=False))
        return
    for name, value in frame.items():
        if value:
            text = ", ".join(f"{item} {what}" for item, what in value.items()) if isinstance(value, dict) else value
            click.echo(f"{name:<12}{text}")
    click.echo(
        ", ".join(f"{count[verdict]} {verdict.danish}" for verdict in Verdict if count[verdict]) or "ingen scener"
    )
    for (property, stage, _), scenario in ran.scenarios.items():
        if scenario.verdict in {Verdict.FAILED, Verdict.ERRORED}:
            click.echo(f"{scenario.verdict.danish.upper()}: {property}: {stage}\n  {scenario.explanation}")
            if scenario.accusation is not None:
                click.echo("\n".join(failures.linjer(scenario.accusation)))
    if not ran.finished:
        click.echo("kørslen blev afbrudt")


@report.command()
@click.argument("before", type=RUN)
@click.argument("after", type=RUN)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def diff(ctx: click.Context, before: Path, after: Path, as_json: bool) -> None:
    """Compare two runs: which scenes came out otherwise, which are new, which are gone.

    Exit code 0 if every scene came out the same, 1 if any did not.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from generalproeve.report import diff, reading

    a, b = reading.read(before), reading.read(after)
    scenarios, frame = diff.differences(a, b), diff.frame_differences(a, b)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "scenarios": [
                        {"kind": scenario.variant, "feature": scenario.feature, "scenario": scenario.stage, "before": scenario.before, "after": scenario.now,
                         "reason": scenario.explanation}
                        for scenario in scenarios
                    ],
                    "played_on": [{"what": what, "before": old, "after": new} for what, old, new in frame],
                },
                ensure_ascii=False,
            )
        )  # fmt: skip
    else:
        console = Console(soft_wrap=True, highlight=False)
        for what, old, new in frame:
            console.print(f"{what}: {old} -> {new}", markup=False)
        if console.is_terminal and scenarios:
            table = Table("", "stage", "før", "now", "explanation", box=None, pad_edge=False)
            for scenario in scenarios:
                table.add_row(
                    scenario.variant,
                    Text(scenario.stage),
                    _danish(scenario.before),
                    _danish(scenario.now),
                    Text(scenario.explanation),
                )
            console.print(table)
        else:
            for scenario in scenarios:
                line = f"{scenario.variant}: {scenario.feature}: {scenario.stage}: {_danish(scenario.before)} -> {_danish(scenario.now)}  {scenario.explanation}"
                console.print(line.rstrip(), markup=False)
        console.print(f"{len(scenarios)} af {len({*a.scenarios, *b.scenarios})} scener er ikke som før", markup=False)
    ctx.exit(Exit.CONTRACT_BROKEN if scenarios else Exit.OK)


@report.command()
@click.argument("run", type=RUN)
def expect(run: Path) -> None:
    """Print a file for `test --expect` of the breaches that a run found; the reasons are yours to give."""
    from generalproeve.report import expected, reading

    click.echo("\n".join(expected.write(reading.read(run))))


def _danish(verdict: object) -> str:
    from generalproeve.run.verdict import Verdict

    return verdict.danish if isinstance(verdict, Verdict) else "-"
