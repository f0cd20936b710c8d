"""`generalproeve test`: play scenarios against a target, show them live, and write the reports."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generalproeve.base.exit_codes import INTERRUPTED, CannotRun, Exit
from generalproeve.base.process import Ended
from generalproeve.settings.options import Given, settings_options
from vos_contracts.base.file_lock import FileLock, InUse

if TYPE_CHECKING:
    from rich.console import Console

    from generalproeve.cast.casting import CastParty
    from generalproeve.report.expected import Accounted, Expectation
    from generalproeve.run.results import RunListener, RunResult
    from generalproeve.run.selection import Selection
    from generalproeve.settings.target import Resolved

REPORTS = ("report.html", "junit.xml", "journal.ndjson")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The flags of `test` that are no settings of the stage."""

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
        """The paths of the reports, by file name."""
        return {name: str(self.out / name) for name in REPORTS}


@click.command()
@click.argument("target", default="embedded:")
@settings_options("test")
@click.option("--control", metavar="URL", help="Control API of a TARGET that is given by its address.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("rehearsal"),
    show_default=True,
    help="Folder for report.html, junit.xml and journal.ndjson.",
)
@click.option(
    "--requirement",
    "requirement",
    multiple=True,
    metavar="KEY",
    help="Play only the scenarios of this requirement; repeatable. `contracts show requirement` lists the keys.",
)
@click.option(
    "-k",
    "--name",
    default="",
    help="Play only scenarios whose feature or name contains this text.",
)
@click.option(
    "--cast",
    multiple=True,
    metavar="PARTY=external[:PORT][,system=NUMBER]",
    help="Let a real system play a party (kss, akasse, ksd, lss, planner): you are told what it must do, and it calls "
    "the printed address; repeatable. Ports 8490-8494 by default, 0 for a free port.",
)
@click.option(
    "--cast-deadline",
    type=click.FloatRange(0, min_open=True),
    default=120.0,
    show_default=True,
    help="Seconds that a real system gets for each step.",
)
@click.option("--unattended", is_flag=True, help="Read no keys; the default without a terminal.")
@click.option(
    "--tasks",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write each task of a real system to this file, one line of JSON each, for a system that is driven by a program.",
)
@click.option(
    "-n",
    "--parallel",
    type=click.IntRange(1, 32),
    default=1,
    show_default=True,
    help="Processes that share the scenarios, each on an embedded stage of its own.",
)
@click.option(
    "--expect",
    type=click.Path(dir_okay=False, path_type=Path),
    help="TOML file of expected differences; `report expect RUN` writes one. An entry that no longer holds fails the run.",
)
@click.option(
    "--order", default="file", show_default=True, metavar="file|random[:SEED]", help="Order of the scenarios."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object at the end, and nothing else.")
@click.pass_context
def test(ctx: click.Context, /, target: str, given: Given, **flags: Any) -> None:
    """Play scenarios against TARGET and give a verdict for each.

    \b
    TARGET is one of
      embedded:                           the reference, started by this command (the default)
      embedded:release=2025-1,backend=classic
                                          the same with settings
      https://host                        a stage that runs already
      NAME                                [profile.NAME] of generalproeve.toml: addresses, certificates,
                                          capabilities and citizens of a stage that runs already

    A scenario that needs a capability the target does not have is omitted, with the reason.
    """
    from generalproeve.cast import casting
    from generalproeve.report import expected
    from generalproeve.run.selection import Selection, read_order
    from generalproeve.settings.target import resolve

    options = Options(**flags)
    resolved = resolve(target, given, control=options.control)
    _require_known(options.requirement)
    external = casting.read(options.cast)
    entries = _expected(options.expect)
    selection = Selection(options.requirement, options.name, read_order(options.order))
    with _folder_of_its_own(options):
        run = _play(target, resolved, options, external, selection)
        selected_only = bool(options.requirement or options.name) or run.interrupted is not None
        settled = expected.account(run, entries, selected_only=selected_only)
        _report(run, settled, options)
    if isinstance(run.interrupted, Ended):
        ctx.exit(run.interrupted.code)
    ctx.exit(INTERRUPTED if run.interrupted is not None else _exit_code(run, settled))


@contextmanager
def _folder_of_its_own(options: Options) -> Iterator[None]:
    """Lock the folder of the reports for the run, and delete the reports of an earlier one: they are of another run."""
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        lock = FileLock(options.out / ".lock", "run")
    except InUse as exc:
        raise CannotRun(f"--out {options.out}: {exc}") from None
    try:
        for name in REPORTS:
            (options.out / name).unlink(missing_ok=True)
        yield
    finally:
        lock.release()


def _require_known(keys: tuple[str, ...]) -> None:
    """Raise CannotRun if a key is the key of no requirement."""
    from vos_contracts import requirements

    known = requirements.load()
    for key in keys:
        if key not in known:
            raise CannotRun(
                f"--requirement {key}: no such requirement; `generalproeve contracts show requirement` lists them"
            )


def _expected(file: Path | None) -> tuple[Expectation, ...]:
    """Read the expected differences; raise CannotRun if an entry is about no scenario."""
    from generalproeve.report import expected
    from generalproeve.run.selection import scenario_names

    if file is None:
        return ()
    entries = expected.read(file)
    expected.require_known(file, entries, scenario_names())
    return entries


def _play(
    target: str, resolved: Resolved, options: Options, external: tuple[CastParty, ...], selection: Selection
) -> RunResult:
    """Open the target and play the selected scenarios, in this process or in several."""
    from rich.console import Console

    from generalproeve.cast import instructions
    from generalproeve.cast.roles import ExternalParties
    from generalproeve.run import parallel, player
    from generalproeve.run.opening import open_target
    from generalproeve.settings.target import Embedded

    screen = Console()
    listeners = _listeners(screen, options, live=not external)
    if options.parallel > 1:
        if not isinstance(resolved.target, Embedded) or external or resolved.settings.db:
            raise click.UsageError("--parallel is for the embedded stage with the simulated cast, and without --db")
        return parallel.play(resolved.target, resolved.settings, selection, options.parallel, listeners)
    with (
        open_target(resolved.target, resolved.settings) as opened,
        instructions.open_instructor(
            screen, options.tasks, with_keys=not options.unattended, silent=options.as_json
        ) as instructor,
    ):
        release = resolved.given.flags.get("release")
        if release not in {None, opened.description.release}:
            raise CannotRun(f"--release {release}: target {target} is in {opened.description.release}; change it there")
        cast = ExternalParties(external, options.cast_deadline, instructor) if external else None
        return player.play(opened.stage, opened.description, listeners, selection, cast)


def _listeners(screen: Console, options: Options, *, live: bool) -> list[RunListener]:
    from generalproeve.report import console
    from generalproeve.report.journal import JournalWriter

    listeners: list[RunListener] = [JournalWriter(options.out / "journal.ndjson")]
    if not options.as_json:
        listeners.append(console.listener(screen) if live else console.PlainConsole(screen))
    return listeners


def _report(run: RunResult, settled: Accounted, options: Options) -> None:
    from generalproeve.report import console, write_html, write_junit

    write_html(run, options.out / "report.html")
    write_junit(run, options.out / "junit.xml")
    if options.as_json:
        click.echo(console.as_json(run, options.files))
    else:
        click.echo("rapport: " + "  ".join(options.files.values()))
    for line in settled.lines():
        click.echo(line, err=options.as_json)


def _exit_code(run: RunResult, settled: Accounted) -> Exit:
    from generalproeve.run.verdict import Verdict

    if run.collection_errors:
        return Exit.COULD_NOT_RUN
    verdicts = {scenario.verdict for scenario in settled.unexpected}
    if Verdict.FAILED in verdicts or settled.stale or settled.never_played:
        return Exit.CONTRACT_BROKEN
    if Verdict.ERRORED in verdicts:
        return Exit.UNREACHABLE
    return Exit.OK if run.count().get(Verdict.PASSED) or settled.held else Exit.NOTHING_CHOSEN
