"""Calls by Java's own HTTP client as it is by default: on plain http it asks for an upgrade to h2c in every request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from generalproeve.stage.stage import Stage
from support import java
from support.builders import TODAY, identity
from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import load
from vos_contracts.model.registration import Create, Kind
from vos_contracts.wire.rest.registration import Rest
from vos_contracts.wire.soap import envelope, registration
from vos_contracts.wire.soap.schemas import services
from vos_simulators.people import Citizen

pytestmark = pytest.mark.slow
CALLER = Path(__file__).parent / "Caller.java"


def twice(method: str, url: str, headers: Mapping[str, str], body: bytes) -> list[str]:
    """Return the two answers as lines of status and body."""
    pairs = [item for pair in headers.items() for item in pair if pair[0] != "content-length"]
    return java.run(CALLER, method, url, body.decode(), *pairs)


def test_a_registration_by_rest_and_its_repetition(stage: Stage, new_citizen: Callable[..., Citizen]) -> None:
    create = Create(Kind.KONTAKTGRUPPE, 13, TODAY)
    call = Rest(load()).call_register(new_citizen().cpr, create, identity(), new_uuid())
    first, again = twice("POST", f"{stage.services}{call.path}", call.headers, call.body)
    assert first.startswith("200 ")
    assert again.startswith("412 "), "the same x-requestId, read on the same connection"


def test_a_registration_by_soap(stage: Stage, new_citizen: Callable[..., Citizen]) -> None:
    service = services(load())["PersonRegistrationService"]
    _, body = registration.write_query(new_citizen().cpr, Create(Kind.KONTAKTGRUPPE, 13, TODAY), load())
    headers = {
        "content-type": "text/xml; charset=utf-8",
        "soapaction": f'"{service.operations["CreateContactGroup"].soapaction}"',
    }
    first, again = twice("POST", f"{stage.services}{service.path}", headers, envelope.write_call(identity(), body))
    assert first.startswith("200 ")
    assert "CreateContactGroupResponse" in first
    assert again.startswith(("200 ", "500 "))
    assert "<s:Envelope" in again


def test_the_control_api(stage: Stage) -> None:
    headers = {"content-type": "application/json"}
    answers = twice("PUT", f"{stage.control}/control/clock", headers, b'{"forward": 1}')
    assert [answer[:4] for answer in answers] == ["200 ", "200 "]
