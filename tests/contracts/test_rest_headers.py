from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from support.builders import NOW, contract, identity
from vos_contracts.contract import load
from vos_contracts.model.identity import Identity, Organisation
from vos_contracts.tables.errors import ServiceError
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.rest.headers import Headers

CPR = "0203840000"
HEADERS = Headers(contract())
FULL = replace(identity(), user=replace(identity().user, name="Åse Ægir", email="aase@example.com"))


def wire_name(name: str) -> str:
    return contract().names.header(name).lower()


def headers(**replace: str | None) -> dict[str, str]:
    """A caller's headers with some replaced or, by None, left out."""
    written = HEADERS.write(FULL, CPR, "kald-1")
    for name, value in replace.items():
        written.pop(wire_name(name), None)
        if value is not None:
            written[wire_name(name)] = value
    return written


def breach(read: Callable[[dict[str, str]], object], **replace: str | None) -> tuple[ServiceError, ...]:
    with pytest.raises(RemoteWireError) as caught:
        read(headers(**replace))
    return caught.value.errors


@pytest.mark.parametrize("item", [FULL, identity(), replace(identity(), system=0), identity(own=Organisation(4, "-1"))])
def test_the_service_reads_what_the_caller_wrote(item: Identity) -> None:
    headers = HEADERS.write(item, CPR, "kald-1")
    assert HEADERS.read_identity(headers) == item
    assert HEADERS.read_cpr(headers) == CPR
    assert HEADERS.read_call_id(headers) == "kald-1"
    assert HEADERS.read_system(headers) == item.system


def test_the_caller_writes_lower_case_names_and_no_empty_values() -> None:
    headers = HEADERS.write(replace(identity(), system=0))
    assert all(name == name.lower() for name in headers)
    assert all(headers.values())
    assert {wire_name(name) for name in ("cpr", "requestId", "userEmail", "system")}.isdisjoint(headers)


def test_an_unknown_header_is_ignored() -> None:
    assert HEADERS.read_identity(headers() | {"x-noget-andet": "1"}) == FULL


@pytest.mark.parametrize(
    ("name", "accepted", "refused"),
    [
        ("organisationType", ("1", "8", "007"), ("", "0", "101", "-1", "+8", "8.0", "otte", "٨")),
        ("organisationCode", ("1", "x" * 20, "Ø"), ("", "x" * 21)),
        ("userName", ("x", "Å" * 140), ("", "x" * 141, "A\ufffeB", "A\x85B")),
        ("userType", ("1", "4"), ("", "-1", "1.0", "en", "9" * 10)),
        ("userId", ("x", "x" * 255), ("", "x" * 256, "\uffff")),
        (
            "userEmail",
            ("a@b", f"{'a' * 191}@{'b' * 64}"),
            ("", "ab", "a b@c", "a@b@c", f"{'a' * 192}@b", "a@", "a\ufffe@b"),
        ),
        ("userOrganisationType", ("1", "7"), ("", "0", "101", "x")),
        ("userOrganisationCode", ("-1", "0", "12345678"), ("", "-2", "123456789", "x")),
        (
            "registreringstidspunkt",
            ("2024-11-04T09:00:00+01:00", "2024-11-04T08:00:00Z", "2019-04-30T15:06:58.9218786+02:00"),
            ("", "i dag", "04-11-2024", "2024-13-01T00:00:00Z", "0001-01-01T00:00:00Z", "2024-W45-1T00:00:00Z"),
        ),
        ("system", ("0", "1001", "9" * 9), ("", "-1", "x", "9" * 10)),
    ],
)
def test_every_header_has_its_rule(name: str, accepted: tuple[str, ...], refused: tuple[str, ...]) -> None:
    for good in accepted:
        HEADERS.read_identity(headers(**{name: good}))
    for bad in refused:
        (errors,) = breach(HEADERS.read_identity, **{name: bad})
        assert errors.code == 1100, bad
        assert errors.description.startswith(f"{contract().names.header(name)}: skal "), bad


