"""`generalproeve fuzz`: make up calls, judge the answers, shrink what breaks, and keep it as a file that can be replayed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generalproeve.cli.faelles import konfigurationsfil, opsaetning
from generalproeve.cli.linje import kraev_loopback
from generalproeve.cli.test import PROEVEDAG
from generalproeve.udgang import Udgang
from generalproeve.vaerdier import LATENS_FRA

if TYPE_CHECKING:
    from rich.console import Console

    from generalproeve.fuzz.loeb import Loebet
    from generalproeve.maal import Maal

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
@click.option(
    "--config", "fil", type=click.Path(dir_okay=False, path_type=Path), help="TOML file with profiles and settings."
)
@click.option("--contract", type=click.Path(file_okay=False, path_type=Path), help="Overlay folder.")
@click.option("--json", "som_json", is_flag=True, help="Print one JSON object at the end, and nothing else.")
@click.pass_context
def fuzz(
    ctx: click.Context,
    target: str,
    valgt: str | None,
    max_time: float | None,
    max_calls: int | None,
    seed: int | None,
    replay: Path | None,
    out: Path,
    control: str | None,
    allow_remote: bool,
    fil: Path | None,
    contract: Path | None,
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

    from generalproeve.fuzz import vaerktoej

    vaerktoej.kraev()
    from generalproeve.fuzz import loeb
    from generalproeve.fuzz.linjer import aabnet
    from generalproeve.opstilling import opstil

    maalet = _maal(target, fil, control, contract, tillad_fjern=allow_remote)
    indstillinger = opsaetning(fil, contract=contract, port=0, control_port=0, **_indlejret(maalet))
    seed = vaerktoej.nyt_seed() if seed is None else seed
    if max_time is None and max_calls is None:
        max_time = SEKUNDER
    konsol = Console(soft_wrap=True, highlight=False, quiet=som_json)
    konsol.print(f"mål {maalet.identitet}, seed {seed}", markup=False)
    with opstil(maalet, indstillinger) as opstillet, aabnet(opstillet, seed) as linjer:
        if replay is not None:
            fundet = loeb.genspil(linjer, replay)
            loebet = loeb.Loebet(fund=[] if fundet is None else [(fundet, replay)])
        else:
            loebet = loeb.jag(
                linjer, [valgt] if valgt else list(loeb.JAGTER), max_time, max_calls, out, stille=som_json
            )
        if loebet.brud is not None:
            _fortael(konsol, maalet, loebet, seed, som_json)
            raise loebet.brud
    if replay is not None and not loebet.fund and not som_json:
        konsol.print(f"{replay} bryder ikke mere og er slettet", markup=False)
    else:
        _fortael(konsol, maalet, loebet, seed, som_json)
    if loebet.fund:
        ctx.exit(Udgang.KONTRAKT_BRUDT)
    ctx.exit(Udgang.OK if replay is not None or any(loebet.kald.values()) else Udgang.INTET_VALGT)


def _maal(target: str, fil: Path | None, control: str | None, contract: Path | None, *, tillad_fjern: bool) -> Maal:
    from generalproeve import konfiguration, maal
    from vos_features.capabilities import Evne

    konfig = konfigurationsfil(fil)
    profiler = {} if konfig is None else konfiguration.indhold(konfig, konfiguration.miljoe()).get("profile", {})
    maalet = maal.laes(target, profiler, konfig, styring=control)
    if isinstance(maalet, maal.Indlejret):
        return maalet
    if control is not None:  # whoever names it has read that the stage is emptied; a profile says so itself
        maalet = replace(maalet, scenen=replace(maalet.scenen, evner=frozenset(Evne)))
    for adresse in (maalet.scenen.tjenester, *maalet.scenen.adresser.values(), maalet.scenen.styring):
        if adresse is not None:
            kraev_loopback("target", adresse, tillad_fjern=tillad_fjern)
    return maalet if contract is None else replace(maalet, scenen=replace(maalet.scenen, kontrakt=contract))


def _indlejret(maalet: Maal) -> dict[str, object]:
    """Return the embedded stage's settings; its clock is frozen, so that the same seed gives the same calls."""
    from generalproeve.maal import Indlejret

    if not isinstance(maalet, Indlejret):
        return {}
    latens = maalet.latens or LATENS_FRA  # the file's is for rehearsing: faults on purpose would all be findings
    return {"clock": PROEVEDAG, "release": maalet.udgave, "backend": maalet.bagende, "latency": latens}


def _fortael(konsol: Console, maalet: Maal, loebet: Loebet, seed: int, som_json: bool) -> None:
    if som_json:
        click.echo(_json(maalet, loebet, seed))
    else:
        _sig(konsol, loebet, seed)


def _json(maalet: Maal, loebet: Loebet, seed: int) -> str:
    return json.dumps(
        {
            "target": maalet.identitet,
            "seed": seed,
            "calls": loebet.kald,
            "seconds": round(loebet.sekunder, 3),
            "left_out": loebet.udeladt,
            "findings": [{"what": en.kort, "file": str(fil)} for en, fil in loebet.fund],
        },
        ensure_ascii=False,
    )


def _sig(konsol: Console, loebet: Loebet, seed: int) -> None:
    from rich.text import Text

    from generalproeve.fuzz.visning import vist

    for navn, grund in loebet.udeladt.items():
        konsol.print(f"udeladt: {navn} - {grund}", markup=False)
    for en, fil in loebet.fund:
        konsol.print(Text("fund: ", "bold red").append(en.kort, "default"))
        konsol.print(vist(en), soft_wrap=False)
        konsol.print(f"gemt i {fil}; afspilles igen med --replay {fil}", markup=False)
    kald = ", ".join(f"{antal} kald ({navn})" for navn, antal in loebet.kald.items())
    if kald:
        konsol.print(f"{kald} på {loebet.sekunder:.1f} s, {len(loebet.fund)} fund, seed {seed}", markup=False)
