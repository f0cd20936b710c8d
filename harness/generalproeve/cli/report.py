"""`generalproeve report`: show an earlier run, compare two, and write a file of expected differences."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generalproeve.base.exit_codes import Exit

if TYPE_CHECKING:
    from generalproeve.report.diff import ScenarioDifference
    from generalproeve.run.verdict import Verdict

RUN = click.Path(path_type=Path)

_FIELDS_IN_DANISH = {
    "target": "mål", "release": "udgave", "backend": "bagende", "clock": "ur", "version": "version",
    "contract": "kontrakt", "overlay": "overlay", "order": "orden", "latency": "latens", "versions": "versioner",
    "scenarios": "scenarier",
}  # fmt: skip


@click.group()
def report() -> None:
    """Show earlier runs and compare them.

    RUN is the folder of a run, or its journal.ndjson.
    """


@report.command()
@click.argument("run", type=RUN)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(run: Path, as_json: bool) -> None:
    """Show what a run was played on and how its scenarios came out."""
    from generalproeve.report import failures, reading
    from generalproeve.run.verdict import Verdict

    earlier = reading.read(run)
    counts = Counter(scenario.verdict for scenario in earlier.scenarios.values())
    description = {name: value for name, value in earlier.description.items() if name not in {"number", "kind"}}
    if as_json:
        click.echo(json.dumps({**description, "counts": counts, "finished": earlier.finished}, ensure_ascii=False))
        return
    for name, value in description.items():
        if value:
            text = ", ".join(f"{key} {entry}" for key, entry in value.items()) if isinstance(value, dict) else value
            click.echo(f"{_FIELDS_IN_DANISH.get(name, name):<12}{text}")
    click.echo(
        ", ".join(f"{counts[verdict]} {verdict.danish}" for verdict in Verdict if counts[verdict]) or "ingen scenarier"
    )
    for (feature, name, _), scenario in earlier.scenarios.items():
        if scenario.verdict in {Verdict.FAILED, Verdict.ERRORED}:
            click.echo(f"{scenario.verdict.danish.upper()}: {feature}: {name}\n  {scenario.explanation}")
            if scenario.failure is not None:
                click.echo("\n".join(failures.lines(scenario.failure)))
    if not earlier.finished:
        click.echo("kørslen blev afbrudt")


@report.command(short_help="Compare two runs, scenario by scenario.")
@click.argument("before", type=RUN)
@click.argument("after", type=RUN)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def diff(ctx: click.Context, before: Path, after: Path, as_json: bool) -> None:
    """Compare two runs: which scenarios changed, which are new, and which are gone.

    Exit code 0 if every scenario came out the same, 1 if not.
    """
    from generalproeve.report import diff, reading

    a, b = reading.read(before), reading.read(after)
    changes, fields = diff.differences(a, b), diff.description_differences(a, b)
    if as_json:
        click.echo(_as_json(changes, fields))
    else:
        _print_changes(changes, fields, len({*a.scenarios, *b.scenarios}))
    ctx.exit(Exit.CONTRACT_BROKEN if changes else Exit.OK)


@report.command(short_help="Print a file for `test --expect`.")
@click.argument("run", type=RUN)
def expect(run: Path) -> None:
    """Print a file for `test --expect` that lists the breaches of a run.

    Fill in the reason of each entry: an entry without one is refused.
    """
    from generalproeve.report import expected, reading

    click.echo("\n".join(expected.write(reading.read(run))))


def _as_json(changes: list[ScenarioDifference], fields: list[tuple[str, str, str]]) -> str:
    scenarios = [
        {"kind": change.kind, "feature": change.feature, "scenario": change.scenario, "before": change.before,
         "after": change.after, "reason": change.explanation}
        for change in changes
    ]  # fmt: skip
    played_on = [{"what": name, "before": before, "after": after} for name, before, after in fields]
    return json.dumps({"scenarios": scenarios, "played_on": played_on}, ensure_ascii=False)


def _print_changes(changes: list[ScenarioDifference], fields: list[tuple[str, str, str]], total: int) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from generalproeve.run.results import scenarios

    console = Console(soft_wrap=True, highlight=False)
    for name, old, new in fields:
        console.print(f"{_FIELDS_IN_DANISH[name]}: {old} -> {new}", markup=False)
    if console.is_terminal and changes:
        table = Table("", "scenarie", "før", "nu", "forklaring", box=None, pad_edge=False)
        for change in changes:
            table.add_row(
                change.kind.danish,
                Text(change.scenario),
                _danish(change.before),
                _danish(change.after),
                Text(change.explanation),
            )
        console.print(table)
    else:
        for change in changes:
            verdicts = f"{_danish(change.before)} -> {_danish(change.after)}"
            line = f"{change.kind.danish}: {change.feature}: {change.scenario}: {verdicts}  {change.explanation}"
            console.print(line.rstrip(), markup=False)
    console.print(f"{len(changes)} af {scenarios(total)} er ikke som før", markup=False)


def _danish(verdict: Verdict | None) -> str:
    return "-" if verdict is None else verdict.danish
