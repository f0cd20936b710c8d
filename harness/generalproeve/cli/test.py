"""`generalproeve test`: play the scenes, show them live, write the reports."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generalproeve.base.exit_codes import CannotRun, Exit
from generalproeve.settings.options import Given, settings_options

if TYPE_CHECKING:
    from rich.console import Console

    from generalproeve.cast.casting import Part
    from generalproeve.report.expected import Accounted, Expectation
    from generalproeve.run.results import Listener, Period
    from generalproeve.run.selection import Selection
    from generalproeve.settings.target import Resolved

REPORTS = ("report.html", "junit.xml", "journal.ndjson")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The flags of `test` beside the stage's settings, as click read them."""

    control: str | None
    out: Path
    requirement: tuple[str, ...]
    name: str
    cast: tuple[str, ...]
    cast_deadline: float
    unattended: bool
    tasks: Path | None
    parallel: int
    expect: Path | None
    order: str
    as_json: bool

    @property
    def files(self) -> dict[str, str]:
        """The reports by name."""
        return {name: str(self.out / name) for name in REPORTS}


@click.command()
@click.argument("target", default="embedded:")
@settings_options("test")
@click.option("--control", metavar="URL", help="Control API of a stage that is given by its address.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("rehearsal"),
    show_default=True,
    help="Folder of report.html, junit.xml and journal.ndjson.",
)
@click.option(
    "--requirement",
    "requirement",
    multiple=True,
    metavar="KEY",
    help="Play only the scenes of this requirement; repeatable.",
)
@click.option(
    "-k",
    "--name",
    default="",
    help="Play only scenes whose feature or name holds this text, as the table shows it.",
)
@click.option(
    "--cast",
    multiple=True,
    metavar="PARTY=external[:PORT][,system=NUMBER]",
    help="Let a real system play a party (kss, akasse, ksd, lss, planner): it is told what to do and calls the printed "
    "address; repeatable. Ports 8490-8494 if not given, 0 for a free one.",
)
@click.option(
    "--cast-deadline",
    type=click.FloatRange(0, min_open=True),
    default=120.0,
    show_default=True,
    help="Seconds that a real system has for each step.",
)
@click.option("--unattended", is_flag=True, help="Nobody is at the keyboard; so it is where there is no terminal.")
@click.option(
    "--tasks",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File that gets a line of JSON for each thing that a real system must do: for one that acts by machine.",
)
@click.option(
    "-n",
    "--parallel",
    type=click.IntRange(1, 32),
    default=1,
    help="Processes that share the scenes, each on an embedded stage of its own. Default 1.",
)
@click.option(
    "--expect",
    type=click.Path(dir_okay=False, path_type=Path),
    help="TOML file of expected differences; `report expect RUN` writes one. A stale entry fails the run.",
)
@click.option("--order", default="file", metavar="file|random[:SEED]", help="In which order. Default file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object at the end, and nothing else.")
@click.pass_context
def test(ctx: click.Context, /, target: str, given: Given, **flags: Any) -> None:
    """Play the scenes against TARGET and give a verdict for each.

    TARGET is `embedded:`, or `embedded:release=2025-1,backend=classic`: the reference, started here. Or a stage that runs
    already: an address such as https://host, or the name of a `[profile.NAME]` in generalproeve.toml, which says what it can
    do and which citizens it has. Scenes that need what it cannot do are omitted, each with its reason.
    """
    from generalproeve.cast import casting
    from generalproeve.report import expected
    from generalproeve.run.selection import Selection, read_order
    from generalproeve.settings.target import resolve

    options = Options(**flags)
    resolved = resolve(target, given, control=options.control)
    _require_known(options.requirement)
    external = casting.read(options.cast)
    options.out.mkdir(parents=True, exist_ok=True)
    entries = _expected(options.expect)
    selection = Selection(options.requirement, options.name, read_order(options.order))
    run = _play(target, resolved, options, external, selection)
    settled = expected.account(run, entries, only_played=bool(options.requirement or options.name))
    _report(run, settled, options)
    ctx.exit(_exit_code(run, settled))


def _require_known(keys: tuple[str, ...]) -> None:
    """Refuse the key of a requirement that there is not."""
    from vos_contracts import requirements

    known = requirements.load()
    for key in keys:
        if key not in known:
            raise CannotRun(f"--krav {key}: no such requirement; `generalproeve contracts show krav` lists them")


def _expected(file: Path | None) -> tuple[Expectation, ...]:
    """Read the expected differences; an entry about a scenario that there is not is refused."""
    from generalproeve.report import expected
    from generalproeve.run.scenario_names import scenario_names

    if file is None:
        return ()
    entries = expected.read(file)
    expected.know(file, entries, scenario_names())
    return entries


def _play(
    target: str, resolved: Resolved, options: Options, external: tuple[Part, ...], selection: Selection
) -> Period:
    """Open the target and play what is selected, in this process or in several."""
    from rich.console import Console

    from generalproeve.cast import instructions
    from generalproeve.cast.roles import ExternalParties
    from generalproeve.run import parallel, player
    from generalproeve.run.opening import set_up
    from generalproeve.settings.target import Embedded

    screen = Console()
    listeners = _listeners(screen, options, live=not external)
    if options.parallel > 1:
        if not isinstance(resolved.target, Embedded) or external or resolved.settings.db:
            raise click.UsageError("--parallel is for the embedded stage with the simulated cast, and without --db")
        return parallel.scenario(resolved.target, resolved.settings, selection, options.parallel, listeners)
    with (
        set_up(resolved.target, resolved.settings) as opened,
        instructions.open_instructor(
            screen, options.tasks, with_keys=not options.unattended, silent=options.as_json
        ) as narrator,
    ):
        release = resolved.given.flags.get("release")
        if release not in {None, opened.frame.release}:
            raise CannotRun(f"--release {release}: target {target} is in {opened.frame.release}; change it there")
        cast = ExternalParties(external, options.cast_deadline, narrator) if external else None
        return player.scenario(opened.stage, opened.frame, listeners, selection, cast)


def _listeners(screen: Console, options: Options, *, live: bool) -> list[Listener]:
    from generalproeve.report import console
    from generalproeve.report.journal import JournalWriter

    listeners: list[Listener] = [JournalWriter(options.out / "journal.ndjson")]
    if not options.as_json:
        listeners.append(console.listener(screen) if live else console.Lines(screen))
    return listeners


def _report(run: Period, settled: Accounted, options: Options) -> None:
    from generalproeve.report import console, write_html, write_junit

    write_html(run, options.out / "report.html")
    write_junit(run, options.out / "junit.xml")
    if options.as_json:
        click.echo(console.as_json(run, options.files))
    else:
        click.echo("rapport: " + "  ".join(options.files.values()))
    for line in settled.linjer():
        click.echo(line, err=options.as_json)


def _exit_code(run: Period, settled: Accounted) -> Exit:
    from generalproeve.run.verdict import Verdict

    if run.collection_errors:
        return Exit.COULD_NOT_RUN
    verdicts = {stage.verdict for stage in settled.unexpected}
    if Verdict.FAILED in verdicts or settled.stale or settled.never_played:
        return Exit.CONTRACT_BROKEN
    if Verdict.ERRORED in verdicts:
        return Exit.UNREACHABLE
    return Exit.OK if run.count().get(Verdict.PASSED) or settled.held else Exit.NOTHING_CHOSEN
