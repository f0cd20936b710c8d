"""`generalproeve load`: run a load profile against an embedded stage or one that runs already, and compare runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generalproeve.base import machine_clock
from generalproeve.base.exit_codes import CannotRun, Exit
from generalproeve.settings.options import Given, settings_options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vos_load.load_profile import LoadProfile


class _ProfileGroup(click.Group):
    """A group that takes the name of a profile as an abbreviation of `run PROFILE`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            args = ["run", *args]
        return super().resolve_command(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, "PROFILE [TARGET] [OPTIONS]")
        formatter.write_usage(ctx.command_path, "COMMAND [ARGS]...")


@click.group(cls=_ProfileGroup, context_settings={"ignore_unknown_options": True})
def load() -> None:
    """Load a stage, and measure SOAP against REST.

    PROFILE is the name of a shipped profile (`load profiles` lists them) or a TOML file of yours. TARGET is as for `test`:
    `embedded:` by default, an address, or a profile of generalproeve.toml. `load run --help` lists the options.
    """


@load.command()
@click.argument("profile")
@click.argument("target", default="embedded:")
@settings_options("load")
@click.option("--control", metavar="URL", help="Control API of a TARGET that is given by its address.")
@click.option("--duration", help="Duration, such as PT30S or PT8H; by default the profile's.")
@click.option(
    "--times",
    type=click.FloatRange(0, 10_000, min_open=True),
    help="Multiply the profile's rate of calls by this factor.",
)
@click.option(
    "--users",
    type=click.IntRange(1, 100_000),
    help="Use this many closed users, who wait for each answer, instead of the profile's rate.",
)
@click.option(
    "--think",
    type=click.FloatRange(0, 86_400),
    default=1.0,
    show_default=True,
    help="Average seconds that a closed user waits between calls.",
)
@click.option("--rounds", type=click.IntRange(8, 100_000), help="Rounds of a comparison; by default the profile's.")
@click.option("--people", type=click.IntRange(1, 1_000_000), help="Number of citizens; by default the profile's.")
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63),
    help="The same seed gives the same calls; by default a random seed, which is printed.",
)
@click.option(
    "--processes", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that share the calls."
)
@click.option(
    "--master", metavar="HOST:PORT", help="Let workers (`load worker`) make the calls; they connect to this address."
)
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="Number of workers that connect to --master.",
)
@click.option(
    "--ui",
    is_flag=False,
    flag_value=8089,
    type=click.IntRange(1, 65535),
    help="Serve Locust's page on this port, 8089 by default.",
)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("load"), show_default=True,
    help="Folder for report.html, result.json and the CSV files.",
)  # fmt: skip
@click.option("--allow-remote", is_flag=True, help="Allow a target on another machine.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, and nothing else.")
@click.pass_context
def run(ctx: click.Context, /, profile: str, target: str, given: Given, **options: Any) -> None:
    """Run PROFILE against TARGET, and write a report.

    \b
    Exit codes:
      0  every threshold of the profile was kept
      1  a threshold was exceeded
      2  the run could not offer its load, and is not judged
      3  the target cannot be reached
    """
    from generalproeve.base.extras import new_seed, require_extra

    require_extra("load")
    from generalproeve.base.masking import mask, visible
    from generalproeve.cli import load_options
    from generalproeve.loadrun import reporting
    from generalproeve.loadrun.people import choose_people
    from generalproeve.loadrun.process import make_calls
    from generalproeve.loadrun.stage import clean_up_on_signal, opened_stage
    from generalproeve.settings.target import Embedded, resolve
    from vos_load.report import describe_machine, write_report
    from vos_load.run import LoadRun
    from vos_load.summary import summarise
    from vos_load.verdicts import EXIT_CODES, judge
    from vos_simulators.parties import JOBCENTER, KSS

    chosen = load_options.read_profile(profile, options)
    resolved = resolve(target, given, control=options["control"], allow_remote=options["allow_remote"])
    seed = new_seed() if options["seed"] is None else options["seed"]
    console = reporting.make_console(quiet=options["as_json"])
    processes = load_options.count_processes(chosen, resolved.target, options)
    options["out"].mkdir(parents=True, exist_ok=True)
    clean_up_on_signal()
    console.print(f"{chosen.title}, mål {resolved.target.identity}, seed {seed}", markup=False)
    flags = tuple(resolved.given.arguments()) if isinstance(resolved.target, Embedded) else ()
    with opened_stage(resolved.target, flags, resolved.settings.contract) as loaded:
        stage = loaded.stage
        if chosen.nightly is not None and stage.control is None:
            raise CannotRun(f"profile {profile}: nightly needs a control API; give --control")
        run = LoadRun(
            profile=chosen, services=stage.services, seconds=chosen.seconds, seed=seed, organisation=JOBCENTER,
            system=KSS.system, clock=machine_clock.now(), control=stage.control, addresses=stage.addresses,
            contract=None if stage.contract is None else str(stage.contract),
            columns=load_options.columns(chosen, loaded),
        )  # fmt: skip
        choose_people(run, stage)
        load_options.require_citizens(run, processes)
        started = machine_clock.now().isoformat(timespec="seconds")
        with _progress(chosen, quiet=options["as_json"]) as progress:
            measured = make_calls(
                run, progress, processes=processes, ui=options["ui"], master=options["master"], pid=loaded.pid
            )
    recording = measured.recording
    recording.reasons = {visible(mask(reason)): count for reason, count in recording.reasons.items()}
    result = summarise(
        recording, chosen, name=profile, seed=seed, started=started, stage=loaded.described, machine=describe_machine(),
        memory_mib=measured.memory,
    )  # fmt: skip
    judge(result, chosen.threshold, nightly_expected=chosen.nightly is not None)
    files = write_report(result, options["out"])
    if options["as_json"]:
        click.echo(reporting.as_json(result, files))
    else:
        reporting.show_result(result, console)
        click.echo(f"rapport: {files['report.html']}  {files['result.json']}")
    ctx.exit(EXIT_CODES[result.verdict])


