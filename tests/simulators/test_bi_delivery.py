"""BI deliveries from a real stage: full and deltas add up, pseudonyms leak nothing, interruption leaves nothing incomplete."""

from __future__ import annotations

import csv
import hashlib
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from generalproeve.stage.stage import Stage
from support.builders import NOW, contract
from vos_contracts.model.registration import Create, Kind, Update
from vos_simulators import parties
from vos_simulators.bi import delivery
from vos_simulators.bi.delivery import DeliveryError, DeliveryKind, Manifest, Order, make_delivery
from vos_simulators.bi.files import CITIZENS, REGISTRATIONS, ColumnType, Form, Format, MissingPyarrow
from vos_simulators.bi.pseudonyms import Pseudonyms
from vos_simulators.bulk_registration import bulk_create
from vos_simulators.control import Control
from vos_simulators.party import Channel, Party
from vos_simulators.people import Citizen
from vos_simulators.stage_reader import OperationsReader
from vos_simulators.transport import HttpTransport

KEY = b"proeve: en noegle paa mindst 16 bytes"
Rows = list[dict[str, object]]
Deliver = Callable[..., Manifest]


@pytest.fixture
def order(control: Control, control_line: HttpTransport, tmp_path: Path) -> Deliver:
    """Return a function that makes a delivery below `tmp_path`, with three rows per page."""

    def deliver(folder: str = "bi", **options: object) -> Manifest:
        order = Order(tmp_path / folder, **options)  # type: ignore[arg-type]  # named by the tests
        return make_delivery(OperationsReader(control_line, page=3), control.status(), order)

    return deliver


def fill(control: Control, transport: HttpTransport, count: int, seed: int = 1) -> None:
    bulk_create(control, transport, contract(), count=count, seed=seed)


def read(folder: Path, form: Form, format_: Format = Format.CSV) -> Rows:
    file = folder / f"{form.name}.{format_}"
    if format_ is Format.PARQUET:
        rows: Rows = pq.read_table(file).to_pylist()
        return rows
    with file.open(encoding="utf-8", newline="") as opened:
        return [dict(row) for row in csv.DictReader(opened)]


@pytest.mark.parametrize("format_", list(Format))
@pytest.mark.parametrize("key", [None, KEY])
def test_full_and_deltas_equal_a_new_full_delivery(
    control: Control, transport: HttpTransport, order: Deliver, tmp_path: Path, format_: Format, key: bytes | None
) -> None:
    manifests = []
    for seed in (1, 2, 3):
        fill(control, transport, 7, seed)
        manifests.append(order(format=format_, key=key))
    manifests.append(order(format=format_, key=key))
    new = order("new", format=format_, key=key)
    assert [manifest.folder for manifest in manifests] == ["0001-full", "0002-delta", "0003-delta", "0004-delta"]
    assert [file.rows for file in manifests[-1].files] == [0, 0]
    assert manifests[-1].until == new.until
    for form in (REGISTRATIONS, CITIZENS):
        parts = [read(tmp_path / "bi" / manifest.folder, form, format_) for manifest in manifests]
        assert [*parts[0], *parts[1], *parts[2], *parts[3]] == read(tmp_path / "new" / new.folder, form, format_)
        assert all(parts[:3])


def test_the_manifest_matches_the_files(
    control: Control, transport: HttpTransport, order: Deliver, tmp_path: Path
) -> None:
    fill(control, transport, 5)
    manifest = order(key=KEY)
    folder = tmp_path / "bi" / manifest.folder
    assert manifest.contract == contract().hash
    assert (manifest.instant, manifest.release, manifest.citizens) == (NOW, "2024-4", "pseudonyms")
    assert (manifest.reference_day, manifest.key) == (NOW.date(), Pseudonyms(KEY, NOW.date()).fingerprint)
    for file in manifest.files:
        content = (folder / file.name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file.bytes, file.sha256)
        assert content.count(b"\n") == file.rows + 1
    assert delivery.latest(tmp_path / "bi") == manifest
    assert (folder / "manifest.json").read_bytes() == (tmp_path / "bi" / "delivery.json").read_bytes()


