"""PersonVisiteringService v1 as OpenAPI 3.1, generated from the contract's tables under the contract's names.

Each operation lists its own error codes and its access row. Not here: serving it (`vos_reference.edge.rest.documents`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from vos_contracts.contract import Contract
from vos_contracts.model.registration import Kind
from vos_contracts.openapi import examples, schemas

SERVICE = "PersonVisiteringService"
Document = dict[str, Any]

_FIXED_RESPONSE = {
    "405": "Metoden findes ikke på stien",
    "500": "Intern fejl",
    "503": "Midlertidigt utilgængelig; prøv igen efter Retry-After",
}
_WRITING_RESPONSE = {
    "412": "x-requestId er allerede modtaget inden for 7 dage; intet er ændret",
    "413": "Kroppen er for stor",
}


def openapi(contract: Contract, server_url: str = "/") -> Document:
    """Generate the document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"VisiteringOgStatusServices.{SERVICE}",
            "version": "1",
            "description": "Registrering og læsning af kontaktgrupper og personkategorier (epic 1005.17.28).",
            **({"x-overlay": contract.overlay.name} if contract.overlay else {}),
        },
        "servers": [{"url": server_url}],
        "paths": _paths(contract),
        "components": {
            "schemas": schemas.schemas(contract),
            "parameters": schemas.parameters(contract),
            "examples": {name: {"value": body} for name, body in examples.bodies(contract).items()},
        },
    }


def canonical(contract: Contract) -> str:
    """Return the text of the committed copy."""
    return as_text(openapi(contract))


def as_text(document: Document) -> str:
    """Return a document's text as the committed copies are formatted."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _paths(contract: Contract) -> Document:
    paths: Document = {}
    for kind in Kind:
        path, plural = contract.names.path(kind.value), kind.plural
        name, id_name = kind.name, contract.names.json(f"{kind.value}Id")
        with_id = {"parameters": [{"$ref": f"#/components/parameters/{kind.value}Id"}]}
        links = {"links": _links(contract, kind, id_name)}
        paths[path] = {
            "post": _operation(
                contract, kind, f"Create{name}", f"Registrér en {kind}; DFDG tildeler id", "Create", links
            ),
            "get": _operation(contract, kind, f"Get{plural}", f"Læs borgerens aktuelle {plural.lower()}", "Liste"),
        }
        paths[f"{path}/{contract.names.path('history')}"] = {
            "get": _operation(contract, kind, f"Get{name}Historik", f"Læs borgerens historik for {kind}", "Liste"),
        }
        paths[f"{path}/{{{id_name}}}"] = {
            **with_id,
            "post": _operation(
                contract,
                kind,
                f"Create{name}MedIdentifier",
                f"Registrér en {kind} med kalderens eget id",
                "Create",
                links,
            ),
            "put": _operation(contract, kind, f"Update{name}", f"Sæt slutdatoen på en {kind}", "Update"),
            "delete": _operation(contract, kind, f"Delete{name}", f"Slet en fejlagtig {kind}", "Delete"),
            "get": _operation(contract, kind, f"Get{name}", f"Læs én {kind} på dens id", "En"),
        }
    return paths


def _operation(
    contract: Contract, kind: Kind, method: str, summary: str, form: str, other: Mapping[str, Any] | None = None
) -> Document:
    writing = form in {"Create", "Update", "Delete"}
    schema, example = _response_content(method, form, kind)
    good: Document = {"description": "Udført", "content": json_content(schema, example), **(other or {})}
    response, codes = responses(contract, SERVICE, method, good, _WRITING_RESPONSE if writing else {})
    operation: Document = {
        "operationId": method,
        "summary": summary,
        "tags": [kind.name],
        "parameters": [
            {"$ref": f"#/components/parameters/{name}"}
            for name in ("cpr", *(("requestId",) if writing else ()), *schemas.IDENTITY)
        ],
        "responses": response,
        "x-error-codes": codes,
        "x-access": access(contract, SERVICE, method),
        **_origin(contract, kind, method, form),
    }
    if form in {"Create", "Update"}:
        dto = {"$ref": f"#/components/schemas/{form}{kind.name}RequestDto"}
        operation["requestBody"] = {"required": True, "content": json_content(dto, f"{form}{kind.name}")}
        response["415"] = error_response("Kroppen skal være application/json")
    return operation


def responses(
    contract: Contract, service: str, method: str, good: Document, fixed_responses: Mapping[str, str]
) -> tuple[Document, list[int]]:
    """Describe a method's answers: success, its error codes grouped by HTTP status, and the answers any call may get.

    Returns the answers by status, and the method's error codes."""
    codes = sorted(
        int(code)
        for name, operation, code in contract.tables["method_errors"]
        if (name, operation) == (service, method)
    )
    response: Document = {"200": good}
    by_status: dict[str, list[str]] = {}
    for code in codes:
        text = contract.errors[code]
        by_status.setdefault(str(text.http_status), []).append(f"{code} {text.rest}")
    for status, lines in sorted(by_status.items()):
        response[status] = error_response("; ".join(lines))
    for status, text_ in (_FIXED_RESPONSE | dict(fixed_responses)).items():
        response.setdefault(status, error_response(text_))
    response["503"]["headers"] = {"Retry-After": {"description": "Sekunder", "schema": {"type": "integer"}}}
    return response, codes


def _response_content(method: str, form: str, kind: Kind) -> tuple[Document, str]:
    view = {"$ref": f"#/components/schemas/{kind.name}Dto"}
    match form:
        case "Liste":
            example = "Historik" if method.endswith("Historik") else "Liste"
            return {"type": "array", "items": view}, f"{kind.name}{example}"
        case "En":
            return view, kind.name
        case _:
            return {"type": "string", "format": "uuid"}, f"{kind.name}Id"


def _links(contract: Contract, kind: Kind, id_name: str) -> Document:
    """Describe the links from a created registration to the methods that read, update and delete it."""
    cpr = contract.names.header("cpr")
    return {
        f"{method}{kind.name}": {
            "operationId": f"{method}{kind.name}",
            "parameters": {f"path.{id_name}": "$response.body", f"header.{cpr}": f"$request.header.{cpr}"},
        }
        for method in ("Get", "Update", "Delete")
    }


def _origin(contract: Contract, kind: Kind, method: str, form: str) -> Document:
    """State which part of the operation's path is assumed; the epic lists no delete method."""
    keys = [f"path.{kind.value}"]
    if method.endswith("Historik"):
        keys.append("path.history")
    elif form in {"Update", "Delete", "En"} or method.endswith("MedIdentifier"):
        keys.append(f"json.{kind.value}Id")
    origin = schemas.origin(contract, *keys)
    if form == "Delete":
        origin["x-source"] += "; project decision: the epic has POST, PUT and DELETE but lists no delete method"
    return origin


def access(contract: Contract, service: str, method: str) -> Document:
    """Return a method's row of the access matrix, organisation by organisation."""
    row = contract.access.matrix.get(f"{service}.{method}", {})
    return {
        contract.organisation_types[number]: sorted(level.value for level in levels)
        for number, levels in sorted(row.items())
    }


def error_response(text: str) -> Document:
    """Describe a refusal: its text, and the error structure as body."""
    return {"description": text, "content": json_content({"$ref": "#/components/schemas/Fejlsvar"})}


def json_content(schema: Document, example: str = "") -> Document:
    """Describe a JSON body, with its example by name."""
    content = {"schema": schema}
    if example:
        content["examples"] = {example: {"$ref": f"#/components/examples/{example}"}}
    return {"application/json": content}
