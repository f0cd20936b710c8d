"""Read the contract's tables: CSV files in which every row has a source and a certainty.

Here: the file format, the keys, and laying an overlay's rows over the shipped ones. Not here: what a table means (the other
modules of `vos_contracts.tables`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.resources import files

HIDDEN = frozenset({"source", "certainty"})
ACTION, ADD, REMOVE = "action", "add", "remove"


class Certainty(StrEnum):
    """How certain a row is: the epic's text, a public page or law, or an assumption of this project."""

    EPIC = "epic"
    DOCUMENTED = "documented"
    ASSUMED = "assumed"


class TableError(ValueError):
    """A table or an overlay breaks the format; the message names the file, the line and the rule."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its cells, its source and its certainty."""

    cells: Mapping[str, str]
    source: str
    certainty: Certainty
    overlaid: frozenset[str] = frozenset()

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass(frozen=True, slots=True)
class TableForm:
    """The shape of a table: its key columns, and the columns that are assumed even in a documented row.

    With `fixed_rows`, an overlay may change cells but not add or remove rows.
    """

    name: str
    keys: tuple[str, ...]
    always_assumed: frozenset[str] = field(default_factory=frozenset)
    fixed_rows: bool = False


Key = tuple[str, ...]
Table = Mapping[Key, Row]

TABLE_FORMS: Mapping[str, TableForm] = {
    form.name: form
    for form in (
        TableForm("names", ("key",), fixed_rows=True),
        TableForm("kontaktgruppe", ("code",), frozenset({"valid_from", "valid_until"})),
        TableForm("kontaktgruppe_rule", ("kontaktgruppe", "rule", "value")),
        TableForm("personkategori", ("code",), frozenset({"valid_from", "valid_until"})),
        TableForm("combination", ("kontaktgruppe", "personkategori")),
        TableForm(
            "tilmeldekategori", ("code",), frozenset({"requires_membership", "without_benefit", "unemployment_degrees"})
        ),
        TableForm("unemployment_degree", ("code",)),
        TableForm("cancellation_cause", ("code",)),
        TableForm("client_system", ("code",)),
        TableForm("wsrm_system", ("client_system", "message")),
        TableForm("organisation_type", ("code",)),
        TableForm("user_type", ("code",)),
        TableForm("access", ("service", "method", "organisation_type", "level")),
        TableForm("access_period", ("service", "method", "organisation_type")),
        TableForm("client_system_blocked", ("client_system", "service", "method")),
        TableForm("jobnet_access", ("organisation_type", "kontaktgruppe", "tilmeldekategori")),
        TableForm("user_organisation", ("organisation_type", "user_organisation_type")),
        TableForm("errors", ("code",), frozenset({"http_status"}), fixed_rows=True),
        TableForm("method_errors", ("service", "method", "error_code")),
        TableForm("fravaerstype", ("code",), frozenset({"allows_tilmelding"})),
        TableForm("fravaer_conflict", ("fravaerstype", "kontaktgruppe")),
        TableForm("illness_source", ("element", "illness_source")),
        TableForm("wsrm_recipient", ("message", "recipient", "when", "kontaktgruppe")),
        TableForm("wsb_entity", ("kind",), fixed_rows=True),
        TableForm("wsb_recipient", ("kind", "recipient", "when", "kontaktgruppe")),
        TableForm("batchjob", ("code",), frozenset({"name", "order", "clock_time"}), fixed_rows=True),
        TableForm("event_recipient", ("domain", "kind")),
        TableForm("release", ("release", "rule"), fixed_rows=True),
        TableForm("leniency", ("key",), fixed_rows=True),
    )
}


def _rows(text: str, file_name: str) -> tuple[Sequence[str], list[tuple[int, dict[str, str]]]]:
    """Read columns, and cells by column with their line number.

    A Danish Excel separates by semicolons, which its first line shows, and may add empty columns and rows at the end.
    """
    header = text.partition("\n")[0]
    reader = csv.DictReader(
        io.StringIO(text), strict=True, delimiter=";" if ";" in header and "," not in header else ","
    )
    rows: list[tuple[int, dict[str, str]]] = []
    try:
        columns = list(reader.fieldnames or ())
        while columns and not columns[-1].strip():
            columns.pop()
        if "" in columns:
            raise TableError(f"{file_name}:1: column {columns.index('') + 1} has no name")
        for cells in reader:
            if None in cells and not any(cells[None]):
                del cells[None]
            if cells.get("") == "":
                del cells[""]
            if not any(cells.values()):
                continue
            if None in cells or None in cells.values() or "" in cells:
                raise TableError(
                    f"{file_name}:{reader.line_num}: the row must have {len(columns)} cells, as the header has"
                )
            rows.append((reader.line_num, cells))
    except csv.Error as exc:
        raise TableError(f"{file_name}:{reader.line_num}: {exc}") from exc
    return columns, rows