REQUIRED = (
    "organisationType", "organisationCode", "userName", "userType", "userId",
    "userOrganisationType", "userOrganisationCode", "registreringstidspunkt",
)  # fmt: skip


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_required_header_is_named(name: str) -> None:
    assert breach(HEADERS.read_identity, **{name: None}) == (
        ServiceError(1100, f"{contract().names.header(name)}: headeren mangler"),
    )


@pytest.mark.parametrize(("name", "field"), [("userEmail", None), ("system", 0)])
def test_an_optional_header_may_be_missing(name: str, field: object) -> None:
    decoded = HEADERS.read_identity(headers(**{name: None}))
    assert (decoded.user.email if name == "userEmail" else decoded.system) == field


def test_all_breaches_are_reported_at_once_sorted_by_code() -> None:
    errors = breach(
        HEADERS.read_identity,
        organisationType="99",
        organisationCode=None,
        userType="9",
        userEmail="x",
        userOrganisationType="98",
    )
    assert [error.code for error in errors] == [1100, 1100, 8173, 8173, 8174]
    assert {error.description for error in errors if error.code == 8173} == {
        "x-organisationTypeIdentifier: 99",
        "x-requestOrganisationTypeIdentifier: 98",
    }


def test_without_headers_all_are_reported_missing() -> None:
    with pytest.raises(RemoteWireError) as caught:
        HEADERS.read_identity({})
    assert len(caught.value.errors) == len(REQUIRED)


def test_an_instant_without_an_offset_is_danish_time() -> None:
    decoded = HEADERS.read_identity(headers(registreringstidspunkt="2024-07-01T12:00:00"))
    assert decoded.registreringstidspunkt == datetime(2024, 7, 1, 10, tzinfo=UTC)
    assert decoded.registreringstidspunkt.utcoffset() == timedelta(hours=2)


@pytest.mark.parametrize(
    ("cpr", "code"),
    [
        (None, 1014),
        ("", 1001),
        ("020384000", 1001),
        ("02038400000", 1001),
        ("020384-0000", 1001),
        ("3002840000", 1001),
        ("0013840000", 1001),
        ("2902010000", 1001),
        ("٠٢٠٣٨٤٠٠٠٠", 1001),
    ],
)
def test_an_invalid_cpr_number(cpr: str | None, code: int) -> None:
    (errors,) = breach(HEADERS.read_cpr, cpr=cpr)
    assert errors.code == code
    assert errors.description.startswith("x-civilregistrationIdentifier: ")
    assert "384" not in errors.description


@pytest.mark.parametrize("cpr", ["0203840000", "2902004000", "2902044000", "0000000000"])
def test_a_valid_cpr_number(cpr: str) -> None:
    assert HEADERS.read_cpr(headers(cpr=cpr)) == cpr


@pytest.mark.parametrize(
    ("call_id", "rule"), [(None, "headeren mangler"), ("", "headeren mangler"), ("x" * 47, "højst 46 tegn")]
)
def test_an_invalid_request_id(call_id: str | None, rule: str) -> None:
    assert breach(HEADERS.read_call_id, requestId=call_id) == (ServiceError(1014, f"x-requestId: {rule}"),)


def test_a_request_id_of_46_characters_is_valid() -> None:
    assert HEADERS.read_call_id(headers(requestId="x" * 46)) == "x" * 46


def test_the_system_header_alone_as_on_soap() -> None:
    assert HEADERS.write_system(identity()) == {"x-clientsystemidentifier": "1001"}
    assert HEADERS.write_system(replace(identity(), system=0)) == {}
    assert HEADERS.read_system({}) == 0
    assert breach(HEADERS.read_system, system="x") == (
        ServiceError(1100, "x-clientSystemIdentifier: skal være et helt tal"),
    )


def test_an_overlay_renames_the_header_in_both_roles(tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text("key,value\nheader.organisationCode,X-Org-Kode\n", "utf-8")
    headers = Headers(load(tmp_path))
    written = headers.write(FULL)
    assert written["x-org-kode"] == FULL.active.code
    assert headers.read_identity(written).registreringstidspunkt == NOW
    with pytest.raises(RemoteWireError) as caught:
        headers.read_identity(HEADERS.write(FULL))
    assert caught.value.errors == (ServiceError(1100, "X-Org-Kode: headeren mangler"),)
