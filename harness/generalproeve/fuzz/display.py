"""Print a difference: a row per step, PRS and PVS side by side; the last step shows in full what differs."""

from __future__ import annotations

import json
from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from generalproeve.fuzz.diff import CARRIED_OUT, DANISH, RESPONSE, ROWS, STATUS, Difference, Observed
from generalproeve.fuzz.findings import Finding, ParityFinding

AT_MOST = 3
"""The most entries of one list that are printed."""


def shown(finding: Finding) -> RenderableType:
    """Return what is printed of a finding."""
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
    for number, steps in enumerate(difference.steps, 1):
        both = (steps.prs, steps.pvs)
        table.add_row(f"{number}. {steps.step}", *("\n".join(_short(item)) for item in both))
        if number == last:
            for name in difference.what:
                if name not in steps.prs:
                    continue
                same = steps.prs[name] == steps.pvs[name]
                verdict = "må ikke være sådan" if same else "er ikke ens"
                table.add_row(
                    f"   {DANISH[name]} {verdict}", *_different(steps.prs[name], steps.pvs[name]), style="bold red"
                )
    return table


def _short(observed: Observed) -> Iterator[str]:
    response = observed[RESPONSE]
    if isinstance(response, list):
        yield f"afvist med {', '.join(map(str, response))}"
    else:
        yield "udført" if response == CARRIED_OUT else str(response)
    for name, listing in observed.items():
        if name not in {RESPONSE, STATUS} and listing:
            yield f"{len(listing)} {DANISH[name]}" + (
                f": {', '.join(_row(item) for item in listing)}" if name == ROWS else ""
            )


def _row(item: dict[str, object]) -> str:
    return f"{item['kind']} {item['type']} ({item['id']})"


def _different(prs: object, pvs: object) -> tuple[str, str]:
    """Format both values, without the list entries that both have."""
    if isinstance(prs, list) and isinstance(pvs, list) and prs != pvs:
        prs, pvs = [pr for pr in prs if pr not in pvs] or prs, [pv for pv in pvs if pv not in prs] or pvs
    return _lines(prs), _lines(pvs)


def _lines(value: object) -> str:
    """Format the first entries of a list, one a line; the file of the finding has all of them."""
    entries = value if isinstance(value, list) else [value]
    lines = [json.dumps(entry, ensure_ascii=False) for entry in entries[:AT_MOST]]
    return "\n".join([*lines, *([f"... og {len(entries) - AT_MOST} til"] if len(entries) > AT_MOST else [])])