def parse(form: TableForm, text: str, file_name: str) -> Table:
    """Parse a shipped table.

    Raises:
        TableError: a key column is missing, a key stands twice, or a certainty is unknown.
    """
    columns, rows = _rows(text, file_name)
    for required in (*form.keys, *sorted(HIDDEN)):
        if required not in columns:
            raise TableError(f"{file_name}: column {required!r} is missing")
    table: dict[Key, Row] = {}
    for line, cells in rows:
        key = tuple(cells[column] for column in form.keys)
        if key in table:
            raise TableError(f"{file_name}:{line}: key {'/'.join(key)} stands twice")
        table[key] = Row(
            {column: value for column, value in cells.items() if column not in HIDDEN},
            cells["source"],
            _certainty(cells["certainty"], file_name, line),
        )
    return table


def _certainty(text: str, file_name: str, line: int) -> Certainty:
    try:
        return Certainty(text)
    except ValueError:
        raise TableError(f"{file_name}:{line}: certainty is {text!r}, must be one of {', '.join(Certainty)}") from None


def lay_over(form: TableForm, table: Table, text: str, file_name: str) -> tuple[Table, tuple[str, ...]]:
    """Lay an overlay's rows over a table; return the new table and one line per changed cell or row.

    A cell may be changed if its row is `assumed`, if its column is always assumed, or if the shipped cell is empty. A column
    `action` with `add` adds a row, and with `remove` removes an `assumed` one.
    Raises:
        TableError: names the file, the line, the key and the rule that was broken.
    """
    columns, rows = _rows(text, file_name)
    for required in form.keys:
        if required not in columns:
            raise TableError(f"{file_name}: column {required!r} is missing")
    new = dict(table)
    changes: list[str] = []
    for line, cells in rows:
        key = tuple(cells[column] for column in form.keys)
        where = f"{file_name}:{line}: {'/'.join(key)}"
        action = cells.pop(ACTION, "")
        if action:
            _change_row(form, new, key, cells, action, where)
            changes.append(f"{form.name}/{'/'.join(key)}: {action}")
            continue
        old = new.get(key)
        if old is None:
            raise TableError(f"{where}: the contract has no such key in {form.name}{_advice(form)}")
        changed = _changed_cells(form, old, cells, where)
        if changed:
            new[key] = Row(
                {**old.cells, **changed},
                f"overlay {file_name}",
                old.certainty,
                old.overlaid | set(changed),
            )
            changes += [
                f"{form.name}/{'/'.join(key)}.{column}: {old[column]!r} -> {value!r}"
                for column, value in changed.items()
            ]
    return new, tuple(changes)


def _advice(form: TableForm) -> str:
    return "" if form.fixed_rows else f"; a column {ACTION!r} with {ADD!r} adds it"


def _change_row(
    form: TableForm, table: dict[Key, Row], key: Key, cells: Mapping[str, str], action: str, where: str
) -> None:
    if action not in (ADD, REMOVE):
        raise TableError(f"{where}: {ACTION} is {action!r}, must be empty, {ADD!r} or {REMOVE!r}")
    if form.fixed_rows:
        raise TableError(f"{where}: rows of {form.name} can be changed, not added or removed")
    old = table.get(key)
    if action == REMOVE:
        if old is None:
            raise TableError(f"{where}: the contract has no such key in {form.name}")
        if old.certainty is not Certainty.ASSUMED:
            raise TableError(
                f"{where}: the row is {old.certainty} ({old.source}); an overlay may remove assumed ones only"
            )
        del table[key]
        return
    if old is not None:
        raise TableError(f"{where}: stands in {form.name} already")
    columns = tuple(next(iter(table.values())).cells)
    for column in cells:
        if column not in columns and column not in HIDDEN:
            raise TableError(f"{where}: the contract has no column {column!r} in {form.name}")
    new = {column: cells.get(column, "") for column in columns}
    table[key] = Row(new, f"overlay {where}", Certainty.ASSUMED, frozenset(new))


def _changed_cells(form: TableForm, old: Row, cells: Mapping[str, str], where: str) -> dict[str, str]:
    changed: dict[str, str] = {}
    for column, value in cells.items():
        if column in form.keys or column in HIDDEN:
            continue
        if column not in old.cells:
            raise TableError(f"{where}: the contract has no column {column!r} in {form.name}")
        if value == old[column]:
            continue
        may = old.certainty is Certainty.ASSUMED or column in form.always_assumed or old[column] == ""
        if not may:
            raise TableError(
                f"{where}: {column} is {old.certainty} ({old.source}); an overlay may change assumed facts only"
            )
        changed[column] = value
    return changed


def load(form: TableForm) -> Table:
    """Load a shipped table by its form."""
    file_name = f"{form.name}.csv"
    return parse(form, files("vos_contracts.tables").joinpath(file_name).read_text("utf-8"), file_name)


def yes(value: str, no: str = "no") -> bool:
    """Read a cell that says yes or no, or yes or another word for no.

    Raises:
        ValueError: an element is missing or has the wrong form.
    """
    if value not in {"yes", no}:
        raise ValueError(f"{value!r} must be 'yes' or {no!r}")
    return value == "yes"


def whole_numbers(text: str) -> frozenset[int]:
    """Read a cell that holds whole numbers separated by spaces."""
    return frozenset(int(number) for number in text.split())


def rows(table: Table) -> Iterable[Row]:
    """List the rows of a table in the file's order."""
    return table.values()