@load.command()
def profiles() -> None:
    """List the shipped profiles."""
    from rich.console import Console
    from rich.table import Table

    from vos_load.load_profile import load_profile, profile_names

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("profile", "varighed", "hvad"):
        table.add_column(column, no_wrap=column != "hvad", overflow="fold")
    for name in profile_names():
        profile = load_profile(name)
        table.add_row(name, profile.duration, f"{profile.title}: {' '.join(profile.about.split())}")
    Console().print(table)


@load.command(short_help="Print the path of the Locust file.")
def locustfile() -> None:
    """Print the path of the Locust file, for use with Locust's own command.

    \b
        locust -f "$(generalproeve load locustfile)" --host URL
    """
    from vos_load import locustfile as find_locustfile

    click.echo(find_locustfile())


@load.command(short_help="Print what became slower or faster between two runs.")
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.option("--tolerance", type=click.FloatRange(0, 10), default=0.10, show_default=True,
              help="Ignore changes below this fraction, even significant ones.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, and nothing else.")
@click.pass_context
def compare(ctx: click.Context, before: Path, after: Path, tolerance: float, as_json: bool) -> None:
    """Print what became slower or faster from the run BEFORE to the run AFTER.

    Each channel is measured relative to REST in the same rounds, so that a slower machine does not count as a slower channel.
    Exit code 1 if anything became slower.
    """
    from generalproeve.base.extras import require_extra

    require_extra("load")
    from generalproeve.loadrun.reporting import show_changes
    from vos_load.compare import ChangeVerdict, compare_runs
    from vos_load.result import read_result

    try:
        changes = compare_runs(read_result(before), read_result(after), tolerance)
    except ValueError as error:
        raise CannotRun(str(error)) from error
    show_changes(changes, as_json=as_json)
    slower = any(change.verdict is ChangeVerdict.SLOWER for change in changes)
    ctx.exit(Exit.CONTRACT_BROKEN if slower else Exit.OK)


@load.command(short_help="Make calls for a run with --master.")
@click.argument("master", metavar="HOST:PORT")
def worker(master: str) -> None:
    """Make calls for the run that was started with --master HOST:PORT, from this machine."""
    from generalproeve.base.extras import require_extra

    require_extra("load")
    from generalproeve.cli.load_options import host_of
    from generalproeve.loadrun.process import work_for

    host_of("MASTER", master)
    if work_for(master):
        raise CannotRun(f"{master}: the worker could not finish")


@contextmanager
def _progress(profile: LoadProfile, *, quiet: bool) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    from generalproeve.base.progress import progress

    pairs = profile.pairs
    total = int(profile.seconds) if pairs is None else pairs.rounds
    with progress("sekunder" if pairs is None else "runder", total, quiet=quiet) as show:

        def show_message(message: Mapping[str, Any]) -> None:
            if "ui" in message:
                click.echo(f"Locusts side: {message['ui']}  (Ctrl-C slutter)", err=True)
            if "master" in message and not quiet:
                click.echo(f"venter på arbejdere på {message['master']}", err=True)
            reached = message.get("t" if pairs is None else "round")
            if reached is not None:
                show(min(int(reached), total))

        yield show_message
