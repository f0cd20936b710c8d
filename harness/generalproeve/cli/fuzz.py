"""`generalproeve fuzz`: generate calls, judge the answers, and keep each shrunk finding as a file that can be replayed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generalproeve.base.exit_codes import Exit
from generalproeve.settings.options import Given, settings_options

if TYPE_CHECKING:
    from rich.console import Console

    from generalproeve.fuzz.runner import FuzzRun
    from generalproeve.settings.target import Resolved, Target

SECONDS = 60.0
"""Duration of a run with neither --max-time nor --max-calls."""


@click.command()
@click.argument("target", default="embedded:")
@click.option(
    "--rest",
    "chosen",
    flag_value="rest",
    help="Only PersonVisiteringService and the reading services, from their OpenAPI documents.",
)
@click.option("--soap", "chosen", flag_value="soap", help="Only the SOAP services: every operation, from its schema.")
@click.option(
    "--parity",
    "chosen",
    flag_value="parity",
    help="Only parity: the same history by SOAP and by REST, on twin citizens.",
)
@click.option(
    "--variants",
    "chosen",
    flag_value="variants",
    help="Only variants: recorded calls, mutated in large numbers.",
)
@click.option(
    "--max-time",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help=f"Total duration, without shrinking; {SECONDS:g} if neither this nor --max-calls is given.",
)
@click.option("--max-calls", type=click.IntRange(min=1), metavar="N", help="Total number of calls to the services.")
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    help="The same seed gives the same calls; by default a random seed, which is printed.",
)
@click.option(
    "--replay",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Only play this finding again; its file is deleted if it no longer breaks.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("fuzz"),
    show_default=True,
    help="Folder for the findings.",
)
@click.option(
    "--control", metavar="URL", help="Control API of a TARGET that is given by its address. The stage is emptied."
)
@click.option("--allow-remote", is_flag=True, help="Allow a target on another machine.")
@settings_options("fuzz")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object at the end, and nothing else.")
@click.pass_context
def fuzz(
    ctx: click.Context,
    target: str,
    given: Given,
    chosen: str | None,
    max_time: float | None,
    max_calls: int | None,
    seed: int | None,
    replay: Path | None,
    out: Path,
    control: str | None,
    allow_remote: bool,
    as_json: bool,
) -> None:
    """Generate calls to TARGET and judge every answer; without a kind, all four kinds take turns.

    A call or history that breaks is shrunk to the shortest one that still breaks, printed, and written to --out.

    TARGET is as for `test`: `embedded:`, an address, or a profile of generalproeve.toml. With a profile, its addresses,
    certificates and citizens are used, and the calls are made as its party jobcentret, or as its first party if it has no
    jobcentret; only histories (parity, sequences) use every party.

    Parity, variants and the check that a refused call changed nothing need a control API that may reset the stage. Without it
    they are left out, and the output says so; with it the stage is emptied.

    Exit code 1 for a finding, 5 if nothing could be played.
    """
    from rich.console import Console

    from generalproeve.base.extras import new_seed, require_extra

    require_extra("fuzz")
    from generalproeve.fuzz import runner
    from generalproeve.fuzz.lines import opened
    from generalproeve.run.opening import open_target

    resolved = resolved_target(target, given, control, allow_remote=allow_remote)
    tested = resolved.target
    seed = new_seed() if seed is None else seed
    if max_time is None and max_calls is None:
        max_time = SECONDS
    console = Console(soft_wrap=True, highlight=False, quiet=as_json)
    console.print(f"mål {tested.identity}, seed {seed}", markup=False)
    with open_target(tested, resolved.settings) as arranged, opened(arranged, seed) as lines:
        if replay is not None:
            found = runner.replay_file(lines, replay)
            run = runner.FuzzRun(findings=[] if found is None else [(found, replay)])
        else:
            kinds = [chosen] if chosen else list(runner.HUNTS)
            run = runner.play(lines, kinds, max_time, max_calls, out, quiet=as_json)
        if run.failure is not None:
            _report(console, tested, run, seed, as_json)
            raise run.failure
    if replay is not None and not run.findings and not as_json:
        console.print(f"{replay} bryder ikke mere og er slettet", markup=False)
    else:
        _report(console, tested, run, seed, as_json)
    if run.findings:
        ctx.exit(Exit.CONTRACT_BROKEN)
    ctx.exit(Exit.OK if replay is not None or any(run.calls.values()) else Exit.NOTHING_CHOSEN)


def resolved_target(target: str, given: Given, control: str | None, *, allow_remote: bool) -> Resolved:
    """Resolve the target without the latency of generalproeve.toml: each of its injected faults would be a finding."""
    from generalproeve.settings.target import Remote, resolve
    from vos_features.capabilities import Capability

    resolved = resolve(target, given, control=control, allow_remote=allow_remote, latency=None)
    if control is None or not isinstance(resolved.target, Remote):
        return resolved
    # the help of --control says that the stage is emptied; a profile states its capabilities itself
    stage = replace(resolved.target.stage, capabilities=frozenset(Capability))
    return replace(resolved, target=replace(resolved.target, stage=stage))


def _report(console: Console, tested: Target, run: FuzzRun, seed: int, as_json: bool) -> None:
    if as_json:
        click.echo(_json(tested, run, seed))
    else:
        _print_run(console, run, seed)


def _json(tested: Target, run: FuzzRun, seed: int) -> str:
    return json.dumps(
        {
            "target": tested.identity,
            "seed": seed,
            "calls": run.calls,
            "seconds": round(run.seconds, 3),
            "left_out": run.left_out,
            "findings": [{"what": finding.short, "file": str(file)} for finding, file in run.findings],
        },
        ensure_ascii=False,
    )


def _print_run(console: Console, run: FuzzRun, seed: int) -> None:
    from rich.text import Text

    from generalproeve.fuzz.display import shown

    for name, reason in run.left_out.items():
        console.print(f"udeladt: {name} - {reason}", markup=False)
    for finding, file in run.findings:
        console.print(Text("fund: ", "bold red").append(finding.short, "default"))
        console.print(shown(finding), soft_wrap=False)
        console.print(f"gemt i {file}; afspilles igen med --replay {file}", markup=False)
    calls = ", ".join(f"{count} kald ({name})" for name, count in run.calls.items())
    if calls:
        console.print(f"{calls} på {run.seconds:.1f} s, {len(run.findings)} fund, seed {seed}", markup=False)
