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


def on_line(name: str) -> str:
    return contract().names.header(name).lower()


def headers(**replace: str | None) -> dict[str, str]:
    """A caller's headers with some replaced or, by None, left out."""
    everyone = HEADERS.write(FULL, CPR, "kald-1")
    for name, value in replace.items():
        everyone.pop(on_line(name), None)
        if value is not None:
            everyone[on_line(name)] = value
    return everyone


def breach(read: Callable[[dict[str, str]], object], **replace: str | None) -> tuple[ServiceError, ...]:
    with pytest.raises(RemoteWireError) as caught:
        read(headers(**replace))
    return caught.value.errors


@pytest.mark.parametrize("item", [FULL, identity(), replace(identity(), system=0), identity(own=Organisation(4, "-1"))])
def test_hvad_kalderen_skriver_er_hvad_tjenesten_laeser(item: Identity) -> None:
    headers = HEADERS.write(item, CPR, "kald-1")
    assert HEADERS.read_identity(headers) == item
    assert HEADERS.read_cpr(headers) == CPR
    assert HEADERS.read_call_id(headers) == "kald-1"
    assert HEADERS.read_system(headers) == item.system


def test_kalderen_skriver_smaa_bogstaver_og_intet_tomt() -> None:
    headers = HEADERS.write(replace(identity(), system=0))
    assert all(name == name.lower() for name in headers)
    assert all(headers.values())
    assert {on_line(name) for name in ("cpr", "requestId", "userEmail", "system")}.isdisjoint(headers)


def test_en_ukendt_header_forstyrrer_ikke() -> None:
    assert HEADERS.read_identity(headers() | {"x-noget-andet": "1"}) == FULL


@pytest.mark.parametrize(
    ("name", "good_ones", "bad_ones"),
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
def test_hvert_felts_regel(name: str, good_ones: tuple[str, ...], bad_ones: tuple[str, ...]) -> None:
    for good in good_ones:
        HEADERS.read_identity(headers(**{name: good}))
    for bad in bad_ones:
        (errors,) = breach(HEADERS.read_identity, **{name: bad})
        assert errors.code == 1100, bad
        assert errors.description.startswith(f"{contract().names.header(name)}: skal "), bad


REQUIRED = (
    "organisationType", "organisationCode", "userName", "userType", "userId",
    "userOrganisationType", "userOrganisationCode", "registreringstidspunkt",
)  # fmt: skip


@pytest.mark.parametrize("name", REQUIRED)
def test_en_paakraevet_header_der_mangler_navngives(name: str) -> None:
    assert breach(HEADERS.read_identity, **{name: None}) == (
        ServiceError(1100, f"{contract().names.header(name)}: headeren mangler"),
    )


@pytest.mark.parametrize(("name", "field"), [("userEmail", None), ("system", 0)])
def test_en_valgfri_header_maa_mangle(name: str, field: object) -> None:
    was_read = HEADERS.read_identity(headers(**{name: None}))
    assert (was_read.user.email if name == "userEmail" else was_read.system) == field


def test_alle_brud_siges_paa_en_gang_sorteret_efter_kode() -> None:
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


def test_uden_en_eneste_header_mangler_de_alle() -> None:
    with pytest.raises(RemoteWireError) as caught:
        HEADERS.read_identity({})
    assert len(caught.value.errors) == len(REQUIRED)


def test_et_tidspunkt_uden_offset_er_dansk_tid() -> None:
    was_read = HEADERS.read_identity(headers(registreringstidspunkt="2024-07-01T12:00:00"))
    assert was_read.registreringstidspunkt == datetime(2024, 7, 1, 10, tzinfo=UTC)
    assert was_read.registreringstidspunkt.utcoffset() == timedelta(hours=2)


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
def test_et_ugyldigt_cpr_nummer(cpr: str | None, code: int) -> None:
    (errors,) = breach(HEADERS.read_cpr, cpr=cpr)
    assert errors.code == code
    assert errors.description.startswith("x-civilregistrationIdentifier: ")
    assert "384" not in errors.description


@pytest.mark.parametrize("cpr", ["0203840000", "2902004000", "2902044000", "0000000000"])
def test_et_gyldigt_cpr_nummer(cpr: str) -> None:
    assert HEADERS.read_cpr(headers(cpr=cpr)) == cpr


@pytest.mark.parametrize(
    ("call_id", "rule"), [(None, "headeren mangler"), ("", "headeren mangler"), ("x" * 47, "højst 46 tegn")]
)
def test_et_ugyldigt_kald_id(call_id: str | None, rule: str) -> None:
    assert breach(HEADERS.read_call_id, requestId=call_id) == (ServiceError(1014, f"x-requestId: {rule}"),)


def test_et_kald_id_paa_46_tegn_er_gyldigt() -> None:
    assert HEADERS.read_call_id(headers(requestId="x" * 46)) == "x" * 46


def test_systemet_alene_som_paa_soap() -> None:
    assert HEADERS.write_system(identity()) == {"x-clientsystemidentifier": "1001"}
    assert HEADERS.write_system(replace(identity(), system=0)) == {}
    assert HEADERS.read_system({}) == 0
    assert breach(HEADERS.read_system, system="x") == (
        ServiceError(1100, "x-clientSystemIdentifier: skal være et helt tal"),
    )


def test_et_overlay_omdoeber_headeren_i_begge_roller(tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text("key,value\nheader.organisationCode,X-Org-Kode\n", "utf-8")
    headers = Headers(load(tmp_path))
    written = headers.write(FULL)
    assert written["x-org-kode"] == FULL.active.code
    assert headers.read_identity(written).registreringstidspunkt == NOW
    with pytest.raises(RemoteWireError) as caught:
        headers.read_identity(HEADERS.write(FULL))
    assert caught.value.errors == (ServiceError(1100, "X-Org-Kode: headeren mangler"),)
