"""`generalproeve extract`: write registrations and citizens to files for BI, all of them or the new ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from generalproeve.base.exit_codes import CannotRun
from generalproeve.cli.line import line, line_flags
from generalproeve.settings.exposure import require_loopback

if TYPE_CHECKING:
    from vos_simulators.bi.delivery import Manifest


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--full", "kind", flag_value="full", help="Deliver everything.")
@click.option(
    "--delta",
    "kind",
    flag_value="delta",
    help="Deliver what is new since the last delivery; the default if there is one.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["csv", "parquet"]),
    default="csv",
    show_default=True,
    help="Format of the files.",
)
@click.option(
    "--pseudonymise",
    "key_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="KEYFILE",
    help="Replace everything that identifies a person by a pseudonym, with the key in this file: at least 16 bytes.",
)
@click.option(
    "--key-env", "key_name", metavar="NAME", help="As --pseudonymise, with the key in this environment variable."
)
@click.option("--with-cpr", is_flag=True, help="Deliver whole CPR numbers; by default they are masked.")
@line_flags
@click.option("--allow-remote", is_flag=True, help="Allow the address of another machine.")
def extract(
    folder: Path,
    kind: str | None,
    format_: str,
    key_file: Path | None,
    key_name: str | None,
    with_cpr: bool,
    control: str,
    allow_remote: bool,
    as_json: bool,
) -> None:
    """Write the registrations and citizens of a running stage to FOLDER, with a manifest.

    Each delivery gets a folder of its own below FOLDER, and a file in FOLDER keeps the position where the next delta begins.
    """
    import msgspec

    from generalproeve.base.progress import progress
    from vos_simulators.bi.delivery import DeliveryError, DeliveryKind, Order, make_delivery
    from vos_simulators.bi.files import Format, MissingPyarrow
    from vos_simulators.bi.pseudonyms import InvalidKey
    from vos_simulators.control import Control
    from vos_simulators.stage_reader import OperationsReader

    if sum((key_file is not None, key_name is not None, with_cpr)) > 1:
        raise click.UsageError("--pseudonymise, --key-env and --with-cpr exclude one another")
    require_loopback("--control", control, allow_remote=allow_remote)
    order = Order(
        folder=folder,
        kind=None if kind is None else DeliveryKind(kind),
        format=Format(format_),
        key=_key(key_file, key_name),
        whole_cpr=with_cpr,
    )
    try:
        with line("--control", control) as transport, progress("rækker", None, quiet=as_json) as show:
            manifest = make_delivery(
                OperationsReader(transport), Control(transport).status(), order, lambda file, count: show(count)
            )
    except (DeliveryError, InvalidKey, MissingPyarrow, OSError) as exc:
        raise CannotRun(str(exc)) from exc
    if as_json:
        click.echo(msgspec.json.encode(manifest).decode())
    else:
        _print_manifest(manifest, folder)


def _key(file: Path | None, name: str | None) -> bytes | None:
    from generalproeve.settings.configuration import environment

    if file is not None:
        try:
            return file.read_bytes().strip()
        except OSError as exc:
            raise CannotRun(f"--pseudonymise {file}: {exc.strerror}") from exc
    if name is None:
        return None
    if name not in environment():
        raise CannotRun(f"--key-env {name}: the environment has no {name}")
    return environment()[name].encode()


def _print_manifest(manifest: Manifest, folder: Path) -> None:
    kind = {"full": "fuld", "delta": "delta"}[manifest.kind]
    cpr = {"masked": "CPR-numre maskeret", "whole": "hele CPR-numre", "pseudonyms": "pseudonymiseret"}[
        manifest.citizens
    ]
    click.echo(f"leverance {manifest.number} ({kind}, {cpr}) i {folder / manifest.folder}")
    for file in manifest.files:
        click.echo(f"  {file.name:<24}{file.rows:>9} rækker  sha256 {file.sha256}")
