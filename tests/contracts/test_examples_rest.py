import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

import vos_contracts
from support.builders import contract
from support.each import check_each
from vos_contracts.examples import refusals
from vos_contracts.model.cpr import could_be_issued
from vos_contracts.model.registration import Create, Delete, Kind, RegistrationCommand, Update, method
from vos_contracts.openapi.reading import openapi_reading
from vos_contracts.openapi.registration import SERVICE, openapi
from vos_contracts.wire.base import Call, Response
from vos_contracts.wire.rest.registration import Refusal, Rest

FOLDER = Path(vos_contracts.__file__).parent / "examples" / "rest"
DOCUMENT = openapi(contract())
REGISTRY: Registry[Any] = Registry().with_resource("urn:dokument", Resource(DOCUMENT, DRAFT202012))
REST = Rest(contract())
PLACE = {
    operation["operationId"]: (path, http_method)
    for path, path_item in DOCUMENT["paths"].items()
    for http_method, operation in path_item.items()
    if http_method != "parameters"
}
ERROR_CODES = {
    name: {
        int(code) for service, table, code in contract().tables["method_errors"] if (service, table) == (SERVICE, name)
    }
    for name in PLACE
}


REFUSALS = {
    (refusal.operation, int(refusal.name.removeprefix("refusal."))): json.loads(refusal.content)
    for refusal in refusals("rest")
}


def example(operation: str, name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FOLDER / operation / f"{name}.json").read_text("utf-8"))
    return content


def validate(value: object, *place: str) -> None:
    """Validate against the schema at that place of the document; a missing place fails too."""
    pointer = "".join(f"/{quote(link.replace('~', '~0').replace('/', '~1'), safe='~')}" for link in place)
    schema = {"$ref": f"urn:dokument#{pointer}"}
    Draft202012Validator(
        schema, registry=REGISTRY, format_checker=Draft202012Validator.FORMAT_CHECKER
    ).validate(value)  # fmt: skip


def parameters(operation: str) -> list[dict[str, Any]]:
    path, http_method = PLACE[operation]
    path_item = DOCUMENT["paths"][path]
    return [
        DOCUMENT["components"]["parameters"][item["$ref"].rpartition("/")[2]] if "$ref" in item else item
        for item in (*path_item.get("parameters", ()), *path_item[http_method]["parameters"])
    ]


def kind(operation: str) -> Kind:
    return Kind.KONTAKTGRUPPE if "ontaktgruppe" in operation else Kind.PERSONKATEGORI


def to_call(content: dict[str, Any]) -> Call:
    body = b"" if content["body"] is None else json.dumps(content["body"]).encode()
    return Call(content["method"], content["path"], content["headers"], body)


def to_response(content: dict[str, Any]) -> Response:
    return Response(content["status"], content["headers"], json.dumps(content["body"]).encode())


def from_call(call: Call) -> dict[str, Any]:
    body = json.loads(call.body) if call.body else None
    return {"method": call.method, "path": call.path, "headers": dict(call.headers), "body": body}


def from_response(response: Response) -> dict[str, Any]:
    return {"status": response.status, "headers": dict(response.headers), "body": json.loads(response.body)}


def test_every_operation_has_a_good_example_and_a_refusal_per_error_code() -> None:
    others = {
        item["operationId"] for path in openapi_reading(contract())["paths"].values() for item in _operations(path)
    }
    assert {folder.name for folder in FOLDER.iterdir() if folder.is_dir()} == set(PLACE) | others
    for operation in PLACE:
        assert {file.name for file in (FOLDER / operation).iterdir()} == {"request.json", "response.json"}, operation
        assert {code for name, code in REFUSALS if name == operation} == ERROR_CODES[operation], operation


def _operations(path_item: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for method, operation in path_item.items() if method != "parameters"]


def test_examples_are_readable_and_their_citizen_does_not_exist() -> None:
    files = sorted(FOLDER.rglob("*.json"))
    assert files
    for file in files:
        text = file.read_text("utf-8")
        assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n", file
        cpr = json.loads(text)["headers"].get("x-civilregistrationidentifier")
        assert (cpr is None) == (file.name != "request.json" or file.parent.name.startswith("GetKodeliste")), file
        assert cpr is None or not could_be_issued(cpr), file


def test_example_requests_match_the_document() -> None:
    check_each(PLACE, _request_is_as_described)


