"""What `generalproeve test` prints while a run goes on: a live table on a terminal, plain lines elsewhere, JSON for machines.

The texts are Danish, the JSON is English. Not here: the files a run leaves (`html`, `junit`, `journal`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from generalproeve.base.masking import mask, visible
from generalproeve.run.results import RunListener, RunResult, ScenarioResult, scenarios
from generalproeve.run.verdict import Verdict

_COLOUR: Mapping[Verdict, str] = {
    Verdict.PASSED: "green", Verdict.FAILED: "bold red", Verdict.ERRORED: "bold magenta",
    Verdict.NOT_PLAYED: "yellow", Verdict.SKIPPED: "yellow", Verdict.OMITTED: "dim",
}  # fmt: skip


def listener(console: Console) -> RunListener:
    """Return a live view for a terminal, and plain lines for everything else."""
    return LiveView(console) if console.is_terminal else PlainConsole(console)


def table(results: list[ScenarioResult]) -> Table:
    """Draw a row per scenario: name, channel, registrant, verdict, duration, and the WSRM messages it fetched."""
    drawn = Table(box=None, pad_edge=False, header_style="bold")
    drawn.add_column("scenarie", ratio=5, overflow="fold")
    drawn.add_column("kanal", no_wrap=True)
    drawn.add_column("registrant", no_wrap=True)
    drawn.add_column("udfald", no_wrap=True)
    drawn.add_column("tid", justify="right", no_wrap=True)
    drawn.add_column("WSRM sagde", ratio=4, overflow="fold")
    for scenario in results:
        drawn.add_row(
            Text(scenario.name), scenario.channel, scenario.registrant,
            Text(scenario.verdict.danish, _COLOUR[scenario.verdict]), f"{scenario.seconds * 1000:.0f} ms",
            Text(scenario.fetched_messages or "-"),
        )  # fmt: skip
    return drawn


def summary(run: RunResult) -> str:
    """Return the Danish summary line: counts by verdict, seconds, and what was played on."""
    count = run.count()
    parts = [f"{count[verdict]} {verdict.danish}" for verdict in Verdict if count.get(verdict)]
    return (
        f"{scenarios(len(run.scenarios))}: {', '.join(parts) or 'ingen'} på {run.seconds:.1f} s ({run.description.target}"
        f"{f', rækkefølge random:{run.description.order}' if run.description.order else ''})"
    )


def breach_lines(run: RunResult) -> list[str]:
    """Say for each failed or errored scenario at which step it stopped and why, with CPR numbers masked.

    The reasons for omitted scenarios, warnings about real systems' calls and the errors of collection follow.
    """
    lines: list[str] = []
    for scenario in run.scenarios:
        if scenario.verdict in {Verdict.FAILED, Verdict.ERRORED}:
            stopped = next((step for step in scenario.steps if step.verdict in {Verdict.FAILED, Verdict.ERRORED}), None)
            lines.append(f"{scenario.verdict.danish.upper()}: {scenario.name}")
            if stopped is not None:
                lines.append(f"  {stopped.text}  ({stopped.place})" if stopped.place else f"  {stopped.text}")
            lines.append(f"  {mask(scenario.explanation)}")
    return [*lines, *_omission_lines(run), *_leniency_lines(run), *run.collection_errors]


def _leniency_lines(run: RunResult) -> list[str]:
    """Return a warning per leniency that calls of real systems used: their number, and what a real environment may do."""
    return [
        f"ADVARSEL: {count} kald: {leniency.accepted}; i virkeligheden: {leniency.real}"
        for leniency, count in run.leniencies().items()
    ]


def _omission_lines(run: RunResult) -> list[str]:
    """Give each reason for scenarios that were omitted or not played once, with the number of scenarios it cost."""
    told = {Verdict.OMITTED, Verdict.NOT_PLAYED}
    reasons = Counter(
        (scenario.verdict, scenario.explanation) for scenario in run.scenarios if scenario.verdict in told
    )
    return [
        f"{verdict.danish.upper()}: {scenarios(count)}, fordi {reason}" for (verdict, reason), count in reasons.items()
    ]


class LiveView:
    """Shows the latest scenarios in a table over a progress bar; at the end, the whole table."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            TextColumn("[bold]scenarier"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
        )
        self._task = self._progress.add_task("scenarios", total=None)
        self._live = Live(console=console, transient=True, refresh_per_second=8)

    def begun(self, run: RunResult) -> None:
        """Start the display."""
        self._progress.update(self._task, total=run.total)
        self._live.start()

    def scenario_played(self, run: RunResult, scenario: ScenarioResult) -> None:
        """Show the latest scenarios, two lines each at most, that fit the terminal."""
        self._progress.advance(self._task)
        room = max(self._console.height - 6, 3) // 2
        self._live.update(Group(table(run.scenarios[-room:]), self._progress))

    def ended(self, run: RunResult) -> None:
        """Replace the display by the whole table, the breaches and the summary."""
        self._live.stop()
        self._console.print(table(run.scenarios))
        for line in breach_lines(run):
            self._console.print(visible(line), style="red", markup=False, highlight=False)
        self._console.print(f"\n{summary(run)}", style="bold", highlight=False)


class PlainConsole:
    """Prints a plain line per scenario, for logs and pipes."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def begun(self, run: RunResult) -> None:
        """Print the number of scenarios and the target."""
        self._write(f"{scenarios(run.total)} på {run.description.target}")

    def scenario_played(self, run: RunResult, scenario: ScenarioResult) -> None:
        """Print the verdict, channel, registrant, duration and name of the scenario."""
        self._write(
            f"{scenario.verdict.danish:<10} {scenario.channel:<4} {scenario.registrant:<20} "
            f"{scenario.seconds * 1000:>5.0f} ms  {scenario.name}  [{scenario.fetched_messages or '-'}]"
        )

    def ended(self, run: RunResult) -> None:
        """Print the breaches and the summary."""
        for line in (*breach_lines(run), summary(run)):
            self._write(line)

    def _write(self, line: str) -> None:
        self._console.print(visible(line), markup=False, highlight=False, soft_wrap=True)


def as_json(run: RunResult, files: Mapping[str, str]) -> str:
    """Return the run as one JSON object: what `test --json` prints."""
    description = run.description
    return json.dumps(
        {
            "target": description.target, "release": description.release, "backend": description.backend,
            "contract": description.contract_hash, "overlay": description.overlay, "order": description.order,
            "latency": description.latency, "version": description.version, "versions": dict(description.versions),
            "verdict": run.verdict, "seconds": round(run.seconds, 3),
            "counts": {verdict.value: run.count().get(verdict, 0) for verdict in Verdict},
            "scenarios": [
                {"feature": scenario.feature, "scenario": scenario.name, "channel": scenario.channel,
                 "registrant": scenario.registrant,
                 "parties": scenario.parties, "verdict": scenario.verdict,
                 "requirements": scenario.requirements, "reason": mask(scenario.explanation), "place": scenario.place,
                 "assumed": dict(description.assumed(scenario)),
                 "assumed_facts": [fact.name for fact in scenario.assumed]}
                for scenario in run.scenarios
            ],
            "files": dict(files),
        },
        ensure_ascii=False,
    )  # fmt: skip
