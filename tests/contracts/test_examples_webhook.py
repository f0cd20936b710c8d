"""The golden webservice messages and sync call match the schema, the codecs and what the reference sends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
from jsonschema import Draft202012Validator

from support.builders import AKASSE, JOBCENTER, NOW, TODAY, contract
from support.each import check_each
from support.stores import empty_store
from vos_contracts.control.stage import PeopleDto
from vos_contracts.control.webhooks import OrganisationDto, SubscriberSystemDto
from vos_contracts.examples import Example, all_examples
from vos_contracts.examples.validation import _example_breach
from vos_contracts.model.cpr import could_be_issued
from vos_contracts.model.registration import ChangeType, Create, Delete, Kind, Update
from vos_contracts.openapi import asyncapi
from vos_contracts.openapi import examples as openapi_examples
from vos_contracts.wire.asgi.endpoint import AsgiTransport
from vos_contracts.wire.base import Call, Response
from vos_contracts.wire.messages.webhook import WebhookCodec
from vos_contracts.wire.rest.registration import Rest
from vos_contracts.wire.rest.subscriptions import Subscriptions, Synchronised
from vos_reference.application.citizens import set_up
from vos_reference.application.webhook_subscriptions import create_system
from vos_reference.bootstrap import Application, build
from vos_reference.config import Configuration
from vos_reference.domain.retry import Answered, AttemptResponse
from vos_simulators.people import Citizen, on_stage

EXAMPLES = {(example.folder, example.name): example for example in all_examples() if example.channel == "wsb"}
SYNC = "SyncAbonnementer"
MESSAGES = {key: example for key, example in EXAMPLES.items() if key[0] != SYNC}
REST = Rest(contract())
WSB, WIRE = WebhookCodec(contract()), Subscriptions(contract(), REST)
KINDS = {kind.name: kind for kind in Kind}


def json_(folder: str, name: str) -> Any:
    return json.loads(EXAMPLES[folder, name].content)


class Collector:
    """A sender whose receivers accept every message; keeps what was sent."""

    def __init__(self) -> None:
        self.sent: list[Any] = []

    async def post(self, url: str, body: bytes) -> AttemptResponse:
        self.sent.append(msgspec.json.decode(body))
        return Answered(200)

    async def close(self) -> None:
        pass


def sync_call() -> Call:
    request = json_(SYNC, "request.json")
    return Call(request["method"], request["path"], request["headers"], json.dumps(request["body"]).encode())


def from_response(response: Response) -> Mapping[str, Any]:
    headers = {
        name: value for name, value in response.headers.items() if name != "content-length"
    }  # added by the server
    return {"status": response.status, "headers": headers, "body": json.loads(response.body)}


def stage(collector: Collector) -> Application:
    app = build(Configuration(db=Path("-"), clock=NOW), contract(), store=empty_store(), sender=collector)
    organisations = tuple(
        OrganisationDto(organisation_type=item.type, organisation_code=item.code) for item in (JOBCENTER, AKASSE)
    )
    system = SubscriberSystemDto(
        system_identifier=json_(SYNC, "request.json")["body"]["systemIdentifier"],
        base_url="http://127.0.0.1:9",
        organisations=organisations,
    )
    assert create_system(app.runtime, system) is None
    return app


@cache
def played() -> Mapping[tuple[str, str], Any]:
    """Run the examples' calls on the reference; return its answers and messages by folder and file name."""

    async def play() -> Mapping[tuple[str, str], Any]:
        collector = Collector()
        app = stage(collector)
        transport = AsgiTransport(app.services)
        call = sync_call()
        response = {(SYNC, "response.json"): from_response(await transport.send(call))}
        body = json.loads(call.body)
        body["abonnementer"][1]["entityType"] = 7
        bad = Call(call.method, call.path, call.headers, json.dumps(body).encode())
        response[SYNC, "refusal.1014"] = from_response(await transport.send(bad))
        body["systemIdentifier"] = openapi_examples.id_(Kind.KONTAKTGRUPPE)
        unknown = Call(call.method, call.path, call.headers, json.dumps(body).encode())
        response[SYNC, "refusal.4575"] = from_response(await transport.send(unknown))

        cpr = openapi_examples.CPR
        set_up(app.runtime, PeopleDto(people=(on_stage(Citizen("", cpr, date(1984, 3, 2))),)), allow_real_cpr=False)
        identity = REST.headers.read_identity(call.headers)
        group, category = (openapi_examples.id_(kind) for kind in Kind)
        for nr, command in enumerate((
            Create(Kind.KONTAKTGRUPPE, 13, TODAY, id=group), Create(Kind.PERSONKATEGORI, 9, TODAY, id=category),
            Update(Kind.PERSONKATEGORI, category, NOW), Delete(Kind.PERSONKATEGORI, category),
            Update(Kind.KONTAKTGRUPPE, group, NOW), Delete(Kind.KONTAKTGRUPPE, group),
        )):  # fmt: skip
            registered = await transport.send(REST.call_register(cpr, command, identity, str(nr)))
            assert registered.status == 200, registered
            await app.delivery.until_quiet()
        for message in collector.sent:
            decoded = WSB.read(msgspec.json.encode(message))
            if decoded.id in (group, category) and decoded.recipient == JOBCENTER:
                response[decoded.entity_name, f"{decoded.change_type.name.lower()}.json"] = message
        return response

    return asyncio.run(play())


