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

from support.builders import contract, identity
from vos_contracts.contract import load
from vos_contracts.model.cpr import could_be_issued
from vos_contracts.model.registration import Kind
from vos_contracts.openapi.examples import CPR
from vos_contracts.openapi.reading import openapi_reading
from vos_contracts.openapi.registration import SERVICE, canonical, openapi
from vos_contracts.wire.asgi.endpoint import AsgiTransport
from vos_contracts.wire.base import Call, RemoteWireError
from vos_contracts.wire.rest.headers import Headers
from vos_contracts.wire.rest.registration import Rest
from vos_reference.application.runtime import Runtime
from vos_reference.bootstrap import app
from vos_reference.edge.rest.registration import RestEdge

DOCUMENT = openapi(contract())
READING = openapi_reading(contract())
REGISTRY: Registry[Any] = Registry().with_resource("urn:dokument", Resource(DOCUMENT, DRAFT202012))
REST = Rest(contract())
HEADERS = Headers(contract())
UUID_ = "9f2c4d1e-5b6a-4c3d-8e7f-0a1b2c3d4e5f"


def valid(value: object, pointer: str) -> bool:
    schema = {"$ref": f"urn:dokument#/components/{pointer}"}
    check = Draft202012Validator.FORMAT_CHECKER
    return bool(Draft202012Validator(schema, registry=REGISTRY, format_checker=check).is_valid(value))


def operations(document: dict[str, Any]) -> dict[str, Any]:
    return {
        operation["operationId"]: operation
        for path in document["paths"].values()
        for method, operation in path.items()
        if method != "parameters"
    }


def test_the_document_is_valid_openapi() -> None:
    validate(openapi(contract()))


def test_the_committed_copy_matches_the_generated_document() -> None:
    saved = files("vos_contracts").joinpath("schemas/openapi/PersonVisiteringService.v1.json").read_text("utf-8")
    assert saved == canonical(contract()), "write it anew with: generalproeve contracts export (schemas/openapi)"


def test_the_document_describes_exactly_the_methods_of_the_access_table() -> None:
    in_table = {key.partition(".")[2] for key in contract().access.matrix if key.startswith(f"{SERVICE}.")}
    assert set(operations(openapi(contract()))) == in_table


def test_operations_list_their_error_codes_under_the_right_status() -> None:
    for name, operation in operations(openapi(contract())).items():
        assert operation["x-error-codes"], name
        for code in operation["x-error-codes"]:
            status = str(contract().errors[code].http_status)
            assert str(code) in operation["responses"][status]["description"], (name, code)