def test_cpr_numbers_are_masked_unless_requested_whole(
    control: Control, transport: HttpTransport, new_citizen: Callable[..., Citizen], order: Deliver, tmp_path: Path
) -> None:
    citizen = new_citizen()
    masked, whole = order("a"), order("b", whole_cpr=True)
    assert [item["cpr"] for item in read(tmp_path / "a" / masked.folder, CITIZENS)] == [f"{citizen.cpr[:6]}xxxx"]
    assert [item["cpr"] for item in read(tmp_path / "b" / whole.folder, CITIZENS)] == [citizen.cpr]
    assert citizen.cpr.encode() not in b"".join(file.read_bytes() for file in (tmp_path / "a").rglob("*.*"))


@pytest.mark.parametrize("format_", list(Format))
def test_a_pseudonymised_delivery_holds_no_original_value(
    control: Control,
    control_line: HttpTransport,
    transport: HttpTransport,
    order: Deliver,
    tmp_path: Path,
    format_: Format,
) -> None:
    fill(control, transport, 40)
    order(key=KEY, format=format_)
    reader = OperationsReader(control_line)
    citizens = [citizen for page in reader.citizens(0) for citizen in page.citizens]
    rows = [item for page in reader.registrations(0) for item in page.registrations]
    secrets = (
        {citizen.cpr for citizen in citizens} | {citizen.citizen_id for citizen in citizens} | {row.id for row in rows}
    )
    secrets |= {row.user_id for row in rows} | {row.user_name for row in rows} | {KEY.decode()}
    assert len(secrets) > 100
    texts = [file.read_bytes() for file in (tmp_path / "bi").rglob("*.*") if file.is_file()]
    if format_ is Format.PARQUET:  # compressed: look at the values too
        texts += [
            repr(read(tmp_path / "bi" / "0001-full", item, format_)).encode() for item in (CITIZENS, REGISTRATIONS)
        ]
    assert [item for item in secrets if any(item.encode() in text for text in texts)] == []


def test_pseudonyms_keep_the_age_rules_of_the_groups(
    control: Control, transport: HttpTransport, order: Deliver, tmp_path: Path
) -> None:
    """Groups for citizens under 30 hold only pseudonyms under 30, and every row has its citizen."""
    fill(control, transport, 80)
    folder = tmp_path / "bi" / order(key=KEY).folder
    born = {item["citizen_id"]: str(item["born"]) for item in read(folder, CITIZENS)}
    rows = read(folder, REGISTRATIONS)
    assert {row["citizen_id"] for row in rows} == set(born)
    limit = NOW.date().replace(year=NOW.year - 30).isoformat()
    young = [born[row["citizen_id"]] for row in rows if row["type"] in {"12", "28"}]
    assert young
    assert all(item > limit for item in young)


def test_a_delta_holds_changed_registrations_and_no_unchanged_citizen(
    control: Control,
    transport: HttpTransport,
    new_citizen: Callable[..., Citizen],
    order: Deliver,
    tmp_path: Path,
) -> None:
    """A registration adds rows to the history and does not change the citizen."""
    citizen = new_citizen()
    order()
    party = Party(parties.ROLES["STAR"].identity(NOW), contract(), transport, iter(f"l{n}" for n in range(9)).__next__)
    id_ = party.register(citizen.cpr, Create(Kind.KONTAKTGRUPPE, 13, NOW.replace(hour=0)), Channel.PVS)
    assert isinstance(id_, str)
    party.register(citizen.cpr, Update(Kind.KONTAKTGRUPPE, id_, NOW), Channel.PVS)
    delta = order()
    assert [file.rows for file in delta.files] == [2, 0]
    assert [(item["id"], item["end"] != "") for item in read(tmp_path / "bi" / delta.folder, REGISTRATIONS)] == [
        (id_, False), (id_, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "other", "says"),
    [
        (None, {"kind": DeliveryKind.DELTA}, "a delta follows a delivery and there is none; begin with --full"),
        ({}, {"whole_cpr": True}, "names citizens as masked, this delta as whole"),
        ({"key": KEY}, {}, "names citizens as pseudonyms, this delta as masked"),
        ({"key": KEY}, {"key": KEY + b"!"}, "was made with another key"),
    ],
)
def test_a_delta_that_does_not_fit_the_previous_delivery_is_refused(
    order: Deliver, first: dict[str, object] | None, other: dict[str, object], says: str
) -> None:
    if first is not None:
        order(**first)
    with pytest.raises(DeliveryError, match=says):
        order(**other)


