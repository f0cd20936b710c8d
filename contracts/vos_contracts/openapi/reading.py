"""The status of a citizen and the code lists as OpenAPI 3.1, generated from the contract's tables.

Not here: PersonVisiteringService (`registration`), and the converter's internal REST methods, which are not public.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from vos_contracts.contract import Contract
from vos_contracts.model.reading import (
    KONTAKTGRUPPER,
    AktivitetstillaegView,
    CitizenStatus,
    CodeList,
    Helbredsbegraensning,
    code_lists,
)
from vos_contracts.model.registration import Kind
from vos_contracts.openapi import examples, schemas
from vos_contracts.openapi.registration import Document, access, as_text, json_content, responses
from vos_contracts.wire.rest.reading import RestReading
from vos_contracts.wire.rest.registration import Rest

STATUS_SERVICE, STATUS_METHOD = "VisiteringOgStatusStatusService", "GetPersonVisiteringOgStatusStatus"
CODE_LIST_SERVICE = "KodelisteService"
_SHARED = ("Fejlsvar", "Fejl", "Registreringsmetadata", "Myndighed", "KontaktgruppeDto", "PersonkategoriDto")
_DATE: Document = {"type": "string", "format": "date"}
_TEXT_OR_NULL: Document = {"type": ["string", "null"], "minLength": 1, "maxLength": 1500}
_HELBREDSBEGRAENSNING_ID = "2f6d8b0a-4c1e-4f3a-9b5d-7e8f9a0b1c2d"
_AKTIVITETSTILLAEG_ID = "5b7a9c1e-3d4f-4a6b-8c9d-0e1f2a3b4c5d"


def openapi_reading(contract: Contract, server_url: str = "/") -> Document:
    """Generate the document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "VisiteringOgStatusServices: status og kodelister",
            "version": "2",
            "description": "VisiteringOgStatusStatusService version 2 og domænets kodelister (epic 1005.17.28).",
            **({"x-overlay": contract.overlay.name} if contract.overlay else {}),
        },
        "servers": [{"url": server_url}],
        "paths": _paths(contract),
        "components": {
            "schemas": {name: schema for name, schema in schemas.schemas(contract).items() if name in _SHARED}
            | schemas.with_origin(contract, _bodies(contract)),
            "parameters": {
                name: parameter
                for name, parameter in schemas.parameters(contract).items()
                if name == "cpr" or name in schemas.IDENTITY
            },
            "examples": {name: {"value": body} for name, body in _examples(contract).items()},
        },
    }


def canonical(contract: Contract) -> str:
    """Return the text of the committed copy."""
    return as_text(openapi_reading(contract))


def _paths(contract: Contract) -> Document:
    code_list = contract.names.path("code_list")
    name = {
        "name": "name", "in": "path", "required": True, "example": KONTAKTGRUPPER,
        "schema": {"type": "string", "enum": list(code_lists(contract))},
    }  # fmt: skip
    return {
        contract.names.path("visiteringOgStatusStatus"): {"get": _status(contract)},
        code_list: {"get": _code_lists(contract, "GetKodelister", "Læs alle kodelister", "Kodelister")},
        f"{code_list}/{{name}}": {
            "parameters": [name],
            "get": _code_lists(contract, "GetKodeliste", "Læs én kodeliste på dens navn", "Kodeliste"),
        },
    }


def _status(contract: Contract) -> Document:
    schema = {"$ref": f"#/components/schemas/{STATUS_METHOD}ResponseDto"}
    good = {"description": "Udført", "content": json_content(schema, "Status")}
    response, codes = responses(contract, STATUS_SERVICE, STATUS_METHOD, good, {})
    return {
        "operationId": STATUS_METHOD,
        "summary": "Læs borgerens aktivitetstillæg, kontaktgrupper og personkategorier",
        "tags": ["Status"],
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in ("cpr", *schemas.IDENTITY)],
        "responses": response,
        "x-error-codes": codes,
        "x-access": access(contract, STATUS_SERVICE, STATUS_METHOD),
        **schemas.origin(contract, "path.visiteringOgStatusStatus"),
    }


