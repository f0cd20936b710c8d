"""The files of a delivery: CSV (UTF-8, ISO 8601 in UTC) or Parquet, written row by row as the pages come.

Parquet is written by pyarrow, which is loaded when it is asked for and not before.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

Row = Mapping[str, Any]


class Format(StrEnum):
    """How the files are written; the value is their ending."""

    CSV = "csv"
    PARQUET = "parquet"


class MissingPyarrow(Exception):
    """Parquet was asked for and pyarrow is not installed."""

    def __init__(self) -> None:
        super().__init__("Parquet needs pyarrow: install generalproeve[bi], or choose --format csv")


class ColumnType(StrEnum):
    """What a column holds."""

    NUMBER = "number"
    TEXT = "text"
    YES_NO = "yes_no"
    DAY = "day"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Form:
    """A file's name and its columns, in order."""

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
    """A file that is being written."""

    def write(self, rows: Sequence[Row]) -> None:
        """Append rows."""
        ...

    def close(self) -> None:
        """Finish the file."""
        ...


def writer(format_: Format, form: Form, file: Path) -> Writer:
    """Begin a file; errors: OSError, MissingPyarrow."""
    return CsvWriter(form, file) if format_ is Format.CSV else ParquetWriter(form, file)


class CsvWriter:
    """A CSV file with a header; an empty cell is no value."""

    def __init__(self, form: Form, file: Path) -> None:
        self._file = file.open("w", encoding="utf-8", newline="")
        self._csv = csv.DictWriter(self._file, list(form.columns), lineterminator="\n")
        self._csv.writeheader()

    def write(self, rows: Sequence[Row]) -> None:
        """Append rows."""
        self._csv.writerows({name: _cell(value) for name, value in row.items()} for row in rows)

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


class ParquetWriter:
    """A Parquet file, one row group per page."""

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
        self._schema = pa.schema([(name, types[variant]) for name, variant in form.columns.items()])
        self._file = pq.ParquetWriter(file, self._schema)

    def write(self, rows: Sequence[Row]) -> None:
        """Append rows."""
        if rows:
            self._file.write_table(self._pa.Table.from_pylist(list(rows), schema=self._schema))

    def close(self) -> None:
        """Finish the file."""
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
        case _:
            return value
