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

Raekke = Mapping[str, Any]


class Format(StrEnum):
    """How the files are written; the value is their ending."""

    CSV = "csv"
    PARQUET = "parquet"


class ManglerPyarrow(Exception):
    """Parquet was asked for and pyarrow is not installed."""

    def __init__(self) -> None:
        super().__init__("Parquet needs pyarrow: install generalproeve[bi], or choose --format csv")


class Slags(StrEnum):
    """What a column holds."""

    TAL = "tal"
    TEKST = "tekst"
    JANEJ = "janej"
    DAG = "dag"
    TID = "tid"


@dataclass(frozen=True, slots=True)
class Form:
    """A file's name and its columns, in order."""

    navn: str
    kolonner: Mapping[str, Slags]


REGISTRERINGER = Form(
    "registreringer",
    {
        "nr": Slags.TAL,
        "borger_id": Slags.TEKST,
        "id": Slags.TEKST,
        "art": Slags.TEKST,
        "type": Slags.TAL,
        "haendelse": Slags.TID,
        "start": Slags.TID,
        "slut": Slags.TID,
        "er_slettet": Slags.JANEJ,
        "registreret": Slags.TID,
        "organisation_type": Slags.TAL,
        "organisation_kode": Slags.TEKST,
        "system": Slags.TAL,
        "bruger_type": Slags.TAL,
        "bruger_id": Slags.TEKST,
        "bruger_navn": Slags.TEKST,
    },
)
BORGERE = Form(
    "borgere",
    {
        "nr": Slags.TAL,
        "borger_id": Slags.TEKST,
        "cpr": Slags.TEKST,
        "foedt": Slags.DAG,
        "doed": Slags.DAG,
        "tilknytninger": Slags.TEKST,
    },
)


class Skriver(Protocol):
    """A file that is being written."""

    def skriv(self, raekker: Sequence[Raekke]) -> None:
        """Append rows."""
        ...

    def close(self) -> None:
        """Finish the file."""
        ...


def skriver(format_: Format, form: Form, fil: Path) -> Skriver:
    """Begin a file; errors: OSError, ManglerPyarrow."""
    return CsvSkriver(form, fil) if format_ is Format.CSV else ParquetSkriver(form, fil)


class CsvSkriver:
    """A CSV file with a header; an empty cell is no value."""

    def __init__(self, form: Form, fil: Path) -> None:
        self._fil = fil.open("w", encoding="utf-8", newline="")
        self._csv = csv.DictWriter(self._fil, list(form.kolonner), lineterminator="\n")
        self._csv.writeheader()

    def skriv(self, raekker: Sequence[Raekke]) -> None:
        """Append rows."""
        self._csv.writerows({navn: _celle(vaerdi) for navn, vaerdi in raekke.items()} for raekke in raekker)

    def close(self) -> None:
        """Finish the file."""
        self._fil.close()


class ParquetSkriver:
    """A Parquet file, one row group per page."""

    def __init__(self, form: Form, fil: Path) -> None:
        try:
            import pyarrow as pa
            import pyarrow.parquet as pq
        except ImportError as mangler:
            raise ManglerPyarrow from mangler
        typer = {
            Slags.TAL: pa.int64(),
            Slags.TEKST: pa.string(),
            Slags.JANEJ: pa.bool_(),
            Slags.DAG: pa.date32(),
            Slags.TID: pa.timestamp("us", tz="UTC"),
        }
        self._pa = pa
        self._skema = pa.schema([(navn, typer[slags]) for navn, slags in form.kolonner.items()])
        self._fil = pq.ParquetWriter(fil, self._skema)

    def skriv(self, raekker: Sequence[Raekke]) -> None:
        """Append rows."""
        if raekker:
            self._fil.write_table(self._pa.Table.from_pylist(list(raekker), schema=self._skema))

    def close(self) -> None:
        """Finish the file."""
        self._fil.close()


def _celle(vaerdi: object) -> object:
    match vaerdi:
        case None:
            return ""
        case bool():
            return "ja" if vaerdi else "nej"
        case datetime():
            return vaerdi.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return vaerdi.isoformat()
        case _:
            return vaerdi
