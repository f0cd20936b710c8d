"""The console's listeners: a live table on a terminal, plain lines elsewhere, one JSON object for machines."""

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
from generalproeve.run.results import Listener, Period, ScenarioResult
from generalproeve.run.verdict import Verdict

_COLOUR: Mapping[Verdict, str] = {
    Verdict.PASSED: "green", Verdict.FAILED: "bold red", Verdict.ERRORED: "bold magenta",
    Verdict.SKIPPED: "yellow", Verdict.OMITTED: "dim",
}  # fmt: skip


def listener(console: Console) -> Listener:
    """Choose the listener that suits the console."""
    return LiveView(console) if console.is_terminal else Lines(console)


def table(scenarios: list[ScenarioResult]) -> Table:
    """Draw the scenes: what, channel, registrant, verdict, duration, and what the WSRM said."""
    drawing = Table(box=None, pad_edge=False, header_style="bold")
    drawing.add_column("stage", ratio=5, overflow="fold")
    drawing.add_column("channel", no_wrap=True)
    drawing.add_column("registrant", no_wrap=True)
    drawing.add_column("verdict", no_wrap=True)
    drawing.add_column("time", justify="right", no_wrap=True)
    drawing.add_column("WSRM sagde", ratio=4, overflow="fold")
    for stage in scenarios:
        drawing.add_row(
            Text(stage.name), stage.channel, stage.registrant, Text(stage.verdict.danish, _COLOUR[stage.verdict]),
            f"{stage.seconds * 1000:.0f} ms", Text(stage.wsrm or "-"),
        )  # fmt: skip
    return drawing


def summary(course: Period) -> str:
    """Say how the run went, in a line."""
    count = course.count()
    parts = [f"{count[verdict]} {verdict.danish}" for verdict in Verdict if count.get(verdict)]
    return (
        f"{len(course.scenarios)} scener: {', '.join(parts) or 'ingen'} på {course.seconds:.1f} s ({course.frame.target}"
        f"{f', rækkefølge random:{course.frame.order}' if course.frame.order else ''})"
    )


def breach(course: Period) -> list[str]:
    """Say for each scene that did not pass where it stopped and why; CPR numbers are masked."""
    linjer: list[str] = []
    for stage in course.scenarios:
        if stage.verdict in {Verdict.FAILED, Verdict.ERRORED}:
            stopped = next((step for step in stage.step if step.verdict in {Verdict.FAILED, Verdict.ERRORED}), None)
            linjer.append(f"{stage.verdict.danish.upper()}: {stage.name}")
            if stopped is not None:
                linjer.append(f"  {stopped.text}  ({stopped.place})" if stopped.place else f"  {stopped.text}")
            linjer.append(f"  {mask(stage.explanation)}")
    return [*linjer, *_omitted(course), *course.collection_errors]


def _omitted(course: Period) -> list[str]:
    """Say why scenes were left out, each reason once with how many it cost."""
    reasons = Counter(stage.explanation for stage in course.scenarios if stage.verdict is Verdict.OMITTED)
    return [f"{Verdict.OMITTED.danish.upper()}: {count} scener, fordi {reason}" for reason, count in reasons.items()]


class LiveView:
    """A live table of the latest scenes over a progress bar; the whole table at the end."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            TextColumn("[bold]scener"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
        )
        self._task = self._progress.add_task("scenarios", total=None)
        self._live = Live(console=console, transient=True, refresh_per_second=8)

    def begun(self, course: Period) -> None:
        """Begin to draw."""
        self._progress.update(self._task, total=course.total)
        self._live.start()

    def stage_played(self, course: Period, stage: ScenarioResult) -> None:
        """Draw the latest scenes that there is room for."""
        self._progress.advance(self._task)
        room = max(self._console.height - 6, 3) // 2
        self._live.update(Group(table(course.scenarios[-room:]), self._progress))

    def ended(self, course: Period) -> None:
        """Leave the whole table and the summary."""
        self._live.stop()
        self._console.print(table(course.scenarios))
        for line in breach(course):
            self._console.print(visible(line), style="red", markup=False, highlight=False)
        self._console.print(f"\n{summary(course)}", style="bold", highlight=False)


class Lines:
    """A plain line per scene, for logs and pipes."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def begun(self, course: Period) -> None:
        """Say how many there are."""
        self._write(f"{course.total} scener på {course.frame.target}")

    def stage_played(self, course: Period, stage: ScenarioResult) -> None:
        """Say how a scene went."""
        self._write(
            f"{stage.verdict.danish:<10} {stage.channel:<4} {stage.registrant:<20} {stage.seconds * 1000:>5.0f} ms  "
            f"{stage.name}  [{stage.wsrm or '-'}]"
        )

    def ended(self, course: Period) -> None:
        """Say how the run went."""
        for line in (*breach(course), summary(course)):
            self._write(line)

    def _write(self, line: str) -> None:
        self._console.print(visible(line), markup=False, highlight=False, soft_wrap=True)


def as_json(course: Period, files: Mapping[str, str]) -> str:
    """Write the run's summary as one JSON object."""
    frame = course.frame
    return json.dumps(
        {
            "target": frame.target, "release": frame.release, "backend": frame.backend, "contract": frame.contract_hash,
            "overlay": frame.overlay, "order": frame.order, "latency": frame.latency, "version": frame.version,
            "versions": dict(frame.versions), "verdict": course.verdict, "seconds": round(course.seconds, 3),
            "counts": {verdict.value: course.count().get(verdict, 0) for verdict in Verdict},
            "scenes": [
                {"feature": scenario.feature, "stage": scenario.name, "channel": scenario.channel, "registrant": scenario.registrant,
                 "roles": scenario.parties, "verdict": scenario.verdict,
                 "requirement": scenario.requirement, "reason": mask(scenario.explanation), "where": scenario.place,
                 "assumed": dict(frame.assumed(scenario)), "assumed_facts": [facts.name for facts in scenario.assumed]}
                for scenario in course.scenarios
            ],
            "files": dict(files),
        },
        ensure_ascii=False,
    )  # fmt: skip
