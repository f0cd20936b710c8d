"""`generalproeve fuzz`: make up calls, judge the answers, shrink what breaks, and keep it as a file that can be replayed."""

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
"""How long a hunt is where nothing is said."""


@click.command()
@click.argument("target", default="embedded:")
@click.option(
    "--rest", "chosen", flag_value="rest", help="PersonVisiteringService and the other reads, from their OpenAPI."
)
@click.option("--soap", "chosen", flag_value="soap", help="Every operation of every SOAP service, from its schema.")
@click.option(
    "--parity", "chosen", flag_value="parity", help="The same histories by SOAP and by REST, on twin citizens."
)
@click.option(
    "--variants",
    "chosen",
    flag_value="variants",
    help="Calls that were recorded, each made into another, in great number.",
)
@click.option(
    "--max-time",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help=f"How long in all; {SECONDS:g} where neither this nor --max-calls is given. Shrinking comes on top.",
)
@click.option("--max-calls", type=click.IntRange(min=1), metavar="N", help="Calls to the services in all.")
@click.option(
    "--seed", type=click.IntRange(min=0), help="Make up the same calls again; random, and printed, if not given."
)
@click.option(
    "--replay",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Play a finding again, and nothing else; the file is removed when it no longer breaks.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("fuzz"),
    show_default=True,
    help="Folder of the findings.",
)
@click.option(
    "--control", metavar="URL", help="Control API of a stage that is given by its address. The stage is emptied."
)
@click.option("--allow-remote", is_flag=True, help="Let the target be another machine's.")
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
    """Make up calls to TARGET and judge every answer; all four kinds if none is named.

    TARGET is as for `test`: `embedded:`, an address, or a profile, whose addresses, certificates and citizens are used; the
    calls are then those of its role jobcentret, or of its first; only histories (parity, sequences) are played by everybody.
    What breaks is shrunk to the shortest call or history that does, shown, and kept in --out. Whatever needs the control API
    (parity, variants, that a refused call changed nothing) is left out, and said so, where the stage has none that may be
    used for everything, reset among it; a stage that has one is emptied. Exit code 1 for a finding, 5 when nothing could be
    played.
    """
    from rich.console import Console

    from generalproeve.base.extras import new_seed, require_extra

    require_extra("fuzz")
    from generalproeve.fuzz import runner
    from generalproeve.fuzz.lines import opened
    from generalproeve.run.opening import set_up

    resolved = resolved_target(target, given, control, allow_remote=allow_remote)
    measured = resolved.target
    seed = new_seed() if seed is None else seed
    if max_time is None and max_calls is None:
        max_time = SECONDS
    console = Console(soft_wrap=True, highlight=False, quiet=as_json)
    console.print(f"mål {measured.identity}, seed {seed}", markup=False)
    with set_up(measured, resolved.settings) as arranged, opened(arranged, seed) as linjer:
        if replay is not None:
            found = runner.replay_file(linjer, replay)
            run = runner.FuzzRun(findings=[] if found is None else [(found, replay)])
        else:
            hunts = [chosen] if chosen else list(runner.HUNTS)
            run = runner.play(linjer, hunts, max_time, max_calls, out, quiet=as_json)
        if run.failure is not None:
            _tell(console, measured, run, seed, as_json)
            raise run.failure
    if replay is not None and not run.findings and not as_json:
        console.print(f"{replay} bryder ikke mere og er slettet", markup=False)
    else:
        _tell(console, measured, run, seed, as_json)
    if run.findings:
        ctx.exit(Exit.CONTRACT_BROKEN)
    ctx.exit(Exit.OK if replay is not None or any(run.calls.values()) else Exit.NOTHING_CHOSEN)


def resolved_target(target: str, given: Given, control: str | None, *, allow_remote: bool) -> Resolved:
    """Resolve the target; the file's latency is for rehearsing, and its faults on purpose would all be findings."""
    from generalproeve.settings.target import Remote, resolve
    from vos_features.capabilities import Capability

    resolved = resolve(target, given, control=control, allow_remote=allow_remote, latency=None)
    if control is None or not isinstance(resolved.target, Remote):
        return resolved
    # whoever gives --control has read that the stage is emptied; a profile says so itself
    stage = replace(resolved.target.stage, capabilities=frozenset(Capability))
    return replace(resolved, target=replace(resolved.target, stage=stage))


def _tell(console: Console, measured: Target, run: FuzzRun, seed: int, as_json: bool) -> None:
    if as_json:
        click.echo(_json(measured, run, seed))
    else:
        _itself(console, run, seed)


def _json(measured: Target, run: FuzzRun, seed: int) -> str:
    return json.dumps(
        {
            "target": measured.identity,
            "seed": seed,
            "calls": run.calls,
            "seconds": round(run.seconds, 3),
            "left_out": run.left_out,
            "findings": [{"what": finding.short, "file": str(file)} for finding, file in run.findings],
        },
        ensure_ascii=False,
    )


def _itself(console: Console, run: FuzzRun, seed: int) -> None:
    from rich.text import Text

    from generalproeve.fuzz.display import shown

    for name, reason in run.left_out.items():
        console.print(f"udeladt: {name} - {reason}", markup=False)
    for finding, file in run.findings:
        console.print(Text("fund: ", "bold red").append(finding.short, "default"))
        console.print(shown(finding), soft_wrap=False)
        console.print(f"gemt i {file}; afspilles igen med --replay {file}", markup=False)
    call = ", ".join(f"{count} kald ({name})" for name, count in run.calls.items())
    if call:
        console.print(f"{call} på {run.seconds:.1f} s, {len(run.findings)} fund, seed {seed}", markup=False)