def test_every_message_and_the_sync_call_have_examples() -> None:
    changes = {f"{item.name.lower()}.json" for item in ChangeType}
    assert EXAMPLES.keys() == {(kind.name, change) for kind in Kind for change in changes} | {
        (SYNC, item) for item in ("request.json", "response.json", "refusal.1014", "refusal.4575")
    }


def test_examples_are_what_the_reference_sends_and_answers() -> None:
    check_each(EXAMPLES, _is_what_the_reference_sends, "/".join)


def _is_what_the_reference_sends(key: tuple[str, str]) -> None:
    if key == (SYNC, "request.json"):
        assert played()[SYNC, "response.json"]["body"]["oprettede"] == len(json_(*key)["body"]["abonnementer"])
        return
    example, expected = json_(*key), played()[key]
    if key in MESSAGES:  # message ids are new in every run
        expected = {**expected, "metadata": {**expected["metadata"], "beskedId": example["metadata"]["beskedId"]}}
    assert example == expected


def test_example_messages_match_the_published_schema() -> None:
    check_each(MESSAGES, _is_as_the_published_schema, "/".join)


def _is_as_the_published_schema(key: tuple[str, str]) -> None:
    published = json.loads(files("vos_contracts").joinpath("schemas", "wsb", "asyncapi.json").read_text("utf-8"))
    schema = published["components"]["messages"][key[0]]["payload"]["schema"]
    assert schema == asyncapi.schema(contract(), contract().wsb_entities[KINDS[key[0]]])
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert list(validator.iter_errors(json_(*key))) == []
    assert {*json_(*key)["metadata"]} == {*schema["properties"]["metadata"]["properties"]}, "not described"


def test_example_messages_survive_a_codec_round_trip() -> None:
    def check(key: tuple[str, str]) -> None:
        assert msgspec.json.decode(WSB.write(WSB.read(EXAMPLES[key].content))) == json_(*key)

    check_each(MESSAGES, check, "/".join)


def test_the_sync_call_survives_a_codec_round_trip() -> None:
    call, headers = sync_call(), REST.headers
    written = WIRE.call(*WIRE.read(call.body), headers.read_identity(call.headers), headers.read_call_id(call.headers))
    assert (written.method, written.path, written.headers) == (call.method, call.path, call.headers)
    assert json.loads(written.body) == json.loads(call.body)
    for name in ("response.json", "refusal.1014", "refusal.4575"):
        response = json_(SYNC, name)
        decoded = WIRE.understand(
            Response(response["status"], response["headers"], json.dumps(response["body"]).encode())
        )
        again = WIRE.write_response(decoded) if isinstance(decoded, Synchronised) else REST.write_errors(decoded.errors)
        assert from_response(again) == response


def test_examples_are_readable_and_their_citizen_does_not_exist() -> None:
    check_each(
        [example for example in EXAMPLES if not EXAMPLES[example].is_refusal], _is_readable_and_of_nobody, "/".join
    )


def _is_readable_and_of_nobody(key: tuple[str, str]) -> None:
    text = EXAMPLES[key].content.decode()
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"
    if key in MESSAGES:
        assert not could_be_issued(json.loads(text)["metadata"]["identifikation"])


def test_a_broken_example_is_detected() -> None:
    check_each(EXAMPLES, _a_broken_one_is_seen, "/".join)


def _a_broken_one_is_seen(key: tuple[str, str]) -> None:
    folder, name = key
    content = EXAMPLES[key].content
    assert list(_example_breach(EXAMPLES[key], contract())) == []
    marker = {"request.json": b"orgType", "response.json": b"slettede"}.get(
        name, b"fejl" if folder == SYNC else b"beskedId"
    )
    broken = Example("wsb", folder, name, content.replace(marker, b"x", 1))
    assert list(_example_breach(broken, contract())), name
