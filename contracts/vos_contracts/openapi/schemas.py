"""The schemas and header parameters of the OpenAPI documents: what `wire.rest` accepts and writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vos_contracts.contract import Contract
from vos_contracts.model.cpr import PATTERN
from vos_contracts.model.registration import Kind
from vos_contracts.openapi import examples
from vos_contracts.tables.kontaktgruppe import Code
from vos_contracts.tables.table import Certainty
from vos_contracts.wire.rest.registration import UUID

Schema = dict[str, Any]
UUID_PATTERN = f"^{UUID.pattern}$"
_EMAIL = r"^[^>\(\)\[\]\\,;:@\s]{0,191}@[^>\(\)\[\]\\,;:@\s]{1,64}$"
_DATETIME = (
    r"^[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?$"
)
"""A pattern instead of `format`: openapi-python-client skips every operation with a date-time header."""
_INTEGER: Schema = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
TIME: Schema = {"type": "string", "format": "date-time"}
TIME_OR_NULL: Schema = {"type": ["string", "null"], "format": "date-time"}

_HEADERS: Mapping[str, tuple[bool, str, Schema]] = {
    "cpr": (True, "Borgerens CPR-nummer", {"type": "string", "pattern": f"^({PATTERN})$"}),
    "requestId": (True, "Entydigt id for kaldet, huskes i 7 dage", {"type": "string", "minLength": 1, "maxLength": 46}),
    "organisationType": (
        True, "Den aktive organisations type", {"type": "integer", "minimum": 1, "maximum": 100},
    ),
    "organisationCode": (True, "Den aktive organisations kode", {"type": "string", "minLength": 1, "maxLength": 20}),
    "userName": (True, "Brugerens navn", {"type": "string", "minLength": 1, "maxLength": 140}),
    "userType": (True, "Brugerens type", _INTEGER),
    "userId": (True, "Brugerens id", {"type": "string", "minLength": 1, "maxLength": 255}),
    "userEmail": (False, "Brugerens e-mail", {"type": "string", "pattern": _EMAIL}),
    "userOrganisationType": (
        True, "Brugerens egen organisations type", {"type": "integer", "minimum": 1, "maximum": 100},
    ),
    "userOrganisationCode": (
        True, "Brugerens egen organisations kode", {"type": "string", "pattern": "^(-1|[0-9]{1,8})$"},
    ),
    "registreringstidspunkt": (
        True, "Hvornår brugeren har registreret, som dateTime; uden offset er det dansk tid",
        {"type": "string", "pattern": _DATETIME},
    ),
    "system": (False, "Kaldende system; 0 eller udeladt er ukendt", _INTEGER),
}  # fmt: skip
IDENTITY = tuple(name for name in _HEADERS if name not in {"cpr", "requestId"})


def parameters(contract: Contract) -> Schema:
    """Describe the headers and the path identifiers."""
    values = examples.headers(contract)
    headers = {
        name: {
            "name": contract.names.header(name),
            "in": "header",
            "required": required,
            "description": text,
            "schema": schema,
            "example": _example(schema, values[contract.names.header(name).lower()]),
            **origin(contract, f"header.{name}"),
        }
        for name, (required, text, schema) in _HEADERS.items()
    }
    ids = {
        f"{kind.value}Id": {
            "name": contract.names.json(f"{kind.value}Id"),
            "in": "path",
            "required": True,
            "schema": {"type": "string", "format": "uuid", "pattern": UUID_PATTERN},
            "example": examples.id_(kind),
            **origin(contract, f"json.{kind.value}Id"),
        }
        for kind in Kind
    }
    return headers | ids


def origin(contract: Contract, *keys: str) -> Schema:
    """Return `x-certainty` and `x-source` for the assumed names among the keys; empty if all are documented."""
    rows = [contract.tables["names"][key,] for key in keys]
    assumed = [row for row in rows if row.certainty is Certainty.ASSUMED]
    if not assumed:
        return {}
    overlay = f"overlay {contract.overlay.name}" if contract.overlay else ""
    sources = dict.fromkeys(overlay if item.overlaid else item.source for item in assumed)
    return {"x-certainty": Certainty.ASSUMED.value, "x-source": "; ".join(sources)}


def _example(schema: Schema, text: str) -> str | int:
    return int(text) if schema["type"] == "integer" else text


def schemas(contract: Contract) -> Schema:
    """Describe the bodies; fields with assumed names carry `x-certainty` and `x-source`."""
    return with_origin(contract, _bodies(contract))


def with_origin(contract: Contract, objects: Schema) -> Schema:
    """Add `x-certainty` and `x-source` to the fields of these objects whose names are assumed."""
    field_names = contract.names.of_kind("json")
    origins = {wire_name: origin(contract, f"json.{field}") for field, wire_name in field_names.items()}
    for schema in objects.values():
        schema["properties"] = {field: {**item, **origins[field]} for field, item in schema["properties"].items()}
    return objects


def _bodies(contract: Contract) -> Schema:
    n = contract.names.json
    objects: Schema = {
        "Fejlsvar": closed_object(
            {n("fejl"): {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Fejl"}}}
        ),
        "Fejl": closed_object(
            {
                n("fejlkode"): {"type": "integer"},
                n("fejltekst"): {"type": "string"},
                n("beskrivelse"): {"type": "string"},
            },
            optional={n("beskrivelse")},
        ),
        "Registreringsmetadata": closed_object(
            {
                n("erSlettet"): {"type": "boolean"},
                n("erAktuel"): {"type": "boolean"},
                n("registrerendeMyndighed"): {"$ref": "#/components/schemas/Myndighed"},
                n("registreringstidspunkt"): TIME,
            }
        ),
        "Myndighed": closed_object(
            {n("organisationType"): {"type": "integer"}, n("organisationKode"): {"type": "string"}}
        ),
    }
    for kind, codes in (
        (Kind.KONTAKTGRUPPE, contract.kontaktgrupper),
        (Kind.PERSONKATEGORI, contract.personkategorier),
    ):
        objects |= _kind(contract, kind, codes)
    return objects


def _kind(contract: Contract, kind: Kind, codes: Mapping[int, Code]) -> Schema:
    n = contract.names.json
    type_: Schema = {
        "type": "integer", "minimum": 0, "maximum": 10000,
        "description": "; ".join(f"{code.code} {code.name}" for code in codes.values()),
        "examples": [13 if kind is Kind.KONTAKTGRUPPE else 8],
    }  # fmt: skip
    times = {n("haendelsestidspunkt"): TIME_OR_NULL, n("starttidspunkt"): TIME, n("sluttidspunkt"): TIME_OR_NULL}
    type_name = n(f"{kind.value}Type")
    return {
        f"Create{kind.name}RequestDto": closed_object(
            {type_name: type_, **times}, optional={n("haendelsestidspunkt"), n("sluttidspunkt")}
        ),
        f"Update{kind.name}RequestDto": closed_object(
            {n("sluttidspunkt"): TIME_OR_NULL}, optional={n("sluttidspunkt")}
        ),
        f"{kind.name}Dto": closed_object(
            {
                n(f"{kind.value}Id"): {"type": "string", "format": "uuid", "pattern": UUID_PATTERN},
                type_name: type_,
                **times,
                n("registreringsmetadata"): {"$ref": "#/components/schemas/Registreringsmetadata"},
            }
        ),
    }


def closed_object(fields: Schema, optional: frozenset[str] | set[str] = frozenset()) -> Schema:
    """Describe an closed_object with exactly these fields."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name in fields if name not in optional],
        "properties": fields,
    }
