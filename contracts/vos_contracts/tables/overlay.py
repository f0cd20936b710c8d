"""Load and validate an overlay folder, which corrects assumed rows of the contract.

A folder holds one CSV file per table that it corrects (`names.csv`, `errors.csv` ...), with the table's key columns and the
columns it changes. The changes are returned as text lines, for `contracts check` and for every report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vos_contracts.base.text_files import NotText, read_text
from vos_contracts.tables.overlay_rules import check
from vos_contracts.tables.table import TABLE_FORMS, Table, TableError, lay_over


@dataclass(frozen=True, slots=True)
class Overlay:
    """A loaded overlay: the folder's name, and one line per change."""

    name: str
    changes: tuple[str, ...]


def apply(tables: Mapping[str, Table], folder: Path) -> tuple[Mapping[str, Table], Overlay]:
    """Lay the folder's tables over the given tables.

    Raises:
        TableError: the folder is missing or empty, a file is unknown, `table.lay_over` refuses a row, or a
    name is unusable.
    """
    if not folder.is_dir():
        raise TableError(f"{folder}: the overlay is not a folder")
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    known = {f"{name}.csv": form for name, form in TABLE_FORMS.items()}
    new = dict(tables)
    changes: list[str] = []
    found = False
    for path in files:
        if path.suffix == ".md":
            continue
        form = known.get(path.name)
        if form is None:
            raise TableError(f"{path}: not a contract table; the tables are {', '.join(sorted(known))}")
        found = True
        try:
            text = read_text(path)
        except NotText as exc:
            raise TableError(f"{path}: {exc}") from None
        new[form.name], changed = lay_over(form, new[form.name], text, str(path))
        changes += changed
    if not found:
        raise TableError(f"{folder}: the overlay folder holds no contract table")
    check(new)
    return new, Overlay(folder.name, tuple(changes))
