"""Columns and writers of the files of a BI delivery: CSV (UTF-8, instants as ISO 8601 in UTC) or Parquet.

pyarrow is imported only for Parquet; it is an optional dependency.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from vos_contracts.base.csv_cells import defused

Row = Mapping[str, Any]


class Format(StrEnum):
    """The file format; the value is also the file name extension."""

    CSV = "csv"
    PARQUET = "parquet"


class MissingPyarrow(Exception):
    """Parquet is requested and pyarrow is not installed."""

    def __init__(self) -> None:
        super().__init__("Parquet needs pyarrow: install generalproeve[bi], or choose --format csv")


class ColumnType(StrEnum):
    """The type of a column."""

    NUMBER = "number"
    TEXT = "text"
    YES_NO = "yes_no"
    DAY = "day"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Form:
    """The name and the ordered columns of one file."""

    name: str
    columns: Mapping[str, ColumnType]


REGISTRATIONS = Form(
    "registrations",
    {
        "nr": ColumnType.NUMBER,
        "citizen_id": ColumnType.TEXT,
        "id": ColumnType.TEXT,
        "kind": ColumnType.TEXT,
        "type": ColumnType.NUMBER,
        "event": ColumnType.TIME,
        "start": ColumnType.TIME,
        "end": ColumnType.TIME,
        "is_deleted": ColumnType.YES_NO,
        "registered": ColumnType.TIME,
        "organisation_type": ColumnType.NUMBER,
        "organisation_code": ColumnType.TEXT,
        "system": ColumnType.NUMBER,
        "user_type": ColumnType.NUMBER,
        "user_id": ColumnType.TEXT,
        "user_name": ColumnType.TEXT,
    },
)
CITIZENS = Form(
    "citizens",
    {
        "nr": ColumnType.NUMBER,
        "citizen_id": ColumnType.TEXT,
        "cpr": ColumnType.TEXT,
        "born": ColumnType.DAY,
        "dead": ColumnType.DAY,
        "memberships": ColumnType.TEXT,
    },
)


class Writer(Protocol):
    """Writes the rows of one file."""

    def write(self, rows: Sequence[Row]) -> None:
        """Append rows to the file."""
        ...

    def close(self) -> None:
        """Flush and close the file."""
        ...


def writer(format_: Format, form: Form, file: Path) -> Writer:
    """Open a file for writing.

    Raises:
        OSError: the file cannot be opened.
        MissingPyarrow: Parquet is requested and pyarrow is not installed.
    """
    return CsvWriter(form, file) if format_ is Format.CSV else ParquetWriter(form, file)


class CsvWriter:
    """Writes CSV with a header line; None is an empty cell."""

    def __init__(self, form: Form, file: Path) -> None:
        self._file = file.open("w", encoding="utf-8", newline="")
        self._csv = csv.DictWriter(self._file, list(form.columns), lineterminator="\n")
        self._csv.writeheader()

    def write(self, rows: Sequence[Row]) -> None:
        """Append rows to the file."""
        self._csv.writerows({name: _cell(value) for name, value in row.items()} for row in rows)

    def close(self) -> None:
        """Flush and close the file."""
        self._file.close()


class ParquetWriter:
    """Writes Parquet, one row group per page."""

    def __init__(self, form: Form, file: Path) -> None:
        try:
            import pyarrow as pa
            import pyarrow.parquet as pq
        except ImportError as missing:
            raise MissingPyarrow from missing
        types = {
            ColumnType.NUMBER: pa.int64(),
            ColumnType.TEXT: pa.string(),
            ColumnType.YES_NO: pa.bool_(),
            ColumnType.DAY: pa.date32(),
            ColumnType.TIME: pa.timestamp("us", tz="UTC"),
        }
        self._pa = pa
        self._schema = pa.schema([(name, types[column]) for name, column in form.columns.items()])
        self._file = pq.ParquetWriter(file, self._schema)

    def write(self, rows: Sequence[Row]) -> None:
        """Append rows to the file."""
        if rows:
            self._file.write_table(self._pa.Table.from_pylist(list(rows), schema=self._schema))

    def close(self) -> None:
        """Flush and close the file."""
        self._file.close()


def _cell(value: object) -> object:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case str():
            return defused(value)
        case _:
            return value
