"""The webservice message on the wire: written and read alike, every breach named, every name from the contract."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from support.builders import JOBCENTER, NOW, contract
from vos_contracts.contract import load
from vos_contracts.model.registration import ChangeType, Kind
from vos_contracts.openapi import asyncapi
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.messages.webhook import WebhookCodec, WsbMessage

MESSAGE = WsbMessage(
    "0193e6a0-0000-7000-8000-000000000001", 100008, "Kontaktgruppe", "0193e6a0-0000-7000-8000-000000000002",
    "0203840000", ChangeType.DELETED, JOBCENTER, NOW,
)  # fmt: skip
WSB = WebhookCodec(contract())


def test_round_trip() -> None:
    assert WSB.read(WSB.write(MESSAGE)) == MESSAGE


def test_the_envelope_is_the_assumed_one() -> None:
    assert msgspec.json.decode(WSB.write(MESSAGE)) == {
        "metadata": {
            "beskedId": MESSAGE.message_id,
            "entitetId": 100008,
            "entitetNavn": "Kontaktgruppe",
            "eksternIdentifier": MESSAGE.id,
            "versionIdentifier": None,
            "identifikationstypeId": 1,
            "identifikation": "0203840000",
            "aendringstype": 3,
            "organisationType": 8,
            "organisationKode": "10100",
            "registreringstidspunkt": "2024-11-18T09:00:00+01:00",
        },
        "body": None,
    }


def test_every_entity_has_its_own_number() -> None:
    assert {kind: (entity.id, entity.name) for kind, entity in contract().wsb_entities.items()} == {
        Kind.KONTAKTGRUPPE: (100008, "Kontaktgruppe"),
        Kind.PERSONKATEGORI: (100009, "Personkategori"),
    }


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "beskeden kan ikke l"),
        (b"{}", "metadata"),
        (WSB.write(MESSAGE)[:-1], "beskeden kan ikke l"),
        (WSB.write(MESSAGE).replace(b'"body"', b'"\xff"'), "utf-8"),
        (WSB.write(replace(MESSAGE, message_id="x")), "beskedId: skal være en uuid"),
        (WSB.write(replace(MESSAGE, id="x")), "eksternIdentifier: skal være en uuid"),
        (WSB.write(replace(MESSAGE, cpr="020384-0000")), "identifikation: skal være ti cifre"),
        (WSB.write(replace(MESSAGE, registered=datetime(2024, 1, 1))), "registreringstidspunkt: skal have offset"),  # noqa: DTZ001 - the breach
        (WSB.write(MESSAGE).replace(b'"aendringstype":3', b'"aendringstype":4'), "aendringstype"),
        (WSB.write(MESSAGE).replace(b'"identifikationstypeId":1', b'"identifikationstypeId":2'), "skal være 1 (CPR)"),
    ],
)
def test_every_breach_is_named(body: bytes, says: str) -> None:
    with pytest.raises(RemoteWireError) as caught:
        WSB.read(body)
    assert {error.code for error in caught.value.errors} == {1014}
    assert says in str(caught.value)


def test_an_overlay_renames_the_envelope(tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text("key,value\nwsb.beskedId,messageId\nwsb.metadata,header\n", "utf-8")
    (tmp_path / "wsb_entity.csv").write_text("kind,entity_id,name\npersonkategori,100010,PK\n", "utf-8")
    renamed = load(tmp_path)
    wsb = WebhookCodec(renamed)
    assert wsb.read(wsb.write(MESSAGE)) == MESSAGE
    assert b'{"header":{"messageId":' in wsb.write(MESSAGE)
    assert renamed.wsb_entities[Kind.PERSONKATEGORI].id == 100010
    with pytest.raises(RemoteWireError):
        WSB.read(wsb.write(MESSAGE))


def test_the_committed_asyncapi_matches_the_generated_one() -> None:
    saved = files("vos_contracts").joinpath("schemas", "wsb", "asyncapi.json").read_text("utf-8")
    assert saved == asyncapi.canonical(contract())


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("change", ChangeType)
def test_the_schema_accepts_written_messages(kind: Kind, change: ChangeType) -> None:
    entity = contract().wsb_entities[kind]
    message = replace(MESSAGE, entity_id=entity.id, entity_name=entity.name, change_type=change)
    schema = asyncapi.schema(contract(), entity)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    written = msgspec.json.decode(WSB.write(message))
    assert list(validator.iter_errors(written)) == []
    for name, bad in {
        "beskedId": "x",
        "entitetId": 7,
        "identifikation": "020384-0000",
        "aendringstype": 4,
        "organisationKode": "",
        "identifikationstypeId": 2,
    }.items():
        assert not validator.is_valid({**written, "metadata": {**written["metadata"], name: bad}}), name
        without = {field: value for field, value in written["metadata"].items() if field != name}
        assert not validator.is_valid({**written, "metadata": without}), name


def test_the_references_in_the_asyncapi_exist() -> None:
    document = asyncapi.asyncapi(contract())
    text = msgspec.json.encode(document).decode()
    for points in re.findall(r'"\$ref":"#/([^"]+)"', text):
        place: Any = document
        for part in points.split("/"):
            place = place[part]
        assert place, points
