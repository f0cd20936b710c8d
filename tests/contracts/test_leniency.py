"""What is accepted in a call although a real environment may refuse it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.builders import TODAY, contract, identity
from vos_contracts.base.ids import new_uuid
from vos_contracts.model.registration import Create, Kind
from vos_contracts.wire.base import Call
from vos_contracts.wire.leniency import LeniencyFinder, leniencies
from vos_contracts.wire.rest.registration import Rest
from vos_contracts.wire.soap import envelope, registration
from vos_contracts.wire.soap.schemas import services

FINDER = LeniencyFinder(contract())
PRS = services(contract())["PersonRegistrationService"]
CREATE = Create(Kind.KONTAKTGRUPPE, 13, TODAY)
SOAP = Call(
    "POST",
    PRS.path,
    {"content-type": "text/xml; charset=utf-8", "soapaction": f'"{PRS.operations["CreateContactGroup"].soapaction}"'},
    envelope.write_call(identity(), registration.write_query("0101900001", CREATE, contract())[1]),
)
REST = Rest(contract()).call_register("0101900001", CREATE, identity(), new_uuid())


def with_header(call: Call, **changed: str) -> Call:
    return replace(call, headers={**call.headers, **{name.replace("_", "-"): text for name, text in changed.items()}})


@pytest.mark.parametrize("call", [SOAP, REST, Call("GET", f"{PRS.path}?wsdl"), Call("GET", "/v1/Kodeliste")])
def test_a_call_by_the_book_uses_no_leniency(call: Call) -> None:
    assert FINDER.find(call) == ()


@pytest.mark.parametrize(
    ("call", "key"),
    [
        (with_header(SOAP, soapaction=""), "no_soapaction"),
        (with_header(SOAP, soapaction='""'), "no_soapaction"),
        (replace(SOAP, path=PRS.paths[1], headers={"content-type": SOAP.headers["content-type"]}), "no_soapaction"),
        (with_header(SOAP, content_type="application/xml; charset=utf-8"), "xml_media_type"),
        (with_header(SOAP, content_type="text/xml"), "no_charset"),
        (replace(SOAP, body=SOAP.body.replace(b"+01:00<", b"<")), "no_offset"),
        (replace(SOAP, body=SOAP.body.replace(b"+01:00<", b".123\n  <")), "no_offset"),
        (with_header(REST, x_registrationdatetime="2024-11-04T09:00:00"), "no_offset"),
        (with_header(REST, x_userfullname="Åse"), "raw_header_text"),
    ],
)
def test_each_leniency_is_found(call: Call, key: str) -> None:
    assert FINDER.find(call) == (key,)


def test_every_row_is_found_by_a_test_and_says_what_a_real_environment_does() -> None:
    rows = leniencies(contract())
    assert set(rows) == {"no_soapaction", "xml_media_type", "no_charset", "no_offset", "raw_header_text"}
    assert all(row.accepted and row.real and row.source for row in rows.values())
