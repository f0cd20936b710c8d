"""`generalproeve contracts`: list, show, export and check the contract, with or without an overlay."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generalproeve.base.exit_codes import CannotRun, Exit
from generalproeve.cli.line import load_contract

if TYPE_CHECKING:
    from rich.table import Table


_overlay = click.option(
    "--contract", type=click.Path(file_okay=False, path_type=Path), help="Overlay folder that changes the contract."
)

_LIST_COLUMNS = ("name", "rows", "epic", "documented", "assumed", "overlaid")


@click.group()
def contracts() -> None:
    """List, show, export and check the contract.

    \b
    Each row has a source and a certainty:
      epic        stated in the epic
      documented  stated on a public page
      assumed     chosen here; only these may be changed by an overlay
    """


@contracts.command("list")
@_overlay
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(contract: Path | None, as_json: bool) -> None:
    """List the tables and documents by the names that `show` takes."""
    from rich.table import Table

    entries = list(_overview(contract))
    if as_json:
        click.echo(json.dumps(entries, ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in _LIST_COLUMNS:
        table.add_column(column, justify="left" if column == "name" else "right")
    for entry in (entry for entry in entries if "rows" in entry):
        table.add_row(*(str(entry.get(column, "")) for column in _LIST_COLUMNS))
    _print_table(table)
    for entry in (entry for entry in entries if "rows" not in entry):
        click.echo(entry["name"])  # outside the table, which would cut a long name to the terminal's width


@contracts.command(short_help="Show one table or document.")
@click.argument("name")
@_overlay
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(name: str, contract: Path | None, as_json: bool) -> None:
    """Show the table NAME with source and certainty, or print the document NAME."""
    from rich.table import Table

    rows = _rows(name, contract)
    if rows is None:
        documents = _documents(contract)
        if name in documents:
            click.echo(documents[name]().decode("utf-8"))
            return
        raise CannotRun(f"contracts show {name}: no such name; `generalproeve contracts list` lists them")
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in _columns(name):
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row.values(), style="yellow" if row.get("certainty") == "assumed" else "")
    _print_table(table)


@contracts.command(short_help="Write every table and document to FOLDER.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@_overlay
def export(folder: Path, contract: Path | None) -> None:
    """Write every table and document to FOLDER, with the names of the overlay if one is given.

    The golden messages keep the shipped names.
    """
    import csv

    from vos_contracts.base.csv_cells import defused
    from vos_contracts.tables.table import TABLE_FORMS

    count = 0
    for name in (*TABLE_FORMS, "requirement"):
        rows = _rows(name, contract) or []
        file = folder / "tables" / f"{name}.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, _columns(name), lineterminator="\n")
            writer.writeheader()
            writer.writerows({name: defused(cell) for name, cell in row.items()} for row in rows)
        count += 1
    for name, render in _documents(contract).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(render())
        count += 1
    click.echo(f"{count} files written to {folder}")


@contracts.command(short_help="Check the contract and an overlay.")
@_overlay
@click.pass_context
def check(ctx: click.Context, contract: Path | None) -> None:
    """Check that the contract is consistent, and list what an overlay changes."""
    from vos_contracts import examples
    from vos_contracts.examples.validation import breach

    loaded = load_contract(contract)
    if loaded.overlay:
        click.echo(f"overlay {loaded.overlay.name}: {len(loaded.overlay.changes)} changes")
        for line in loaded.overlay.changes:
            click.echo(f"  {line}")
    findings = list(breach(loaded))
    for line in findings:
        click.echo(f"BREACH {line}")
    count = sum(1 for _ in examples.all_examples())
    click.echo(
        f"{len(loaded.tables)} tables, {count} golden messages, contract {loaded.hash}: {len(findings)} breaches"
    )
    ctx.exit(Exit.CONTRACT_BROKEN if findings else Exit.OK)


def _overview(folder: Path | None) -> Iterator[dict[str, object]]:
    from vos_contracts import requirements
    from vos_contracts.tables.table import Certainty

    for name, table in load_contract(folder).tables.items():
        counts = {certainty.value: sum(row.certainty is certainty for row in table.values()) for certainty in Certainty}
        yield {
            "name": name,
            "rows": len(table),
            **counts,
            "overlaid": sum(bool(row.overlaid) for row in table.values()),
        }
    yield {"name": "requirement", "rows": len(requirements.load()), "epic": len(requirements.load())}
    for name in _documents(folder):
        yield {"name": name}


def _rows(name: str, folder: Path | None) -> list[dict[str, str]] | None:
    from dataclasses import asdict

    from vos_contracts import requirements
    from vos_contracts.tables.table import TABLE_FORMS

    if name == "requirement":
        return [{field: str(value) for field, value in asdict(row).items()} for row in requirements.load().values()]
    if name not in TABLE_FORMS:
        return None
    return [
        {**row.cells, "source": row.source, "certainty": row.certainty.value}
        for row in load_contract(folder).tables[name].values()
    ]


def _columns(name: str) -> list[str]:
    """Return the columns of the shipped table, because an overlay may have removed every row."""
    return list((_rows(name, None) or [{}])[0])


def _print_table(table: Table) -> None:
    """Print the table; to a pipe or a file one uncut line per row, for other tools to read."""
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console.width = console.measure(table, options=console.options.update(width=sys.maxsize)).maximum
    console.print(table)


def _documents(folder: Path | None) -> Mapping[str, Callable[[], bytes]]:
    """Return each document as a function that renders it: all of them take half a second, and `show` prints one."""
    from vos_contracts import examples
    from vos_contracts.openapi import asyncapi, reading, registration
    from vos_contracts.wire.soap.schemas import services

    contract = load_contract(folder)
    documents: dict[str, Callable[[], bytes]] = {
        "openapi/PersonVisiteringService.v1.json": lambda: registration.canonical(contract).encode(),
        "wsb/asyncapi.json": lambda: asyncapi.canonical(contract).encode(),
        "openapi/VisiteringOgStatus.json": lambda: reading.canonical(contract).encode(),
    }
    for service in services(contract).values():
        for name, content in service.files.items():
            file = f"{service.name}.v{service.version}.wsdl" if name == "wsdl" else name
            documents[f"soap/{file}"] = partial(bytes, content)
    for channel in examples.CHANNELS:
        for message in examples.good_messages(channel):
            documents[message.path] = partial(bytes, message.content)
        documents[f"examples/{channel}/{examples.REFUSALS}"] = partial(examples.refusal_file, channel)
    return documents
