"""`generalproeve fuzz`: make up calls, judge the answers, shrink what breaks, and keep it as a file that can be replayed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generalproeve.base.exit_codes import Udgang
from generalproeve.settings.options import Given, settings_options

if TYPE_CHECKING:
    from rich.console import Console

    from generalproeve.fuzz.runner import FuzzRun
    from generalproeve.settings.target import Resolved, Target

SEKUNDER = 60.0
"""How long a hunt is where nothing is said."""


@click.command()
@click.argument("target", default="embedded:")
@click.option(
    "--rest", "valgt", flag_value="rest", help="PersonVisiteringService and the other reads, from their OpenAPI."
)
@click.option("--soap", "valgt", flag_value="soap", help="Every operation of every SOAP service, from its schema.")
@click.option(
    "--parity", "valgt", flag_value="paritet", help="The same histories by SOAP and by REST, on twin citizens."
)
@click.option(
    "--variants",
    "valgt",
    flag_value="varianter",
    help="Calls that were recorded, each made into another, in great number.",
)
@click.option(
    "--max-time",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help=f"How long in all; {SEKUNDER:g} where neither this nor --max-calls is given. Shrinking comes on top.",
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
@click.option("--json", "som_json", is_flag=True, help="Print one JSON object at the end, and nothing else.")
@click.pass_context
def fuzz(
    ctx: click.Context,
    target: str,
    given: Given,
    valgt: str | None,
    max_time: float | None,
    max_calls: int | None,
    seed: int | None,
    replay: Path | None,
    out: Path,
    control: str | None,
    allow_remote: bool,
    som_json: bool,
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
    from generalproeve.fuzz.lines import aabnet
    from generalproeve.opstilling import opstil

    resolved = resolved_target(target, given, control, allow_remote=allow_remote)
    maalet = resolved.target
    seed = new_seed() if seed is None else seed
    if max_time is None and max_calls is None:
        max_time = SEKUNDER
    konsol = Console(soft_wrap=True, highlight=False, quiet=som_json)
    konsol.print(f"mål {maalet.identity}, seed {seed}", markup=False)
    with opstil(maalet, resolved.settings) as opstillet, aabnet(opstillet, seed) as linjer:
        if replay is not None:
            found = runner.replay_file(linjer, replay)
            run = runner.FuzzRun(findings=[] if found is None else [(found, replay)])
        else:
            hunts = [valgt] if valgt else list(runner.HUNTS)
            run = runner.play(linjer, hunts, max_time, max_calls, out, quiet=som_json)
        if run.failure is not None:
            _fortael(konsol, maalet, run, seed, som_json)
            raise run.failure
    if replay is not None and not run.findings and not som_json:
        konsol.print(f"{replay} bryder ikke mere og er slettet", markup=False)
    else:
        _fortael(konsol, maalet, run, seed, som_json)
    if run.findings:
        ctx.exit(Udgang.KONTRAKT_BRUDT)
    ctx.exit(Udgang.OK if replay is not None or any(run.calls.values()) else Udgang.INTET_VALGT)


def resolved_target(target: str, given: Given, control: str | None, *, allow_remote: bool) -> Resolved:
    """Resolve the target; the file's latency is for rehearsing, and its faults on purpose would all be findings."""
    from generalproeve.settings.target import Remote, resolve
    from vos_features.capabilities import Evne

    resolved = resolve(target, given, control=control, allow_remote=allow_remote, latency=None)
    if control is None or not isinstance(resolved.target, Remote):
        return resolved
    # whoever gives --control has read that the stage is emptied; a profile says so itself
    stage = replace(resolved.target.scenen, evner=frozenset(Evne))
    return replace(resolved, target=replace(resolved.target, scenen=stage))


def _fortael(konsol: Console, maalet: Target, run: FuzzRun, seed: int, som_json: bool) -> None:
    if som_json:
        click.echo(_json(maalet, run, seed))
    else:
        _sig(konsol, run, seed)


def _json(maalet: Target, run: FuzzRun, seed: int) -> str:
    return json.dumps(
        {
            "target": maalet.identity,
            "seed": seed,
            "calls": run.calls,
            "seconds": round(run.seconds, 3),
            "left_out": run.left_out,
            "findings": [{"what": en.kort, "file": str(fil)} for en, fil in run.findings],
        },
        ensure_ascii=False,
    )


def _sig(konsol: Console, run: FuzzRun, seed: int) -> None:
    from rich.text import Text

    from generalproeve.fuzz.display import vist

    for navn, grund in run.left_out.items():
        konsol.print(f"udeladt: {navn} - {grund}", markup=False)
    for en, fil in run.findings:
        konsol.print(Text("fund: ", "bold red").append(en.kort, "default"))
        konsol.print(vist(en), soft_wrap=False)
        konsol.print(f"gemt i {fil}; afspilles igen med --replay {fil}", markup=False)
    kald = ", ".join(f"{antal} kald ({navn})" for navn, antal in run.calls.items())
    if kald:
        konsol.print(f"{kald} på {run.seconds:.1f} s, {len(run.findings)} fund, seed {seed}", markup=False)
