"""`generalproeve extract`: deliver registrations and citizens to BI as files, everything or what is new."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from generalproeve.base.exit_codes import KanIkkeKoere
from generalproeve.cli.linje import linje, linjeflag
from generalproeve.settings.exposure import require_loopback

if TYPE_CHECKING:
    from vos_simulators.bi.delivery import Manifest


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--full", "art", flag_value="full", help="Everything.")
@click.option(
    "--delta", "art", flag_value="delta", help="What came since the last delivery; the default where there is one."
)
@click.option(
    "--format", "format_", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True, help="Of the files."
)
@click.option(
    "--pseudonymise",
    "noeglefil",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="KEYFILE",
    help="Exchange everything that names somebody, under the key in that file: at least 16 bytes.",
)
@click.option("--key-env", "noeglenavn", metavar="NAME", help="The same, with the key in an environment variable.")
@click.option("--with-cpr", is_flag=True, help="Deliver CPR numbers whole; they are masked otherwise.")
@linjeflag
@click.option("--allow-remote", is_flag=True, help="Let the address be another machine's.")
def extract(
    folder: Path,
    art: str | None,
    format_: str,
    noeglefil: Path | None,
    noeglenavn: str | None,
    with_cpr: bool,
    control: str,
    allow_remote: bool,
    som_json: bool,
) -> None:
    """Deliver registrations and citizens of a running stage to FOLDER, with a manifest.

    Each delivery is a folder of its own below FOLDER; leverance.json says where the next delta begins.
    """
    import msgspec

    from generalproeve.base.progress import fremgang
    from vos_simulators.bi.delivery import Bestilling, Leveranceart, Leverancefejl, lever
    from vos_simulators.bi.files import Format, ManglerPyarrow
    from vos_simulators.bi.pseudonyms import Noeglefejl
    from vos_simulators.control import Styring
    from vos_simulators.stage_reader import Driftslaeser

    if sum((noeglefil is not None, noeglenavn is not None, with_cpr)) > 1:
        raise click.UsageError("--pseudonymise, --key-env and --with-cpr exclude one another")
    require_loopback("--control", control, allow_remote=allow_remote)
    bestilling = Bestilling(
        mappe=folder,
        art=None if art is None else Leveranceart(art),
        format=Format(format_),
        noegle=_noegle(noeglefil, noeglenavn),
        hele_cpr=with_cpr,
    )
    try:
        with linje("--control", control) as transport, fremgang("rækker", None, stille=som_json) as vis:
            manifest = lever(
                Driftslaeser(transport), Styring(transport).status(), bestilling, lambda fil, antal: vis(antal)
            )
    except (Leverancefejl, Noeglefejl, ManglerPyarrow, OSError) as brud:
        raise KanIkkeKoere(str(brud)) from brud
    if som_json:
        click.echo(msgspec.json.encode(manifest).decode())
    else:
        _sig(manifest, folder)


def _noegle(fil: Path | None, navn: str | None) -> bytes | None:
    from generalproeve.settings.configuration import environment

    if fil is not None:
        try:
            return fil.read_bytes().strip()
        except OSError as brud:
            raise KanIkkeKoere(f"--pseudonymise {fil}: {brud.strerror}") from brud
    if navn is None:
        return None
    if navn not in environment():
        raise KanIkkeKoere(f"--key-env {navn}: the environment has no {navn}")
    return environment()[navn].encode()


def _sig(manifest: Manifest, mappe: Path) -> None:
    art = {"full": "fuld", "delta": "delta"}[manifest.art]
    cpr = {"masked": "CPR-numre maskeret", "whole": "hele CPR-numre", "pseudonyms": "pseudonymiseret"}[manifest.borgere]
    click.echo(f"leverance {manifest.nummer} ({art}, {cpr}) i {mappe / manifest.mappe}")
    for fil in manifest.filer:
        click.echo(f"  {fil.navn:<24}{fil.raekker:>9} rækker  sha256 {fil.sha256}")