def test_an_overlay_shows_in_the_document(tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text(
        "key,value\nheader.organisationCode,x-org-kode\njson.sluttidspunkt,slutTidspunkt\n", "utf-8"
    )
    document = openapi(load(tmp_path))
    assert document["components"]["parameters"]["organisationCode"]["name"] == "x-org-kode"
    assert "slutTidspunkt" in document["components"]["schemas"]["KontaktgruppeDto"]["properties"]
    assert "sluttidspunkt" not in document["components"]["schemas"]["KontaktgruppeDto"]["properties"]
    assert "slutTidspunkt" in document["components"]["schemas"]["UpdateKontaktgruppeRequestDto"]["properties"]
    assert "slutTidspunkt" in document["components"]["examples"]["Kontaktgruppe"]["value"]
    assert document["components"]["parameters"]["organisationCode"]["x-source"] == f"overlay {tmp_path.name}"
    assert document["info"]["x-overlay"] == tmp_path.name
    validate(document)


def test_the_document_describes_exactly_the_routes() -> None:
    """Ask every route which methods it has: the router's answer against the document."""
    routes = RestEdge(cast(Runtime, None), REST, cast(Any, None)).routes(1024)
    transport = AsgiTransport(app(routes, REST.write_errors))
    exists = set()
    for route in routes:
        path = route.path  # type: ignore[attr-defined]  # a type made at run time
        response = asyncio.run(transport.send(Call("TRACE", path.replace("{id}", UUID_))))
        assert response.status == 405
        exists |= {(path, method) for method in response.headers["allow"].split(", ") if method != "HEAD"}
    described = {
        (path.replace("{kontaktgruppeId}", "{id}").replace("{personkategoriId}", "{id}"), method.upper())
        for path, path_item in DOCUMENT["paths"].items()
        for method in path_item
        if method != "parameters"
    }
    assert exists == described
    assert len(described) == 14


def test_operations_list_their_fixed_answers() -> None:
    for name, operation in operations(DOCUMENT).items():
        response = set(operation["responses"])
        assert {"200", "401", "500", "503"} <= response, name
        assert ("412" in response) == ("413" in response) == (not name.startswith("Get")), name
        assert ("415" in response) == ("requestBody" in operation) == name.startswith(("Create", "Update")), name
        assert "Retry-After" in operation["responses"]["503"]["headers"]


def test_access_rows_match_the_table() -> None:
    for name, operation in operations(DOCUMENT).items():
        row = contract().access.matrix[f"{SERVICE}.{name}"]
        expected = {contract().organisation_types[number]: {item.value for item in row[number]} for number in row}
        assert {organisation: set(levels) for organisation, levels in operation["x-access"].items()} == expected


def test_every_assumed_name_states_its_source() -> None:
    assumed = contract().names.assumed
    for name, parameter in DOCUMENT["components"]["parameters"].items():
        key = f"{'header' if parameter['in'] == 'header' else 'json'}.{name}"
        assert ("x-source" in parameter) == (key in assumed), name
    fields = {
        field: item for dto in DOCUMENT["components"]["schemas"].values() for field, item in dto["properties"].items()
    }
    others = {field for dto in READING["components"]["schemas"].values() for field in dto["properties"]} - fields.keys()
    for name, wire_name in contract().names.of_kind("json").items():
        if wire_name in others:
            continue  # checked in test_openapi_reading
        assert ("x-source" in fields[wire_name]) == (f"json.{name}" in assumed), name
    without = {name for name, operation in operations(DOCUMENT).items() if "x-source" not in operation}
    assert without == {"CreateKontaktgruppe", "GetKontaktgrupper"}


def test_links_lead_to_operations_with_those_parameters() -> None:
    by_id = operations(DOCUMENT)
    found = 0
    for operation in by_id.values():
        for link in operation["responses"]["200"].get("links", {}).values():
            path = next(
                path
                for path, path_item in DOCUMENT["paths"].items()
                if by_id[link["operationId"]] in path_item.values()
            )
            for parameter in link["parameters"]:
                place, _, name = parameter.partition(".")
                assert f"{{{name}}}" in path if place == "path" else name == contract().names.header("cpr")
            found += 1
    assert found == 12


def test_examples_match_the_golden_files_and_their_citizen_does_not_exist() -> None:
    examples = DOCUMENT["components"]["examples"]
    folder = files("vos_contracts").joinpath("examples/rest")
    for name, operation in operations(DOCUMENT).items():
        content = [operation["responses"]["200"]["content"]]
        content += [operation["requestBody"]["content"]] if "requestBody" in operation else []
        for part, file in zip(content, ("response.json", "request.json"), strict=False):
            ((example, reference),) = part["application/json"]["examples"].items()
            assert reference == {"$ref": f"#/components/examples/{example}"}
            saved = json.loads(folder.joinpath(name, file).read_text("utf-8"))["body"]
            assert examples[example]["value"] == saved, (name, file)
    assert not could_be_issued(CPR)
    for name, parameter in DOCUMENT["components"]["parameters"].items():
        assert valid(parameter["example"], f"parameters/{name}/schema"), name


TIMES = ["2024-11-18T00:00:00+01:00", "2024-11-18T00:00:00.5Z", "2024-11-18T00:00:00", "2024-11-18", "", 1, None, True]


@pytest.mark.parametrize("kind", Kind)
def test_schema_and_codec_agree_on_bodies(kind: Kind) -> None:
    type_, start, event, end = f"{kind.value}Type", "starttidspunkt", "haendelsestidspunkt", "sluttidspunkt"
    good = {type_: 13, start: TIMES[0]}
    bodies: list[dict[str, object]] = [good, {}, {type_: 13}, {start: TIMES[0]}, {**good, "unknown": 1}]
    bodies += [{**good, type_: value} for value in (0, 10000, 10001, -1, 1.5, "13", None, True, [])]
    bodies += [{**good, field: time} for field in (start, event, end) for time in TIMES]
    verdict = [(body, _read("Create", kind, body)) for body in bodies]
    assert {read for _, read in verdict} == {True, False}
    for body, read in verdict:
        assert valid(body, f"schemas/Create{kind.name}RequestDto") == read, body
    for body in [{}, {type_: 13}, {start: TIMES[0]}, *({end: time} for time in TIMES)]:
        assert valid(body, f"schemas/Update{kind.name}RequestDto") == _read("Update", kind, body), body


def _read(form: str, kind: Kind, body: dict[str, object]) -> bool:
    raw = json.dumps(body).encode()
    try:
        _ = REST.read_create(kind, raw, None) if form == "Create" else REST.read_update(kind, raw, UUID_)
    except RemoteWireError:
        return False
    return True


TEXTS = ["", "x", "x" * 20, "x" * 21, "x" * 46, "x" * 47, "x" * 140, "x" * 141, "x" * 255, "x" * 256, "Å"]
NUMBER = ["0", "1", "8", "100", "101", "-1", "-2", "9" * 8, "9" * 9, "9" * 10, "1.5"]
INSTANTS = [time for time in TIMES if isinstance(time, str)] + ["2024-13-01T00:00:00Z", "2024-11-18T25:00:00Z", "i dag"]
EMAILS = ["a@b", "a@b@c", "a b@c", "@b", "a@", f"{'a' * 192}@b", f"a@{'b' * 65}", "a@b."]
CPR_NUMBERS = [CPR, "0000000000", "3002840000", "0013840000", "020384-0000", "02038400000"]
NARROWER = {("registreringstidspunkt", "2024-11-18")}
"""The service reads any ISO form; the document promises a dateTime."""


@pytest.mark.parametrize("name", sorted(contract().names.of_kind("header")))
def test_schema_and_codec_agree_on_headers(name: str) -> None:
    parameter = DOCUMENT["components"]["parameters"][name]
    wire_name = parameter["name"].lower()
    accepted = HEADERS.write(identity(), CPR, "k")

    def read(headers: dict[str, str]) -> bool:
        try:
            HEADERS.read_identity(headers)
            HEADERS.read_cpr(headers)
            HEADERS.read_call_id(headers)
        except RemoteWireError as exc:
            return {error.code for error in exc.errors} <= {8173, 8174}
        return True

    assert read({one: value for one, value in accepted.items() if one != wire_name}) == (not parameter["required"])
    verdict = set()
    for text in (*TEXTS, *NUMBER, *INSTANTS, *EMAILS, *CPR_NUMBERS):
        if (name, text) in NARROWER:
            continue
        value: object = text
        if parameter["schema"]["type"] == "integer" and text.removeprefix("-").isdigit():
            value = int(text)
            if str(value) != text:
                continue
        expected = read(accepted | {wire_name: text})
        verdict.add(expected)
        assert valid(value, f"parameters/{name}/schema") == expected, text
    assert verdict == {True, False}