def _request_is_as_described(operation: str) -> None:
    call = example(operation, "request")
    path, http_method = PLACE[operation]
    assert call["method"].lower() == http_method
    values = dict(call["headers"])
    assert values.pop("content-type", None) == (None if call["body"] is None else "application/json")
    link = dict(zip(path.split("/"), call["path"].split("/"), strict=True))
    assert [item for item, wire_name in link.items() if item != wire_name and not item.startswith("{")] == []
    for parameter in parameters(operation):
        if parameter["in"] == "path":
            value: Any = link[f"{{{parameter['name']}}}"]
        else:
            value = values.pop(parameter["name"].lower(), None)
        assert value is not None, parameter["name"]
        place = ("components", "parameters", _name(parameter), "schema")
        validate(int(value) if parameter["schema"]["type"] == "integer" else value, *place)
    assert values == {}, "not described"
    described = DOCUMENT["paths"][path][http_method].get("requestBody")
    assert (described is None) == (call["body"] is None)
    if described:
        validate(call["body"], "paths", path, http_method, "requestBody", "content", "application/json", "schema")


def _name(parameter: dict[str, Any]) -> str:
    return next(name for name, item in DOCUMENT["components"]["parameters"].items() if item is parameter)


def _answer_is_as_described(operation: str, response: dict[str, Any]) -> None:
    assert response["headers"] == {"content-type": "application/json"}
    path, http_method = PLACE[operation]
    place = ("paths", path, http_method, "responses", str(response["status"]), "content", "application/json", "schema")
    validate(response["body"], *place)


def test_example_answers_match_the_document() -> None:
    def check(operation: str) -> None:
        response = example(operation, "response")
        assert response["status"] == 200
        _answer_is_as_described(operation, response)

    check_each(PLACE, check)


def test_refusals_match_the_document_and_the_codec() -> None:
    check_each([refusal for refusal in REFUSALS if refusal[0] in PLACE], _refusal_is_as_described)


def _refusal_is_as_described(key: tuple[str, int]) -> None:
    (operation, code), response = key, REFUSALS[key]
    _answer_is_as_described(operation, response)
    assert response["status"] == contract().errors[code].http_status
    refusal = REST.understand_refusal(to_response(response))
    assert [error.code for error in refusal.errors] == [code]
    assert from_response(REST.write_errors(refusal.errors)) == response


def test_example_requests_survive_a_codec_round_trip() -> None:
    check_each(PLACE, _request_is_written_again)


def _request_is_written_again(operation: str) -> None:
    content = example(operation, "request")
    call = to_call(content)
    identity, cpr = REST.headers.read_identity(call.headers), REST.headers.read_cpr(call.headers)
    rest = call.path.removeprefix(REST.paths[kind(operation)]).removeprefix("/")
    if call.method == "GET":
        assert from_call(REST.call_read(cpr, kind(operation), identity, rest)) == content
        return
    command = _command(call, operation, rest)
    assert method(command) == operation
    call_id = REST.headers.read_call_id(call.headers)
    assert from_call(REST.call_register(cpr, command, identity, call_id)) == content


def _command(call: Call, operation: str, rest: str) -> RegistrationCommand:
    id_ = REST.read_id(rest, kind(operation)) if rest else None
    command: Create | Update | Delete
    match call.method:
        case "POST":
            command = REST.read_create(kind(operation), call.body, id_)
        case "PUT":
            command = REST.read_update(kind(operation), call.body, str(id_))
        case _:
            command = Delete(kind(operation), str(id_))
    return command


def test_example_answers_survive_a_codec_round_trip() -> None:
    check_each(PLACE, _answer_is_written_again)


def _answer_is_written_again(operation: str) -> None:
    content = example(operation, "response")
    response = to_response(content)
    if not operation.startswith("Get"):
        id_ = REST.understand_id(response)
        assert isinstance(id_, str)
        assert from_response(REST.write_id(id_)) == content
        return
    views = REST.understand_views(response, kind(operation))
    assert not isinstance(views, Refusal)
    item = isinstance(content["body"], dict)
    assert from_response(REST.write_view(views[0]) if item else REST.write_views(views)) == content


@pytest.mark.parametrize(
    ("replace", "field"),
    [
        ({"unknown": 1}, "additionalProperties"),
        ({"kontaktgruppeType": "13"}, "type"),
        ({"kontaktgruppeType": 10001}, "maximum"),
        ({"starttidspunkt": "2024-11-18T00:00:00"}, "format"),
        ({"starttidspunkt": None}, "type"),
    ],
)
def test_the_schema_rejects_invalid_bodies(replace: dict[str, object], field: str) -> None:
    body = example("CreateKontaktgruppe", "request")["body"] | replace
    with pytest.raises(ValidationError) as caught:
        validate(body, "components", "schemas", "CreateKontaktgruppeRequestDto")
    assert caught.value.validator == field
