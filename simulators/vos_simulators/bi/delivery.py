"""A BI delivery: registrations and citizens as files with a manifest, in full or as a delta since the previous delivery.

`delivery.json` in the folder is the manifest of the latest delivery; the next delta starts at its cursors. A delivery is
written to a hidden folder and renamed when it is complete. An interrupted delivery leaves only that hidden folder, which the
next delivery deletes. One page of rows is held in memory at a time. Carries AC 1005.17.28.4.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from vos_contracts.control.operations import ExtractPage
from vos_contracts.control.stage import StatusDto
from vos_simulators.bi.files import CITIZENS, REGISTRATIONS, Form, Format, Row, writer
from vos_simulators.bi.pseudonyms import Pseudonyms
from vos_simulators.bi.rows import CitizenNaming, RowWriter
from vos_simulators.stage_reader import OperationsReader

LATEST, MANIFEST = "delivery.json", "manifest.json"
_DANISH_TIME = ZoneInfo("Europe/Copenhagen")


class DeliveryError(Exception):
    """The delivery cannot be made; the message gives the reason and the remedy."""


class DeliveryKind(StrEnum):
    """Whether a delivery holds all rows or only those since the previous delivery."""

    FULL = "full"
    DELTA = "delta"


class Cursors(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The number of the last delivered row of each file."""

    registrations: int = 0
    citizens: int = 0