def _code_lists(contract: Contract, method: str, summary: str, example: str) -> Document:
    item = {"$ref": "#/components/schemas/KodelisteDto"}
    schema = item if example == "Kodeliste" else {"type": "array", "items": item}
    good = {"description": "Udført", "content": json_content(schema, example)}
    response, codes = responses(contract, CODE_LIST_SERVICE, method, good, {})
    return {
        "operationId": method,
        "summary": f"{summary}, også de udløbne værdier; ingen identitet kræves",
        "tags": ["Kodeliste"],
        "responses": response,
        "x-error-codes": codes,
        **schemas.origin(contract, "path.code_list"),
    }


def _bodies(contract: Contract) -> Document:
    n = contract.names.json
    date_or_null = {**_DATE, "type": ["string", "null"]}

    def listing(name: str) -> Document:
        return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}

    return {
        f"{STATUS_METHOD}ResponseDto": schemas.closed_object(
            {
                n("helbredsbegraensninger"): listing("HelbredsbegraensningDto"),
                n("aktivitetstillaeg"): listing("AktivitetstillaegDto"),
                n("kontaktgrupper"): listing("KontaktgruppeDto"),
                n("personkategorier"): listing("PersonkategoriDto"),
            }
        ),
        "HelbredsbegraensningDto": schemas.closed_object(
            {
                n("helbredsbegraensningId"): {
                    "type": "string", "format": "uuid", "pattern": schemas.UUID_PATTERN,
                },
                n("beskrivelseAfHelbredsbegraensning"): _TEXT_OR_NULL,
                n("beskrivelseAfIkkeMuligeOpgaver"): _TEXT_OR_NULL,
                n("dokumentationForHelbredsbegrasening"): {"type": "boolean"},
                n("startdato"): schemas.TIME,
                n("slutdato"): schemas.TIME_OR_NULL,
                n("berigtigelseskommentar"): _TEXT_OR_NULL,
                n("dfdgRegistreringstidspunkt"): {
                    **schemas.TIME, "description": "Hvornår begrænsningen blev registreret",
                },
            }
        ),
        "AktivitetstillaegDto": schemas.closed_object(
            {
                n("aktivitetstillaegId"): {
                    "type": "string", "format": "uuid", "pattern": schemas.UUID_PATTERN,
                },
                n("startdato"): schemas.TIME,
                n("slutdato"): schemas.TIME_OR_NULL,
            }
        ),
        "KodelisteDto": schemas.closed_object(
            {n("kodelisteNavn"): {"type": "string"}, n("kodevaerdier"): listing("KodevaerdiDto")}
        ),
        "KodevaerdiDto": schemas.closed_object(
            {
                n("kodevaerdi"): {"type": "integer"},
                n("kodenavn"): {"type": "string"},
                n("startdato"): {**_DATE, "description": "Første dag, værdien må bruges"},
                n("slutdato"): {**date_or_null, "description": "Første dag, værdien ikke må bruges"},
            }
        ),
    }  # fmt: skip


def _examples(contract: Contract) -> Mapping[str, Any]:
    rest = RestReading(contract, Rest(contract))
    group, category = (examples.registration(kind) for kind in Kind)
    lists = [CodeList(item.name, item.values[:2]) for item in code_lists(contract).values()]
    limitation = Helbredsbegraensning(
        id=_HELBREDSBEGRAENSNING_ID,
        start=group.start,
        end=None,
        registered=group.start,
        is_documented=True,
        description="Må ikke løfte over 5 kg",
        impossible_tasks="Lagerarbejde",
    )
    status = CitizenStatus(
        (limitation,),
        (AktivitetstillaegView(_AKTIVITETSTILLAEG_ID, group.start, group.start + timedelta(days=30)),),
        (group,),
        (category,),
    )
    bodies = {
        "Status": rest.write_status(status).body,
        "Kodelister": rest.write_code_lists(lists).body,
        "Kodeliste": rest.write_code_list(lists[0]).body,
    }
    return {name: json.loads(body) for name, body in bodies.items()}
