import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.builders import JOBCENTER, NOW, TODAY, TOMORROW, YESTERDAY, contract, identity
from vos_contracts.contract import load
from vos_contracts.model.registration import Create, Delete, Kind, RegistrationCommand, RegistrationView, Update
from vos_contracts.tables.errors import ServiceError
from vos_contracts.wire.base import Call, RemoteWireError, Response, combined
from vos_contracts.wire.rest.registration import DANISH_TIME, Refusal, Rest

CPR = "0203840000"
ID = "9f2c4d1e-5b6a-4c3d-8e7f-0a1b2c3d4e5f"
KG, PC = Kind.KONTAKTGRUPPE, Kind.PERSONKATEGORI
REST = Rest(contract())
PATH = {KG: "/v1/PersonVisitering/kontaktgruppe", PC: "/v1/PersonVisitering/personkategori"}
FULL = Create(KG, 13, TODAY, event=YESTERDAY, end=TOMORROW, id=ID)
VIEW = RegistrationView(KG, ID, 13, YESTERDAY, TODAY, None, False, True, JOBCENTER, NOW)


def read(call: Call, kind: Kind) -> RegistrationCommand:
    """Read a call as a service does, by its method and path."""
    rest = call.path.removeprefix(PATH[kind])
    id_ = REST.read_id(rest.removeprefix("/"), kind) if rest else None
    match call.method:
        case "POST":
            return REST.read_create(kind, call.body, id_)
        case "PUT":
            assert id_ is not None
            return REST.read_update(kind, call.body, id_)
        case _:
            assert id_ is not None
            return Delete(kind, id_)


