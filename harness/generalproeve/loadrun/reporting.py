"""A load run's figures on a console, in Danish, and as one JSON object."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence

import click
import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from vos_load import danish
from vos_load.compare import ChangeVerdict, LoadChange
from vos_load.load_profile import PERCENTILES
from vos_load.result import ALL, LoadResult, LoadVerdict, Ratio, ThresholdVerdict, Workload

WIDTH = 120
"""Where no terminal says how wide it is."""
_COLOURS = {LoadVerdict.PASSED: "green", LoadVerdict.EXCEEDED: "bold red", LoadVerdict.NOT_JUDGED: "yellow"}
_CHANGE_COLOURS = {ChangeVerdict.SAME: "dim", ChangeVerdict.SLOWER: "bold red", ChangeVerdict.FASTER: "green"}


def make_console(*, quiet: bool = False) -> Console:
    """Make a console that tables of figures fit on, also where it is no terminal."""
    return Console(highlight=False, quiet=quiet, width=None if sys.stdout.isatty() else WIDTH)


def as_json(result: LoadResult, files: Mapping[str, str]) -> str:
    """Return the result without its single times, and where the files are."""
    content = msgspec.to_builtins(result)
    for large in ("blocks", "distributions", "series", "memory_mib"):
        del content[large]
    return json.dumps({**content, "files": files}, ensure_ascii=False)


def show_result(result: LoadResult, console: Console) -> None:
    """Show the figures, the ratios and the verdict."""
    table = _table(
        "handling", "kanal", *("kald", "fejl", *(f"{p:g} %" for p in PERCENTILES)), left=("handling", "kanal")
    )
    for row in result.operations:
        times = (_short(row.latency_ms[f"{p:g}"]) for p in PERCENTILES)
        operation, channel = danish.operation_name(row.operation), danish.channel_name(row.channel)
        table.add_row(operation, channel, str(row.calls), str(row.errors), *times)
    console.print(Text("svartid i ms", "dim"), table, sep="\n")
    if result.ratios:
        table = _table("handling", "forhold", "gange", "95 % sikkert mellem", left=("handling", "forhold"))
        for ratio in result.ratios:
            interval = f"{ratio.low:.2f} - {ratio.high:.2f}"
            table.add_row(danish.operation_name(ratio.operation), _channels(ratio), f"{ratio.ratio:.2f}", interval)
        console.print(table)
    for line in _lines(result):
        console.print(line, markup=False)
    verdict = Text(danish.verdict_name(result.verdict), _COLOURS[result.verdict])
    console.print(Text(f"{result.calls} kald på {result.seconds:.1f} s, {result.errors} fejl: ").append(verdict))


def show_changes(changes: Sequence[LoadChange], *, as_json: bool) -> None:
    """Show what two runs differ in."""
    if as_json:
        click.echo(json.dumps([
            {"operation": change.operation, "channel": change.channel, "against": change.against, "before": change.before,
             "after": change.after, "times": change.interval.estimate, "low": change.interval.low,
             "high": change.interval.high, "verdict": change.verdict} for change in changes
        ], ensure_ascii=False))  # fmt: skip
        return
    table = _table("hvad", "før", "efter", "ændring", "sikkert mellem", "dom", left=("hvad", "dom"))
    for change in changes:
        estimate, low, high = (f"{100 * (figure - 1):+.1f}" for figure in change.interval)
        table.add_row(
            danish.change_name(change), f"{change.before:.3f}", f"{change.after:.3f}", f"{estimate} %", f"{low} - {high} %",
            Text(danish.verdict_name(change.verdict), _CHANGE_COLOURS[change.verdict]),
        )  # fmt: skip
    make_console().print(table)


def _table(*columns: str, left: Sequence[str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, justify="left" if column in left else "right", no_wrap=True)
    return table


def _channels(ratio: Ratio) -> str:
    return f"{danish.channel_name(ratio.channel)} mod {danish.channel_name(ratio.against)}"


def _short(ms: float) -> str:
    return f"{ms:.0f}" if ms >= 100 else f"{ms:.2f}"


def _lines(result: LoadResult) -> Iterable[str]:
    for ratio in result.ratios_without_line:
        if ratio.operation == ALL:
            figures = f"{ratio.ratio:.2f} gange ({ratio.low:.2f} - {ratio.high:.2f})"
            yield f"uden linjens egen tid ({result.line_ms:.2f} ms): {_channels(ratio)} {figures}"
    if result.converter_parts_ms:
        parts = ", ".join(f"{danish.part_name(part)} {ms:.3f}" for part, ms in result.converter_parts_ms.items())
        yield f"konverterens tid, median i ms: {parts}"
    if result.offer is not None:
        yield (
            f"tilbudt: {result.offer.in_time} af {result.offer.due} kald begyndte i tide "
            f"(99 % højst {result.offer.late_ms_p99:.1f} ms for sent); forfaldne {result.offer.due_per_s:.1f}/s, "
            f"besvarede {result.offer.answered_per_s:.1f}/s"
        )
    elif result.workload is Workload.CLOSED:
        yield "brugerne venter på svar: et stop rammer kun dem, der venter (coordinated omission er ikke rettet)"
    if result.nightly is not None:
        nightly = result.nightly
        yield f"natkørslerne så {nightly.seen} borgere fra {nightly.begun:.1f} til {nightly.ended:.1f} s"
    if result.not_judged is not None:
        yield f"ikke bedømt: {danish.reason_not_judged(result)}"
    for threshold in result.thresholds:
        if threshold.verdict in {ThresholdVerdict.EXCEEDED, ThresholdVerdict.UNDECIDED}:
            verdict, what = danish.verdict_name(threshold.verdict), danish.threshold_name(threshold)
            yield f"{verdict}: {what} er {threshold.value:.4g}, højst {threshold.max:g}"
    for reason, count in sorted(result.error_reasons.items(), key=lambda item: -item[1])[:5]:
        yield f"{count} fejl: {reason}"
