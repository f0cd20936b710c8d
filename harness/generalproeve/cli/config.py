"""`generalproeve config`: the JSON Schema of generalproeve.toml, and a check of a file."""

from __future__ import annotations

import json
from pathlib import Path

import click

from generalproeve.base.exit_codes import CannotRun
from generalproeve.settings.configuration import FILE_NAME, configuration_file, read
from generalproeve.settings.stage import StageSettings


@click.group()
def config() -> None:
    """Print the schema of generalproeve.toml, or check a file."""


def _tls_problems(file: Path, settings: StageSettings) -> list[str]:
    try:
        _ = settings.tls
    except CannotRun as error:
        return [f"{file}: {error}"]
    return []


@config.command(short_help="Print the JSON Schema of generalproeve.toml.")
def schema() -> None:
    """Print the JSON Schema of generalproeve.toml, for the completion of an editor."""
    from generalproeve.settings.schema import file_schema

    click.echo(json.dumps(file_schema(), ensure_ascii=False, indent=2))


@config.command(short_help="Check [stage] and every profile of a file.")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def check(file: Path | None) -> None:
    """Check [stage] and every profile of FILE, by default generalproeve.toml in the working folder."""
    from generalproeve.settings.profiles import read_profile

    found = configuration_file(file)
    if found is None:
        raise CannotRun(f"{FILE_NAME}: no such file in this folder; name one")
    configuration = read(found)
    problems: list[str] = []
    try:
        settings = configuration.stage
    except CannotRun as error:
        problems.append(str(error))
    else:
        problems += _tls_problems(found, settings)
    for name, table in configuration.profiles.items():
        try:
            read_profile(found, name, table)
        except CannotRun as error:
            problems.append(str(error))
    if problems:
        raise CannotRun("\n".join(problems))
    click.echo(f"{found}: ok")