class FileEntry(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Name, row count, size and checksum of one delivered file."""

    name: str
    rows: int
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The manifest of one delivery; `instant` is the time of the stage clock, `key` the fingerprint of the pseudonym key."""

    number: int
    kind: DeliveryKind
    folder: str
    format: Format
    instant: datetime
    release: str
    contract: str
    generation: str
    citizens: CitizenNaming
    key: str | None
    reference_day: date | None
    since: Cursors
    until: Cursors
    files: tuple[FileEntry, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """The requested delivery.

    `kind` None means a delta if the folder has an earlier delivery, otherwise full. `key` None means no pseudonyms.
    """

    folder: Path
    kind: DeliveryKind | None = None
    format: Format = Format.CSV
    key: bytes | None = None
    whole_cpr: bool = False


@dataclass(slots=True)
class _DeliveryPart:
    entry: FileEntry
    until: int
    generation: str


def make_delivery(
    reader: OperationsReader,
    status: StatusDto,
    order: Order,
    progress: Callable[[str, int], None] = lambda *_: None,
) -> Manifest:
    """Make a delivery and return its manifest; `progress` is called with a file's name and its row count so far.

    Raises:
        DeliveryError: the delivery does not fit the earlier deliveries of the folder, or the stage was reset meanwhile.
        InvalidKey: the pseudonym key is too short.
        MissingPyarrow: Parquet is requested without pyarrow.
        OSError: a file cannot be written.
        ControlRefused, UnreachableError, msgspec.DecodeError: as `OperationsReader`.
    """
    order.folder.mkdir(parents=True, exist_ok=True)
    previous = latest(order.folder)
    kind = order.kind or (DeliveryKind.FULL if previous is None else DeliveryKind.DELTA)
    if kind is DeliveryKind.DELTA and previous is None:
        raise DeliveryError(f"{order.folder}: a delta follows a delivery and there is none; begin with --full")
    row_writer = RowWriter(_pseudonyms(order, status, previous), order.whole_cpr)
    if kind is DeliveryKind.DELTA and previous is not None:
        _require_same_naming(previous, row_writer, order.folder)
    since = Cursors() if kind is DeliveryKind.FULL or previous is None else previous.until
    number = 1 if previous is None else previous.number + 1
    name = f"{number:04d}-{kind}"
    hidden = order.folder / f".{name}.unfinished"
    shutil.rmtree(hidden, ignore_errors=True)
    hidden.mkdir()
    # registrations first: a citizen registered during the delivery is then still among the citizens read afterwards
    parts = [
        _write(REGISTRATIONS, order, hidden, _registrations(reader, since, row_writer), since.registrations, progress),
        _write(CITIZENS, order, hidden, _citizens(reader, since, row_writer), since.citizens, progress),
    ]
    _check_generation(parts, previous if kind is DeliveryKind.DELTA else None, reader, row_writer.pseudonyms)
    manifest = Manifest(
        number=number,
        kind=kind,
        folder=name,
        format=order.format,
        instant=status.clock,
        release=status.release,
        contract=status.contract_hash,
        generation=parts[0].generation,
        citizens=row_writer.naming,
        key=None if row_writer.pseudonyms is None else row_writer.pseudonyms.fingerprint,
        reference_day=None if row_writer.pseudonyms is None else row_writer.pseudonyms.reference_day,
        since=since,
        until=Cursors(registrations=parts[0].until, citizens=parts[1].until),
        files=tuple(part.entry for part in parts),
    )
    _write_manifest(hidden / MANIFEST, manifest)
    os.replace(hidden, order.folder / name)
    _write_manifest(order.folder / LATEST, manifest)
    return manifest


def latest(folder: Path) -> Manifest | None:
    """Read the manifest of the latest complete delivery, also if `delivery.json` was not updated after its rename.

    Raises:
        DeliveryError: a manifest cannot be read.
    """
    file = folder / LATEST
    last = _read_manifest(file) if file.is_file() else None
    while True:
        number = 1 if last is None else last.number + 1
        manifests = sorted(folder.glob(f"{number:04d}-*/{MANIFEST}"))
        if not manifests:
            return last
        last = _read_manifest(manifests[0])


def _pseudonyms(order: Order, status: StatusDto, previous: Manifest | None) -> Pseudonyms | None:
    if order.key is None:
        return None
    new = Pseudonyms(order.key, status.clock.astimezone(_DANISH_TIME).date())
    if previous is None or previous.reference_day is None or previous.key != new.fingerprint:
        return new
    return Pseudonyms(order.key, previous.reference_day)


def _require_same_naming(previous: Manifest, row_writer: RowWriter, folder: Path) -> None:
    if previous.citizens is not row_writer.naming:
        raise DeliveryError(
            f"{folder}: delivery {previous.number} names citizens as {previous.citizens}, this delta as "
            f"{row_writer.naming}; ask for the same, or for --full"
        )
    if row_writer.pseudonyms is not None and previous.key != row_writer.pseudonyms.fingerprint:
        raise DeliveryError(f"{folder}: delivery {previous.number} was made with another key; use that one, or --full")


def _registrations(
    reader: OperationsReader, since: Cursors, row_writer: RowWriter
) -> Iterator[tuple[ExtractPage, list[Row]]]:
    for page in reader.registrations(since.registrations):
        yield page, [row_writer.registration(item) for item in page.registrations]


def _citizens(
    reader: OperationsReader, since: Cursors, row_writer: RowWriter
) -> Iterator[tuple[ExtractPage, list[Row]]]:
    for page in reader.citizens(since.citizens):
        yield page, [row_writer.citizen(item) for item in page.citizens]


def _write(
    form: Form,
    order: Order,
    folder: Path,
    pages: Iterator[tuple[ExtractPage, list[Row]]],
    since: int,
    progress: Callable[[str, int], None],
) -> _DeliveryPart:
    file = folder / f"{form.name}.{order.format}"
    count, until, generation = 0, since, ""
    with closing(writer(order.format, form, file)) as output:
        for page, rows in pages:
            if generation not in {"", page.generation}:
                raise DeliveryError("the stage was emptied while it was read; begin again")
            output.write(rows)
            count, until, generation = count + len(rows), page.next_item, page.generation
            progress(form.name, count)
    with file.open("rb") as written:
        sha256 = hashlib.file_digest(written, "sha256").hexdigest()
    return _DeliveryPart(
        FileEntry(name=file.name, rows=count, bytes=file.stat().st_size, sha256=sha256), until, generation
    )


def _check_generation(
    parts: list[_DeliveryPart], previous: Manifest | None, reader: OperationsReader, pseudonyms: Pseudonyms | None
) -> None:
    generations = {part.generation for part in parts} | ({previous.generation} if previous is not None else set())
    if len(generations) > 1:
        raise DeliveryError("the stage was emptied, or is another one, since the last delivery; begin with --full")
    if pseudonyms is not None and pseudonyms.met_foreign:
        _check_pseudonyms(reader, pseudonyms)


def _check_pseudonyms(reader: OperationsReader, pseudonyms: Pseudonyms) -> None:
    """Compare the pseudonyms of all citizens; CPR numbers that this project did not generate can collide."""
    originals = [citizen.cpr for page in reader.citizens(0) for citizen in page.citizens]
    given = {pseudonyms.cpr(cpr) for cpr in originals}
    if len(given) < len(originals) or not given.isdisjoint(originals):
        raise DeliveryError("two citizens would get the same pseudonym, or one another's number; use another key")


def _write_manifest(file: Path, manifest: Manifest) -> None:
    new = file.with_suffix(".new")
    new.write_bytes(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
    os.replace(new, file)


def _read_manifest(file: Path) -> Manifest:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise DeliveryError(f"{file}: {exc}") from exc
