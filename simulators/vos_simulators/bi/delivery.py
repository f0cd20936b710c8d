"""A delivery: registrations and citizens as files with a manifest, everything or what came since the last one.

`delivery.json` in the folder is the manifest of the last delivery: where the next delta begins. A delivery is written aside
and put in place when it is whole, so that one that was cut off leaves nothing behind but an unfinished folder, which the next
one clears away. Memory holds a page at a time.
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
from vos_simulators.bi.rows import Handout, RowWriter
from vos_simulators.stage_reader import OperationsReader

LATEST, MANIFEST = "delivery.json", "manifest.json"
_DANISH_TIME = ZoneInfo("Europe/Copenhagen")


class DeliveryError(Exception):
    """The delivery cannot be made; the message says why and what to do."""


class DeliveryKind(StrEnum):
    """Everything, or what came since the last delivery."""

    FULL = "full"
    DELTA = "delta"


class Cursors(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How far the rows of each kind are delivered."""

    registrations: int = 0
    citizens: int = 0


class FileEntry(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One file of a delivery."""

    name: str
    rows: int
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a delivery is: rows, cursor, time by the stage's clock, contract, and how citizens are named."""

    number: int
    kind: DeliveryKind
    folder: str
    format: Format
    instant: datetime
    release: str
    contract: str
    generation: str
    citizens: Handout
    key: str | None
    reference_day: date | None
    since: Cursors
    until: Cursors
    files: tuple[FileEntry, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for; `kind` None is a delta where there is a delivery to follow, `key` None no pseudonyms."""

    folder: Path
    kind: DeliveryKind | None = None
    format: Format = Format.CSV
    key: bytes | None = None
    whole_cpr: bool = False


@dataclass(slots=True)
class _Part:
    entry: FileEntry
    until: int
    generation: str


def live(
    reader: OperationsReader,
    status: StatusDto,
    order: Order,
    progress: Callable[[str, int], None] = lambda *_: None,
) -> Manifest:
    """Make a delivery; `progress` hears of each file how many rows it has so far.

    Errors: Leverancefejl, Noeglefejl, MissingPyarrow, OSError, and those of `OperationsReader`.
    """
    order.folder.mkdir(parents=True, exist_ok=True)
    previous = latest(order.folder)
    kind = order.kind or (DeliveryKind.FULL if previous is None else DeliveryKind.DELTA)
    if kind is DeliveryKind.DELTA and previous is None:
        raise DeliveryError(f"{order.folder}: a delta follows a delivery and there is none; begin with --full")
    row_writer = RowWriter(_pseudonyms(order, status, previous), order.whole_cpr)
    if kind is DeliveryKind.DELTA and previous is not None:
        _matches(previous, row_writer, order.folder)
    since = Cursors() if kind is DeliveryKind.FULL or previous is None else previous.until
    number = 1 if previous is None else previous.number + 1
    name = f"{number:04d}-{kind}"
    aside = order.folder / f".{name}.unfinished"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    # registrations first: every row's citizen is then among the citizens
    parts = [
        _write(REGISTRATIONS, order, aside, _registrations(reader, since, row_writer), since.registrations, progress),
        _write(CITIZENS, order, aside, _citizens(reader, since, row_writer), since.citizens, progress),
    ]
    _check(parts, previous if kind is DeliveryKind.DELTA else None, reader, row_writer.pseudonyms)
    manifest = Manifest(
        number=number,
        kind=kind,
        folder=name,
        format=order.format,
        instant=status.clock,
        release=status.release,
        contract=status.contract_hash,
        generation=parts[0].generation,
        citizens=row_writer.handout,
        key=None if row_writer.pseudonyms is None else row_writer.pseudonyms.fingerprint,
        reference_day=None if row_writer.pseudonyms is None else row_writer.pseudonyms.reference_day,
        since=since,
        until=Cursors(registrations=parts[0].until, citizens=parts[1].until),
        files=tuple(part.entry for part in parts),
    )
    _write_manifest(aside / MANIFEST, manifest)
    os.replace(aside, order.folder / name)
    _write_manifest(order.folder / LATEST, manifest)
    return manifest


def latest(folder: Path) -> Manifest | None:
    """Read the last whole delivery of a folder, also one that was put in place and not noted; errors: Leverancefejl."""
    file = folder / LATEST
    last = _read_manifest(file) if file.is_file() else None
    while True:
        next_item = 1 if last is None else last.number + 1
        findings = [
            item / MANIFEST for item in sorted(folder.glob(f"{next_item:04d}-*")) if (item / MANIFEST).is_file()
        ]
        if not findings:
            return last
        last = _read_manifest(findings[0])


def _pseudonyms(order: Order, status: StatusDto, previous: Manifest | None) -> Pseudonyms | None:
    if order.key is None:
        return None
    new = Pseudonyms(order.key, status.clock.astimezone(_DANISH_TIME).date())
    if previous is None or previous.reference_day is None or previous.key != new.fingerprint:
        return new
    return Pseudonyms(order.key, previous.reference_day)


def _matches(previous: Manifest, row_writer: RowWriter, folder: Path) -> None:
    if previous.citizens is not row_writer.handout:
        raise DeliveryError(
            f"{folder}: delivery {previous.number} names citizens as {previous.citizens}, this delta as "
            f"{row_writer.handout}; ask for the same, or for --full"
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
) -> _Part:
    file = folder / f"{form.name}.{order.format}"
    count, until, generation = 0, since, ""
    with closing(writer(order.format, form, file)) as is_open:
        for page, rows in pages:
            if generation not in {"", page.generation}:
                raise DeliveryError("the stage was emptied while it was read; begin again")
            is_open.write(rows)
            count, until, generation = count + len(rows), page.next_item, page.generation
            progress(form.name, count)
    with file.open("rb") as was_read:
        sha256 = hashlib.file_digest(was_read, "sha256").hexdigest()
    return _Part(FileEntry(name=file.name, rows=count, bytes=file.stat().st_size, sha256=sha256), until, generation)


def _check(
    parts: list[_Part], previous: Manifest | None, reader: OperationsReader, pseudonyms: Pseudonyms | None
) -> None:
    generations = {part.generation for part in parts} | ({previous.generation} if previous is not None else set())
    if len(generations) > 1:
        raise DeliveryError("the stage was emptied, or is another one, since the last delivery; begin with --full")
    if pseudonyms is not None and pseudonyms.met_foreign:
        _check_pseudonyms(reader, pseudonyms)


def _check_pseudonyms(reader: OperationsReader, pseudonyms: Pseudonyms) -> None:
    """Look for two alike among all citizens, delivered before or now; only numbers not of our making can meet."""
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