def breach(body: object, kind: Kind = KG, *, update: bool = False) -> list[str]:
    """Refuse a body and return the descriptions; every error is a 1014."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    with pytest.raises(RemoteWireError) as caught:
        _ = REST.read_update(kind, raw, ID) if update else REST.read_create(kind, raw, None)
    assert {error.code for error in caught.value.errors} == {1014}
    return [error.description for error in caught.value.errors]


def valid(**replace: object) -> dict[str, object]:
    return {"kontaktgruppeType": 13, "starttidspunkt": "2024-11-18T00:00:00+01:00", **replace}


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    ("command", "method", "path"),
    [
        (FULL, "POST", f"/{ID}"),
        (replace(FULL, id=None, event=None, end=None), "POST", ""),
        (Update(KG, ID, TODAY), "PUT", f"/{ID}"),
        (Update(KG, ID, None), "PUT", f"/{ID}"),
        (Delete(KG, ID), "DELETE", f"/{ID}"),
    ],
)
def test_a_registration_is_read_as_it_was_sent(
    command: RegistrationCommand, method: str, path: str, kind: Kind
) -> None:
    command = replace(command, kind=kind)
    call = REST.call_register(CPR, command, identity(), "kald-1")
    assert (call.method, call.path) == (method, PATH[kind] + path)
    assert read(call, kind) == command
    assert REST.headers.read_cpr(call.headers) == CPR
    assert REST.headers.read_call_id(call.headers) == "kald-1"
    assert REST.headers.read_identity(call.headers) == identity()
    assert (call.headers.get("content-type") == "application/json") == bool(call.body) == (method != "DELETE")


@settings(max_examples=200, deadline=None)
@given(
    type_=st.integers(0, 10000),
    times=st.lists(
        st.datetimes(
            datetime(1901, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone
            datetime(9997, 12, 30),  # noqa: DTZ001 - hypothesis adds the zone
            timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
        ),
        min_size=3,
        max_size=3,
    ),
)
def test_instants_keep_their_microseconds(type_: int, times: list[datetime]) -> None:
    command = Create(KG, type_, times[0], times[1], times[2])
    decoded = read(REST.call_register(CPR, command, identity(), "k"), KG)
    assert decoded == command
    view = replace(VIEW, start=times[0], event=times[1], end=times[2], registered=times[0])
    assert REST.understand_views(REST.write_view(view), KG) == (view,)


def test_bodies_have_the_contract_fields_and_omit_absent_values() -> None:
    assert json.loads(REST.call_register(CPR, FULL, identity(), "k").body) == {
        "kontaktgruppeType": 13,
        "haendelsestidspunkt": "2024-11-17T00:00:00+01:00",
        "starttidspunkt": "2024-11-18T00:00:00+01:00",
        "sluttidspunkt": "2024-11-19T00:00:00+01:00",
    }
    assert json.loads(REST.call_register(CPR, Create(PC, 8, TODAY), identity(), "k").body) == {
        "personkategoriType": 8,
        "starttidspunkt": "2024-11-18T00:00:00+01:00",
    }


@pytest.mark.parametrize(("part", "path"), [("", ""), (ID, f"/{ID}"), ("historik", "/historik")])
@pytest.mark.parametrize("kind", Kind)
def test_a_read_has_path_and_caller_but_no_request_id(part: str, path: str, kind: Kind) -> None:
    call = REST.call_read(CPR, kind, identity(), part)
    assert (call.method, call.path, call.body) == ("GET", PATH[kind] + path, b"")
    assert REST.headers.read_cpr(call.headers) == CPR
    assert "x-requestid" not in call.headers


@pytest.mark.parametrize("type_", [0, 13, 10000])
def test_the_limits_of_the_type_are_accepted(type_: int) -> None:
    assert REST.read_create(KG, json.dumps(valid(kontaktgruppeType=type_)).encode(), None).type == type_


@pytest.mark.parametrize("type_", [-1, 10001, 1.5, 5.0, "13", True, None, [], {}, 10**30])
def test_a_type_that_is_not_a_whole_number_up_to_10000_is_refused(type_: object) -> None:
    assert breach(valid(kontaktgruppeType=type_)) == ["kontaktgruppeType: skal være et helt tal 0-10000"]


WITHOUT_OFFSET = ["2024-11-18T00:00:00", "2024-11-18", "i dag", "", "2024-13-01T00:00:00Z", 1731884400, True, [], {}]


MORE_LENIENT = [
    "2024-11-18T00:00:00+0100", "2024-11-18 00:00:00+01:00", "2024-11-18T00:00:00+01", "2024-11-18t00:00:00Z",
    "2024-11-18T00:00:00z", "2024-11-18T00:00:00+15:00", "2024-11-18T00:00:00+14:30", "2024-11-18T00:00+01:00",
    "2024-11-18T24:00:00Z", " 2024-11-18T00:00:00Z", "2024-11-18T00:00:00Z ", "2024-11-18T00:00:00,5Z", "20241118T000000Z",
]  # fmt: skip
"""Forms that some readers accept and RFC 3339, or an xs:dateTime, does not have."""


@pytest.mark.parametrize("field", ["haendelsestidspunkt", "starttidspunkt", "sluttidspunkt"])
@pytest.mark.parametrize("time", [*WITHOUT_OFFSET, *MORE_LENIENT])
def test_an_instant_without_offset_or_form_is_refused(field: str, time: object) -> None:
    rule = f"{field}: skal være en date-time med offset, fx 2024-11-04T00:00:00+01:00"
    assert breach(valid(**{field: time})) == [rule]
    if field == "sluttidspunkt":
        assert breach({field: time}, update=True) == [rule]


@pytest.mark.parametrize("field", ["haendelsestidspunkt", "starttidspunkt", "sluttidspunkt"])
@pytest.mark.parametrize(
    "time", ["0001-01-01T00:00:00+14:00", "1899-12-31T23:59:59Z", "9999-12-31T00:00:00Z", "9999-12-31T23:59:59-14:00"]
)
def test_an_instant_outside_the_calendar_is_the_callers_breach(field: str, time: str) -> None:
    """Such an instant has no Danish time; without the check the conversion would raise OverflowError."""
    assert breach(valid(**{field: time})) == [f"{field}: skal ligge i årene 1901-9997"]
    if field == "sluttidspunkt":
        assert breach({field: time}, update=True) == [f"{field}: skal ligge i årene 1901-9997"]


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("2024-11-18T00:00:00Z", datetime(2024, 11, 18, tzinfo=UTC)),
        ("2024-07-01T00:00:00.123456+02:00", datetime(2024, 6, 30, 22, 0, 0, 123456, tzinfo=UTC)),
        ("1901-01-01T00:00:00Z", datetime(1901, 1, 1, tzinfo=UTC)),
        ("9997-12-31T23:59:59Z", datetime(9997, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_an_instant_with_an_offset_is_accepted(time: str, expected: datetime) -> None:
    assert REST.read_create(KG, json.dumps(valid(starttidspunkt=time)).encode(), None).start == expected


def test_an_instant_may_be_written_with_escapes() -> None:
    body = json.dumps(valid(starttidspunkt="2024-11-18T00:00:00Z")).replace("-18T", "\\u002d18\\u0054").encode()
    assert b"\\u0054" in body
    assert REST.read_create(KG, body, None).start == datetime(2024, 11, 18, tzinfo=UTC)
    with pytest.raises(RemoteWireError, match="date-time"):
        REST.read_create(KG, body.replace(b"\\u0054", b"\\u0020"), None)


def test_optional_fields_may_be_null_and_required_ones_may_not() -> None:
    decoded = REST.read_create(KG, json.dumps(valid(haendelsestidspunkt=None, sluttidspunkt=None)).encode(), None)
    assert (decoded.event, decoded.end) == (None, None)
    assert breach(valid(starttidspunkt=None))[0].startswith("starttidspunkt: skal være en date-time")
    assert REST.read_update(KG, b'{"sluttidspunkt":null}', ID) == Update(KG, ID, None)
    assert REST.read_update(KG, b"{}", ID) == Update(KG, ID, None)


def test_all_breaches_are_reported_at_once_sorted() -> None:
    body = {"starttidspunkt": "2024-11-18", "haendelsestidspunkt": 1, "sluttidspunkt": "0001-01-01T00:00:00Z", "a": 1}
    descriptions = breach(body)
    assert descriptions == sorted(descriptions)
    assert [description.partition(":")[0] for description in descriptions] == [
        "a", "haendelsestidspunkt", "kontaktgruppeType", "sluttidspunkt", "starttidspunkt",
    ]  # fmt: skip
    assert descriptions[2] == "kontaktgruppeType: feltet mangler"


@pytest.mark.parametrize("field", ["kontaktgruppeId", "kontaktgruppe_Type", "personkategoriType", "", "ø"])
def test_an_unknown_field_is_named_together_with_the_known_ones(field: str) -> None:
    (description,) = breach(valid(**{field: 1}))
    assert description == (
        f"{field}: feltet findes ikke; kendte felter er "
        "kontaktgruppeType, starttidspunkt, haendelsestidspunkt, sluttidspunkt"
    )


@pytest.mark.parametrize("field", ["kontaktgruppeType", "haendelsestidspunkt", "starttidspunkt"])
def test_unchangeable_fields_are_unknown_in_an_update(field: str) -> None:
    body = valid(haendelsestidspunkt=None, sluttidspunkt=None)
    assert breach({field: body[field]}, update=True) == [f"{field}: feltet findes ikke; kendte felter er sluttidspunkt"]


@pytest.mark.parametrize(
    ("body", "description"),
    [
        (b"", "kroppen er ikke gyldig JSON"),
        (b"{", "kroppen er ikke gyldig JSON"),
        (b'{"kontaktgruppeType":13,}', "kroppen er ikke gyldig JSON"),
        (b"\xef\xbb\xbf{}", "kroppen er ikke gyldig JSON"),
        (b"[" * 100_000, "kroppen er ikke gyldig JSON"),
        (b"[]", "kroppen skal være et JSON-objekt"),
        (b"null", "kroppen skal være et JSON-objekt"),
        (b'"tekst"', "kroppen skal være et JSON-objekt"),
        ('{"kontaktgruppeType":13,"å":1}'.encode("latin-1"), "kroppen er ikke UTF-8 (byte 25)"),
        ("{}".encode("utf-16"), "kroppen er ikke UTF-8 (byte 0)"),
    ],
)
def test_an_unreadable_body_is_refused(body: bytes, description: str) -> None:
    assert breach(body) == [description]
    assert breach(body, update=True) == [description]


def test_the_path_id_is_a_uuid_read_in_lower_case() -> None:
    assert REST.read_id(ID.upper(), KG) == ID
    for wrong in ("", "1", ID[:-1], f"{ID}0", ID.replace("-", ""), f"{{{ID}}}", f"urn:uuid:{ID}", f"{ID}\n"):
        with pytest.raises(RemoteWireError) as caught:
            REST.read_id(wrong, PC)
        assert caught.value.errors == (ServiceError(1014, "personkategoriId: skal være en uuid"),)


def test_several_parts_of_a_call_report_all_their_breaches() -> None:
    with pytest.raises(RemoteWireError) as caught:
        combined(
            lambda: REST.headers.read_cpr({"x-civilregistrationidentifier": "1"}),
            lambda: REST.headers.read_call_id({}),
            lambda: REST.read_create(KG, b"{}", None),
        )
    assert [error.code for error in caught.value.errors] == [1001, 1014, 1014, 1014]


# answers


def test_an_id_is_answered_as_a_bare_uuid() -> None:
    response = REST.write_id(ID)
    assert response == Response(200, {"content-type": "application/json"}, f'"{ID}"'.encode())
    assert REST.understand_id(response) == ID


@pytest.mark.parametrize("body", [b"", b"{}", b"null", b"13", b'"tekst"', b'""', b"\xff", b"[" * 100_000])
def test_an_answer_that_is_not_an_id_is_a_remote_breach(body: bytes) -> None:
    with pytest.raises(RemoteWireError):
        REST.understand_id(Response(200, {}, body))


def test_a_deeply_nested_answer_is_a_remote_breach() -> None:
    with pytest.raises(RemoteWireError):
        REST.understand_views(Response(200, {}, b"[" * 100_000), KG)


@pytest.mark.parametrize("kind", Kind)
def test_views_keep_their_order(kind: Kind) -> None:
    deleted = replace(VIEW, end=NOW, event=None, is_deleted=True, is_current=False)
    views = tuple(replace(item, kind=kind) for item in (VIEW, deleted))
    assert REST.understand_views(REST.write_views(views), kind) == views
    assert REST.understand_views(REST.write_view(views[1]), kind) == views[1:]


def test_an_empty_list_is_a_list() -> None:
    assert REST.write_views([]).body == b"[]"
    assert REST.understand_views(REST.write_views([]), KG) == ()


def test_a_view_is_written_in_danish_time_with_all_fields() -> None:
    summer = datetime(2024, 7, 1, 22, 30, tzinfo=UTC)
    written = json.loads(REST.write_view(replace(VIEW, start=summer)).body)
    assert written == {
        "kontaktgruppeId": ID,
        "kontaktgruppeType": 13,
        "haendelsestidspunkt": "2024-11-17T00:00:00+01:00",
        "starttidspunkt": "2024-07-02T00:30:00+02:00",
        "sluttidspunkt": None,
        "registreringsmetadata": {
            "erSlettet": False,
            "erAktuel": True,
            "registrerendeMyndighed": {"organisationType": 8, "organisationKode": "10100"},
            "registreringstidspunkt": "2024-11-18T09:00:00+01:00",
        },
    }
    assert summer.astimezone(DANISH_TIME).isoformat() == written["starttidspunkt"]


def _without(field: str) -> dict[str, Any]:
    written: dict[str, Any] = json.loads(REST.write_view(VIEW).body)
    del written[field]
    return written


def _with(**replace: object) -> dict[str, Any]:
    written: dict[str, Any] = json.loads(REST.write_view(VIEW).body)
    metadata = written["registreringsmetadata"]
    for field, value in replace.items():
        (metadata if field in metadata else written)[field] = value
    return written


@pytest.mark.parametrize(
    "content",
    [
        None,
        13,
        "text",
        [None],
        [[]],
        _without("kontaktgruppeId"),
        _without("kontaktgruppeType"),
        _without("starttidspunkt"),
        _without("registreringsmetadata"),
        _with(kontaktgruppeId=1),
        _with(kontaktgruppeType="13"),
        _with(starttidspunkt="2024-11-18T00:00:00"),
        _with(starttidspunkt="i dag"),
        _with(sluttidspunkt="2024-11-18"),
        _with(haendelsestidspunkt=1),
        _with(erSlettet="no"),
        _with(erAktuel=1),
        _with(registreringstidspunkt=None),
        _with(registrerendeMyndighed={"organisationType": "8", "organisationKode": "10100"}),
        _with(registrerendeMyndighed={"organisationType": 8, "organisationKode": 10100}),
        _with(registrerendeMyndighed=None),
    ],
)
def test_an_answer_that_is_not_a_view_is_a_remote_breach(content: object) -> None:
    with pytest.raises(RemoteWireError) as caught:
        REST.understand_views(Response(200, {}, json.dumps(content).encode()), KG)
    assert [error.code for error in caught.value.errors] == [1014]


@pytest.mark.parametrize("code", contract().errors)
def test_every_error_has_its_text_and_status(code: int) -> None:
    response = REST.write_errors([ServiceError(code)])
    text = contract().errors[code]
    assert json.loads(response.body) == {"fejl": [{"fejlkode": code, "fejltekst": text.rest}]}
    assert response.status == text.http_status
    for understood in (
        REST.understand_refusal(response),
        REST.understand_id(response),
        REST.understand_views(response, KG),
    ):
        assert understood == Refusal(response.status, (ServiceError(code),))


def test_the_first_error_gives_the_status_and_descriptions_are_included() -> None:
    errors = (ServiceError(1014, "kontaktgruppeType: feltet mangler"), ServiceError(4404))
    response = REST.write_errors(errors)
    assert json.loads(response.body)["fejl"][0]["beskrivelse"] == "kontaktgruppeType: feltet mangler"
    assert REST.understand_refusal(response) == Refusal(400, errors)
    assert REST.write_errors(errors[::-1]).status == 404


def test_a_given_status_wins_and_an_unknown_code_is_400() -> None:
    assert REST.write_errors([ServiceError(1014)], 412).status == 412
    response = REST.write_errors([ServiceError(999_999)])
    assert (response.status, json.loads(response.body)) == (
        400,
        {"fejl": [{"fejlkode": 999_999, "fejltekst": "Fejl 999999"}]},
    )


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"{}", b'{"fejl":null}', b'{"fejl":[1]}', b'{"fejl":[{}]}', b'{"fejl":[{"fejlkode":"x"}]}'],
)
def test_a_refusal_without_the_error_structure_is_a_remote_breach(body: bytes) -> None:
    with pytest.raises(RemoteWireError) as caught:
        REST.understand_refusal(Response(502, {}, body))
    assert caught.value.status == 502


def test_an_overlay_renames_fields_and_path_in_both_roles(tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text(
        "key,value\njson.starttidspunkt,begynder\njson.fejlkode,kode\npath.personkategori,/v1/kategori\n",
        "utf-8",
    )
    renamed = Rest(load(tmp_path))
    call = renamed.call_register(CPR, Create(PC, 8, TODAY), identity(), "k")
    assert call.path == "/v1/kategori"
    assert json.loads(call.body)["begynder"] == "2024-11-18T00:00:00+01:00"
    assert renamed.read_create(PC, call.body, None) == Create(PC, 8, TODAY)
    assert renamed.understand_views(renamed.write_view(VIEW), KG) == (VIEW,)
    assert json.loads(renamed.write_errors([ServiceError(4644)]).body)["fejl"][0]["kode"] == 4644
    assert renamed.understand_refusal(renamed.write_errors([ServiceError(4644)])) == Refusal(400, (ServiceError(4644),))
    with pytest.raises(RemoteWireError):
        REST.read_create(PC, call.body, None)
