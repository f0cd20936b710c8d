"""How a finding is printed: a difference as a table with a row per step and a column per channel, a call as text."""

from __future__ import annotations

import json
from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from generalproeve.fuzz.diff import CARRIED_OUT, DANISH, RESPONSE, ROWS, STATUS, Difference, Observed
from generalproeve.fuzz.findings import Finding, ParityFinding

AT_MOST = 3
"""How many entries of a list are printed."""


def shown(finding: Finding) -> RenderableType:
    """Return the printable form of a finding."""
    if isinstance(finding, ParityFinding):
        return _to_columns(finding.difference)
    call = finding.call.call()
    headers = (f"{name}: {value}" for name, value in call.headers.items())
    return Text("\n".join([f"{call.method} {call.path}", *headers, "", call.body.decode("utf-8", "replace")]))


def _to_columns(difference: Difference) -> Table:
    table = Table(show_lines=True, header_style="bold", highlight=False)
    table.add_column("")
    table.add_column("PRS (SOAP)", overflow="fold")
    table.add_column("PVS (REST)", overflow="fold")
    last = len(difference.steps)
    for number, outcome in enumerate(difference.steps, 1):
        both = (outcome.prs, outcome.pvs)
        table.add_row(f"{number}. {outcome.step}", *("\n".join(_short(observed)) for observed in both))
        if number == last:
            for name in difference.what:
                if name not in outcome.prs:
                    continue
                same = outcome.prs[name] == outcome.pvs[name]
                judgement = "må ikke være sådan" if same else "er ikke ens"
                table.add_row(
                    f"   {DANISH[name]} {judgement}",
                    *_different(outcome.prs[name], outcome.pvs[name]),
                    style="bold red",
                )
    return table


def _short(observed: Observed) -> Iterator[str]:
    response = observed[RESPONSE]
    if isinstance(response, list):
        yield f"afvist med {', '.join(map(str, response))}"
    else:
        yield "udført" if response == CARRIED_OUT else str(response)
    for name, entries in observed.items():
        if name not in {RESPONSE, STATUS} and entries:
            yield f"{len(entries)} {DANISH[name]}" + (
                f": {', '.join(_row(entry) for entry in entries)}" if name == ROWS else ""
            )


def _row(row: dict[str, object]) -> str:
    return f"{row['kind']} {row['type']} ({row['id']})"


def _different(prs: object, pvs: object) -> tuple[str, str]:
    """Return the texts of two values; of two lists, only the entries that the other one lacks."""
    if isinstance(prs, list) and isinstance(pvs, list) and prs != pvs:
        prs, pvs = (
            [entry for entry in prs if entry not in pvs] or prs,
            [entry for entry in pvs if entry not in prs] or pvs,
        )
    return _lines(prs), _lines(pvs)


def _lines(value: object) -> str:
    """Return one line for each of the first `AT_MOST` entries of a list; the file of the finding holds them all."""
    entries = value if isinstance(value, list) else [value]
    lines = [json.dumps(entry, ensure_ascii=False) for entry in entries[:AT_MOST]]
    return "\n".join([*lines, *([f"... og {len(entries) - AT_MOST} til"] if len(entries) > AT_MOST else [])])
