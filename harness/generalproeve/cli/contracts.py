"""`generalproeve contracts`: list, show, export and check the contract, with or without an overlay."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generalproeve.base.exit_codes import CannotRun, Exit

if TYPE_CHECKING:
    from rich.table import Table

    from vos_contracts.contract import Contract

_overlay = click.option(
    "--contract", type=click.Path(file_okay=False, path_type=Path), help="Overlay folder to lay over the contract."
)


@click.group()
def contracts() -> None:
    """List, show, export and check the contract.

    Every row says where it is from and how certain it is: epic, documented (a public page) or assumed (our choice, which an
    overlay may change).
    """


@contracts.command("list")
@_overlay
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(contract: Path | None, as_json: bool) -> None:
    """List the tables and documents."""
    from rich.table import Table

    parts = list(_overview(contract))
    if as_json:
        click.echo(json.dumps(parts, ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("name", "rows", "epic", "documented", "assumed", "overlaid"):
        table.add_column(column, justify="left" if column == "name" else "right")
    for part_ in (part_ for part_ in parts if "rows" in part_):
        table.add_row(
            *(str(part_.get(column, "")) for column in ("name", "rows", "epic", "documented", "assumed", "overlaid"))
        )
    _write(table)
    for part_ in (part_ for part_ in parts if "rows" not in part_):
        click.echo(part_["name"])  # beside the table: a name cut to the terminal's width cannot be given to `show`


@contracts.command()
@click.argument("name")
@_overlay
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(name: str, contract: Path | None, as_json: bool) -> None:
    """Show a table by NAME with source and certainty, or print a document whole."""
    from rich.table import Table

    documents = _documents(contract)
    if name in documents:
        click.echo(documents[name].decode("utf-8"))
        return
    rows = _rows(name, contract)
    if rows is None:
        raise CannotRun(f"contracts show {name}: no such name; `generalproeve contracts list` lists them")
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in _columns(name):
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row.values(), style="yellow" if row.get("certainty") == "assumed" else "")
    _write(table)


@contracts.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@_overlay
def export(folder: Path, contract: Path | None) -> None:
    """Write every table and document to FOLDER, under the overlay's names if one is given.

    The golden messages keep the shipped names.
    """
    import csv

    from vos_contracts.tables.table import FORMER

    count = 0
    for name in (*FORMER, "requirement"):
        rows = _rows(name, contract) or []
        file = folder / "tables" / f"{name}.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w", encoding="utf-8", newline="") as is_open:
            writer = csv.DictWriter(is_open, _columns(name), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        count += 1
    for name, content in _documents(contract).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        count += 1
    click.echo(f"{count} files written to {folder}")


@contracts.command()
@_overlay
@click.pass_context
def check(ctx: click.Context, contract: Path | None) -> None:
    """Check that the contract holds together, and say what an overlay changes."""
    from vos_contracts import examples
    from vos_contracts.examples.validation import breach

    loaded = _load(contract)
    if loaded.overlay:
        click.echo(f"overlay {loaded.overlay.name}: {len(loaded.overlay.changes)} changes")
        for line in loaded.overlay.changes:
            click.echo(f"  {line}")
    findings = list(breach(loaded))
    for line in findings:
        click.echo(f"BREACH {line}")
    count = sum(1 for _ in examples.everyone())
    click.echo(
        f"{len(loaded.tables)} tables, {count} golden messages, contract {loaded.hash}: {len(findings)} breaches"
    )
    ctx.exit(Exit.CONTRACT_BROKEN if findings else Exit.OK)


def _load(folder: Path | None) -> Contract:
    from vos_contracts.contract import load
    from vos_contracts.tables.table import TableError

    try:
        return load(folder)
    except TableError as exc:
        raise CannotRun(str(exc)) from exc


def _overview(folder: Path | None) -> Iterator[dict[str, object]]:
    from vos_contracts import requirements
    from vos_contracts.tables.table import Certainty

    for name, table in _load(folder).tables.items():
        number = {
            certainty.value: sum(item.certainty is certainty for item in table.values()) for certainty in Certainty
        }
        yield {
            "name": name,
            "rows": len(table),
            **number,
            "overlaid": sum(bool(item.overlaid) for item in table.values()),
        }
    yield {"name": "requirement", "rows": len(requirements.load()), "epic": len(requirements.load())}
    for name in _documents(folder):
        yield {"name": name}


def _rows(name: str, folder: Path | None) -> list[dict[str, str]] | None:
    from dataclasses import asdict

    from vos_contracts import requirements
    from vos_contracts.tables.table import FORMER

    if name == "requirement":
        return [{field: str(value) for field, value in asdict(item).items()} for item in requirements.load().values()]
    if name not in FORMER:
        return None
    return [
        {**item.cells, "source": item.source, "certainty": item.certainty.value}
        for item in _load(folder).tables[name].values()
    ]


def _columns(name: str) -> list[str]:
    """Name the columns by the shipped table: an overlay may have taken every row away."""
    return list((_rows(name, None) or [{}])[0])


def _write(table: Table) -> None:
    """Print within a terminal's width; to a pipe or a file a line per row, whole, for other tools to read."""
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console.width = console.measure(table, options=console.options.update(width=sys.maxsize)).maximum
    console.print(table)


def _documents(folder: Path | None) -> Mapping[str, bytes]:
    from vos_contracts import examples
    from vos_contracts.openapi import asyncapi, reading, registration
    from vos_contracts.wire.soap.schemas import services

    contract = _load(folder)
    documents = {
        "openapi/PersonVisiteringService.v1.json": registration.canonical(contract).encode(),
        "wsb/asyncapi.json": asyncapi.canonical(contract).encode(),
        "openapi/VisiteringOgStatus.json": reading.canonical(contract).encode(),
    }
    for service in services(contract).values():
        for name, content in service.files.items():
            documents[f"soap/{f'{service.name}.v{service.version}.wsdl' if name == 'wsdl' else name}"] = content
    for channel in examples.CHANNELS:
        documents |= {message.path: message.content for message in examples.good_messages(channel)}
        documents[f"eksempler/{channel}/{examples.REFUSALS}"] = examples.refusal_file(channel)
    return documents
