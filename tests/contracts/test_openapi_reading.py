"""The document of the other reads: true to the routes, the tables, the codecs and the stored copy."""

import asyncio
import json
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from support.builders import contract
from vos_contracts.contract import load
from vos_contracts.model.reading import KONTAKTGRUPPER, code_lists
from vos_contracts.openapi.reading import STATUS_METHOD, STATUS_SERVICE, canonical, openapi_reading
from vos_contracts.wire.asgi.endpoint import AsgiTransport
from vos_contracts.wire.base import Call, RemoteWireError, Response
from vos_contracts.wire.rest.reading import RestReading
from vos_contracts.wire.rest.registration import Rest
from vos_reference.application.runtime import Runtime
from vos_reference.bootstrap import app
from vos_reference.edge.rest.reading import RestReadingEdge

DOCUMENT = openapi_reading(contract())
REGISTRY: Registry[Any] = Registry().with_resource("urn:dokument", Resource(DOCUMENT, DRAFT202012))
REST = Rest(contract())
READING = RestReading(contract(), REST)
OPERATIONS = {
    operation["operationId"]: operation
    for path_item in DOCUMENT["paths"].values()
    for method, operation in path_item.items()
    if method != "parameters"
}


def valid(value: object, schema: str) -> bool:
    check = Draft202012Validator.FORMAT_CHECKER
    pointer = {"$ref": f"urn:dokument#/components/schemas/{schema}"}
    return bool(Draft202012Validator(pointer, registry=REGISTRY, format_checker=check).is_valid(value))


def example(operation: str, name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(
        files("vos_contracts").joinpath("examples/rest", operation, f"{name}.json").read_text("utf-8")
    )
    return content


def test_the_document_is_valid_openapi_and_matches_the_committed_copy() -> None:
    validate(openapi_reading(contract()))
    saved = files("vos_contracts").joinpath("schemas/openapi/VisiteringOgStatus.json").read_text("utf-8")
    assert saved == canonical(contract()), "write it anew with: generalproeve contracts export (schemas/openapi)"


def test_the_document_describes_exactly_the_public_routes_and_no_twin() -> None:
    edge = RestReadingEdge(cast(Runtime, _Only(contract())), REST, READING)
    routes = edge.routes(1024)
    transport = AsgiTransport(app(routes, REST.write_errors))
    exists = set()
    for route in routes:
        path = route.path  # type: ignore[attr-defined]  # a type made at run time
        response = asyncio.run(transport.send(Call("TRACE", path.replace("{name}", KONTAKTGRUPPER))))
        assert response.status == 405
        exists |= {(path, method) for method in response.headers["allow"].split(", ") if method != "HEAD"}
    assert exists == {
        (path, method.upper())
        for path, path_item in DOCUMENT["paths"].items()
        for method in path_item
        if method != "parameters"
    }
    assert not {route.path for route in edge.twins(1024)} & set(DOCUMENT["paths"])  # type: ignore[attr-defined]  # as above


class _Only:
    def __init__(self, value: object) -> None:
        self.contract = value


def test_access_and_error_codes_match_the_tables() -> None:
    row = contract().access.matrix[f"{STATUS_SERVICE}.{STATUS_METHOD}"]
    expected = {contract().organisation_types[number]: {item.value for item in row[number]} for number in row}
    assert {name: set(item) for name, item in OPERATIONS[STATUS_METHOD]["x-access"].items()} == expected
    for name, operation in OPERATIONS.items():
        for code in operation["x-error-codes"]:
            status = str(contract().errors[code].http_status)
            assert str(code) in operation["responses"][status]["description"], (name, code)
    assert OPERATIONS["GetKodeliste"]["x-error-codes"] == [2001]


def test_only_the_status_requires_identity_and_citizen() -> None:
    names = {
        name: {item["$ref"].rpartition("/")[2] for item in op.get("parameters", ())} for name, op in OPERATIONS.items()
    }
    assert {"cpr", "organisationType", "userId"} <= names[STATUS_METHOD]
    assert "requestId" not in names[STATUS_METHOD]
    assert names["GetKodelister"] == names["GetKodeliste"] == set()


def test_every_assumed_name_states_its_source() -> None:
    fields = {
        field: item for dto in DOCUMENT["components"]["schemas"].values() for field, item in dto["properties"].items()
    }
    known = {wire_name: name for name, wire_name in contract().names.of_kind("json").items()}
    for field, schema in fields.items():
        assert ("x-source" in schema) == (f"json.{known[field]}" in contract().names.assumed), field
    assert {name for name, op in OPERATIONS.items() if "x-source" not in op} == {STATUS_METHOD}


def test_an_overlay_shows_in_the_document(tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text(
        "key,value\njson.kontaktgrupper,kontaktgruppeCollection\npath.code_list,/v2/CodeList\n", "utf-8"
    )
    document = openapi_reading(load(tmp_path))
    assert "kontaktgruppeCollection" in document["components"]["schemas"][f"{STATUS_METHOD}ResponseDto"]["properties"]
    assert "kontaktgruppeCollection" in document["components"]["examples"]["Status"]["value"]
    assert {"/v2/CodeList", "/v2/CodeList/{name}"} <= set(document["paths"])
    validate(document)


SCHEMAS = {STATUS_METHOD: f"{STATUS_METHOD}ResponseDto", "GetKodeliste": "KodelisteDto"}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_examples_are_valid_and_survive_a_codec_round_trip(operation: str) -> None:
    call, response = example(operation, "request"), example(operation, "response")
    body = response["body"]
    if operation in SCHEMAS:
        assert valid(body, SCHEMAS[operation])
    else:
        assert [valid(item, "KodelisteDto") for item in body] == [True, True]
    raw = Response(200, response["headers"], json.dumps(body).encode())
    if operation == STATUS_METHOD:
        again = READING.write_status(READING.understand_status(raw))  # type: ignore[arg-type]  # an example is no refusal
        identity = REST.headers.read_identity(call["headers"])
        written = READING.call_status(REST.headers.read_cpr(call["headers"]), identity)
    else:
        lists = READING.understand_code_lists(raw)
        assert isinstance(lists, tuple)
        again = READING.write_code_list(lists[0]) if operation == "GetKodeliste" else READING.write_code_lists(lists)
        written = READING.call_code_list(KONTAKTGRUPPER if operation == "GetKodeliste" else "")
    assert json.loads(again.body) == body
    assert (written.method, written.path, dict(written.headers)) == (call["method"], call["path"], call["headers"])
    assert DOCUMENT["components"]["examples"][_example_name(operation)]["value"] == body


def _example_name(operation: str) -> str:
    return "Status" if operation == STATUS_METHOD else operation.removeprefix("Get")


@pytest.mark.parametrize(
    "missing", ["helbredsbegraensninger", "aktivitetstillaeg", "kontaktgrupper", "personkategorier"]
)
def test_a_status_without_one_of_its_lists_is_invalid(missing: str) -> None:
    body = {field: item for field, item in example(STATUS_METHOD, "response")["body"].items() if field != missing}
    assert not valid(body, SCHEMAS[STATUS_METHOD])
    with pytest.raises(RemoteWireError, match="ikke som aftalt"):
        READING.understand_status(Response(200, {}, json.dumps(body).encode()))


def test_code_lists_hold_all_values_with_validity() -> None:
    lists = READING.understand_code_lists(READING.write_code_lists(code_lists(contract()).values()))
    assert lists == tuple(code_lists(contract()).values())
    assert [len(item.values) for item in lists] == [len(contract().kontaktgrupper), len(contract().personkategorier)]
