"""`CallReader` recognises every operation, near misses of operations, and arbitrary input, and never raises."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.builders import AKASSE, TODAY, contract, identity
from vos_contracts.contract import Contract, load
from vos_contracts.examples import all_examples
from vos_contracts.model.registration import Create, Kind, Update
from vos_contracts.openapi.reading import openapi_reading
from vos_contracts.openapi.registration import openapi
from vos_contracts.tables.errors import ServiceError
from vos_contracts.wire.base import Call, Response
from vos_contracts.wire.calls import (
    ID,
    REST_SERVICES,
    UNKNOWN,
    CallChannel,
    CalledOperation,
    CallReader,
    soap_service,
)
from vos_contracts.wire.rest.headers import Headers
from vos_contracts.wire.rest.registration import Rest
from vos_contracts.wire.soap import envelope
from vos_contracts.wire.soap.registration import SERVICE, write_query
from vos_contracts.wire.soap.schemas import services

CPR = "0203840021"
UUID = "01a21d6a-bdbb-7790-8698-90995595380d"
READER, REST, HEADERS = CallReader(contract()), Rest(contract()), Headers(contract())
KG = "/v1/PersonVisitering/kontaktgruppe"
PRS = services(contract())[SERVICE].path
PVS = "PersonVisiteringService"


def soap_call(body: bytes, path: str = PRS, action: str = "") -> Call:
    headers = HEADERS.write_system(identity()) | ({"soapaction": action} if action else {})
    return Call("POST", path, headers, body)


def create_by_soap(command: Create | Update, spoken: Contract | None = None) -> Call:
    _, element = write_query(CPR, command, spoken or contract())
    return soap_call(envelope.write_call(identity(), element))


# recognition


@pytest.mark.parametrize("overlay", [False, True])
def test_every_documented_rest_operation_is_recognised(overlay: bool, tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text("key,value\npath.personkategori,/v1/kategori\npath.code_list,/k\n", "utf-8")
    spoken = load(tmp_path) if overlay else contract()
    reader, services = CallReader(spoken), dict[str, set[str]]()
    for document in (openapi(spoken), openapi_reading(spoken)):
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                if "operationId" in operation:
                    called = reader.operation(method.upper(), path.partition("{")[0] + (UUID if "{" in path else ""))
                    assert called.operation == operation["operationId"]
                    assert called in reader.operations
                    services.setdefault(called.service, set()).add(called.operation)
    assert set(services) == set(REST_SERVICES) - {"AbonnementService"}
    sync = CalledOperation(CallChannel.REST, "AbonnementService", "subscriptionSync")
    assert reader.operation("POST", contract().names.path("subscriptionSync")) == sync
    documented = {(service, name) for service, names in services.items() for name in names}
    known = {(item.service, item.operation) for item in reader.operations if item.channel is CallChannel.REST}
    assert known == documented | {("AbonnementService", "subscriptionSync")}


def test_every_soap_operation_is_recognised_in_both_spellings_of_its_address() -> None:
    for name, service in services(contract()).items():
        for path in (*service.paths, f"{service.path}?wsdl"):
            assert soap_service(path) == name
            for operation in service.operations.values():
                expected = CalledOperation(CallChannel.SOAP, name, operation.name)
                assert READER.operation("POST", path, f'"{operation.soapaction}"') == expected
                assert expected in READER.operations


def test_every_good_message_is_recognised_by_its_body() -> None:
    requests = [example for example in all_examples() if example.channel == "soap" and example.name == "request.xml"]
    assert len(requests) > 15
    for example in requests:
        (service,) = [
            item
            for item in services(contract()).values()
            if example.operation in item.operations and example.may_belong_to(item.name)
        ]
        read = READER.read(soap_call(example.content, service.path))
        assert (read.called.operation, read.fault) == (example.operation, "")
        assert read.caller is not None
        assert read.registers


@pytest.mark.parametrize(
    ("method", "path", "action", "service", "operation"),
    [
        ("GET", f"{KG}?x=1", "", PVS, "GetKontaktgrupper"),
        ("GET", f"{KG}/historik", "", PVS, "GetKontaktgruppeHistorik"),
        ("PUT", f"{KG}/historik", "", PVS, "UpdateKontaktgruppe"),
        ("DELETE", KG, "", PVS, ""),
        ("PATCH", f"{KG}/{UUID}", "", PVS, ""),
        ("GET", f"{KG}/{UUID}/x", "", PVS, ""),
        ("GET", f"{KG}r", "", "", ""),
        ("POST", PRS, "", SERVICE, ""),
        ("POST", PRS, "x#Findesikke", SERVICE, ""),
        ("POST", PRS.replace("/9/", "/8/"), "x#CreateContactGroup", "", ""),
        ("GET", "/openapi.json", "", "", ""),
        ("GET", "", "", "", ""),
    ],
)
def test_what_is_close_to_an_operation(method: str, path: str, action: str, service: str, operation: str) -> None:
    called = READER.operation(method, path, action)
    assert (called.service, called.operation) == (service, operation)
    assert service or called == UNKNOWN


# reading


@pytest.mark.parametrize("renamed", [False, True])
def test_both_channels_are_read_as_the_same_caller_citizen_and_values(renamed: bool, tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text(
        "key,value\njson.starttidspunkt,begynder\nelement.PersonRegistrationService.ContactGroup,Group\n",
        "utf-8",
    )
    spoken = load(tmp_path) if renamed else contract()
    reader, command = CallReader(spoken), Create(Kind.KONTAKTGRUPPE, 13, TODAY, id=UUID)
    by_rest = reader.read(Rest(spoken).call_register(CPR, command, identity(), "k"))
    by_soap = reader.read(create_by_soap(command, spoken))
    assert (by_rest.called.operation, by_rest.asked, by_rest.path) == (
        "CreateKontaktgruppeMedIdentifier", "POST kontaktgruppe", KG,
    )  # fmt: skip
    assert (by_soap.called.operation, by_soap.asked, by_soap.path) == ("CreateContactGroup", "CreateContactGroup", PRS)
    for read in (by_rest, by_soap):
        assert (read.citizen, read.caller, read.organisation_type, read.system) == (CPR, identity(), "8", 1001)
        assert (read.registers, read.fault) == (True, "")
    start = "begynder" if renamed else "starttidspunkt"
    assert by_rest.fields == {ID: UUID, "kontaktgruppeType": "13", start: "2024-11-18"}
    group = "Group" if renamed else "ContactGroup"
    assert by_soap.fields[f"{group}/ContactGroupTypeIdentifier/CodeListItemIdentifier"] == "13"
    assert by_soap.fields[f"{group}/ContactGroupStartTime"] == "2024-11-18"
    assert UUID in by_soap.fields.values()
    assert CPR not in by_soap.fields.values()


def test_what_is_recognised_is_kept_where_the_rest_is_broken() -> None:
    good = REST.call_register(CPR, Create(Kind.KONTAKTGRUPPE, 13, TODAY), identity(AKASSE), "k")
    headers = {**good.headers, contract().names.header("cpr").lower(): "12"}
    del headers[contract().names.header("organisationType").lower()]
    no_caller = READER.read(replace(good, headers=headers))
    assert (no_caller.caller, no_caller.citizen, no_caller.called.operation) == (None, "", "CreateKontaktgruppe")
    assert no_caller.fields["kontaktgruppeType"] == "13"
    assert "1100" in no_caller.fault
    assert "1001" in no_caller.fault
    no_json = READER.read(replace(good, body=b"{"))
    assert (no_json.citizen, no_json.fields, no_json.organisation_type) == (CPR, {}, "2")
    assert "kroppen er ikke JSON" in no_json.fault
    by_soap = create_by_soap(Create(Kind.KONTAKTGRUPPE, 13, TODAY))
    other_element = READER.read(replace(by_soap, body=by_soap.body.replace(b"ContactGroupStartTime", b"Unknown")))
    assert (other_element.called.operation, other_element.caller) == ("CreateContactGroup", None)
    assert (other_element.organisation_type, other_element.fields["ContactGroup/Unknown"]) == ("8", "2024-11-18")
    assert "Unknown" in other_element.fault
    no_system = READER.read(replace(by_soap, headers={**by_soap.headers, "x-clientsystemidentifier": "x"}))
    assert (no_system.system, no_system.citizen, no_system.organisation_type) == (None, CPR, "8")
    no_xml = READER.read(replace(by_soap, body=b"<"))
    assert (no_xml.called.service, no_xml.called.operation, no_xml.fields) == (SERVICE, "", {})
    assert "velformet" in no_xml.fault
    assert READER.read(Call("POST", "/x?y")).fault == "ingen tjeneste har den adresse"


def test_a_read_registers_nothing_and_code_lists_need_no_caller() -> None:
    assert not READER.read(REST.call_read(CPR, Kind.KONTAKTGRUPPE, identity())).registers
    code_lists = READER.read(Call("GET", "/v1/Kodeliste"))
    assert (code_lists.called.operation, code_lists.registers, code_lists.fault) == ("GetKodelister", False, "")
    assert not READER.read(Call("GET", f"{PRS}?wsdl")).registers


def test_deeply_nested_json_is_a_fault_and_never_raises() -> None:
    body = b"[" * 3000 + b"]" * 3000
    assert "kroppen er ikke JSON" in READER.read(Call("POST", KG, HEADERS.write(identity(), CPR, "k"), body)).fault
    assert READER.read_answer(Response(400, {}, body)).errors == ()


PATHS = st.one_of(
    st.text(),
    st.sampled_from([KG, f"{KG}/", f"{KG}/{UUID}", "/v1/Kodeliste", "/v1/abonnement/sync", PRS, f"{PRS}?wsdl"]),
)
_SOAP_BODY = create_by_soap(Create(Kind.KONTAKTGRUPPE, 13, TODAY)).body
BODIES = st.one_of(
    st.binary(),
    st.builds(
        lambda at, cut: _SOAP_BODY[:at] + _SOAP_BODY[at + cut :], st.integers(0, len(_SOAP_BODY)), st.integers(0, 40)
    ),
    st.sampled_from(
        [b"[" * 3000 + b"]" * 3000, b"1" * 5000, b"<a/>", b"<s:Envelope/>", b"<!DOCTYPE x><x/>", b"null", b"\xff"]
    ),
)
HEADER_VALUES = st.dictionaries(
    st.sampled_from([*HEADERS.write(identity(), CPR, "k"), "soapaction", "content-type"]), st.text(max_size=30)
)


@settings(max_examples=100, deadline=None, database=None)
@given(st.sampled_from(["GET", "POST", "PUT", "DELETE", "X"]), PATHS, HEADER_VALUES, BODIES)
def test_rubbish_is_read_as_far_as_it_goes(method: str, path: str, headers: dict[str, str], body: bytes) -> None:
    for sent in (headers, {**HEADERS.write(identity(), CPR, "k"), **headers}):
        read = READER.read(Call(method, path, sent, body))
        assert read.called.operation == "" or read.called in READER.operations
        assert read.called.service or read.fault
    answer = READER.read_answer(Response(400, {}, body))
    assert isinstance(answer.errors, tuple)


# answers


@pytest.mark.parametrize(
    ("body", "numbers"),
    [
        (REST.write_errors([ServiceError(4644), ServiceError(1014)]).body, [4644, 1014]),
        (envelope.write_fault((ServiceError(8096), ServiceError(100028)), contract()), [8096, 100028]),
        (REST.write_id(UUID).body, []),
        (b'[{"kontaktgruppeType": 13}]', []),
        (b"<a><b>1</b></a>", []),
        (b"{", []),
        (b"<", []),
        (b"", []),
    ],
)
def test_the_errors_of_an_answer(body: bytes, numbers: list[int]) -> None:
    assert [error.code for error in READER.read_answer(Response(400, {}, body)).errors] == numbers


def test_the_fields_of_an_answer() -> None:
    shown = READER.read_answer(Response(200, {}, b'[{"kontaktgruppeType": 13, "x": null}, {"y": [true]}]')).fields
    assert shown == {"[0]/kontaktgruppeType": "13", "[1]/y[0]": "true"}
    assert READER.read_answer(Response(200, {}, b"<a><b>1</b><b> 2 </b><c/></a>")).fields == {"b": "1", "b[2]": "2"}