def test_a_reset_stage_requires_a_new_full_delivery(control: Control, transport: HttpTransport, order: Deliver) -> None:
    fill(control, transport, 2)
    order()
    control.reset()
    fill(control, transport, 2)
    with pytest.raises(DeliveryError, match="the stage was emptied, or is another one"):
        order()
    assert [file.rows for file in order(kind=DeliveryKind.FULL).files][1] == 2


def test_an_interrupted_delivery_leaves_nothing_incomplete(
    control: Control, transport: HttpTransport, order: Deliver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(control, transport, 4)
    order()
    fill(control, transport, 4, seed=2)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as fault, pytest.raises(KeyboardInterrupt):
        fault.setattr(delivery, "_citizens", interrupt)
        order()
    assert [item.name for item in sorted((tmp_path / "bi").glob("0*"))] == ["0001-full"]
    delta = order()
    assert (delta.folder, delta.files[1].rows) == ("0002-delta", 4)
    assert [item.name for item in sorted((tmp_path / "bi").iterdir())] == ["0001-full", "0002-delta", "delivery.json"]


def test_a_delivery_missing_from_delivery_json_is_found(
    control: Control, transport: HttpTransport, order: Deliver, tmp_path: Path
) -> None:
    fill(control, transport, 4)
    order()
    noted = (tmp_path / "bi" / "delivery.json").read_bytes()
    fill(control, transport, 4, seed=2)
    order()
    (tmp_path / "bi" / "delivery.json").write_bytes(noted)
    following = order()
    assert (following.number, [file.rows for file in following.files]) == (3, [0, 0])


def test_a_damaged_delivery_json_is_named(order: Deliver, tmp_path: Path) -> None:
    order()
    (tmp_path / "bi" / "delivery.json").write_text("{}")
    with pytest.raises(DeliveryError, match=r"delivery\.json: .*number"):
        order()


def test_colliding_pseudonyms_of_foreign_numbers_stop_the_delivery(
    stage: Stage, control: Control, new_citizen: Callable[..., Citizen], order: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number that this project did not generate can collide with another; the delivery then stops."""
    new_citizen()
    new_citizen()

    def same(self: Pseudonyms, cpr: str) -> str:
        self.met_foreign = True
        return "0203840023"

    monkeypatch.setattr(Pseudonyms, "cpr", same)
    with pytest.raises(DeliveryError, match="two citizens would get the same pseudonym"):
        order(key=KEY)


def test_parquet_without_pyarrow_is_refused(order: Deliver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingPyarrow, match=r"install generalproeve\[bi\], or choose --format csv"):
        order(format=Format.PARQUET)


def test_parquet_columns_have_proper_types(
    control: Control, transport: HttpTransport, order: Deliver, tmp_path: Path
) -> None:
    fill(control, transport, 3)
    table = pq.read_table(tmp_path / "bi" / order(format=Format.PARQUET).folder / "registrations.parquet")
    types = {field.name: str(field.type) for field in table.schema}
    names = {
        ColumnType.NUMBER: "int64", ColumnType.TEXT: "string", ColumnType.YES_NO: "bool", ColumnType.DAY: "date32[day]",
        ColumnType.TIME: "timestamp[us, tz=UTC]",
    }  # fmt: skip
    assert types == {name: names[variant] for name, variant in REGISTRATIONS.columns.items()}
    assert table["registered"].to_pylist()[0] == NOW
