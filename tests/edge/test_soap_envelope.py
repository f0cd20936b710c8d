"""SOAP 1.1 processing rules: what a header block may carry, whom it is for, and how envelopes of other kinds are refused.

The senders are gSOAP and Axis 1.4, which put mustUnderstand and actor on the identity headers, and WS-Security signers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest
from lxml import etree

from generalproeve.stage.stage import Stage
from support.builders import TODAY, identity
from vos_contracts.contract import load
from vos_contracts.control.journal import EntryType
from vos_contracts.model.registration import Create, Kind
from vos_contracts.wire.soap import envelope, registration
from vos_contracts.wire.soap.envelope import SOAP
from vos_contracts.wire.soap.schemas import services
from vos_simulators.control import Control
from vos_simulators.people import Citizen
from vos_simulators.transport import HttpTransport

PRS = services(load())["PersonRegistrationService"]
NEXT = "http://schemas.xmlsoap.org/soap/actor/next"
WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
S = f"{{{SOAP}}}"


class Envelope:
    """A valid create of a kontaktgruppe as a tree, to be changed and sent."""

    def __init__(self, http: httpx.Client, citizen: Citizen) -> None:
        self._http = http
        _, body = registration.write_query(citizen.cpr, Create(Kind.KONTAKTGRUPPE, 13, TODAY), load())
        self.root = etree.fromstring(envelope.write_call(identity(), body))
        self.header, self.body = self.root

    def send(
        self,
        soapaction: str = PRS.operations["CreateContactGroup"].soapaction,
        content_type: str = "text/xml; charset=utf-8",
    ) -> httpx.Response:
        headers = {"content-type": content_type, "soapaction": f'"{soapaction}"'}
        return self._http.post(PRS.path, headers=headers, content=etree.tostring(self.root))

    def block(self, name: str = "{urn:eksempel:mellemled}Sporing", **attributes: str) -> None:
        block = etree.Element(name, {S + key: value for key, value in attributes.items()})
        block.text = "1"
        self.header.insert(0, block)

    def is_accepted(self) -> None:
        response = self.send()
        assert response.status_code == 200, response.text

    def is_refused(self, fault_code: str, text: str) -> None:
        response = self.send()
        assert response.status_code == 500
        fault = etree.fromstring(response.content).find(f"{S}Body/{S}Fault")
        assert fault is not None
        prefix, _, code = (fault.findtext("faultcode") or "").partition(":")
        assert (fault.nsmap[prefix], code) == (SOAP, fault_code)
        assert text in (fault.findtext("faultstring") or "")


@pytest.fixture
def http(stage: Stage) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stage.services, timeout=30) as client:
        yield client


@pytest.fixture
def call(http: httpx.Client, new_citizen: Callable[..., Citizen]) -> Envelope:
    return Envelope(http, new_citizen())


@pytest.mark.parametrize(
    "attributes",
    [
        {f"{S}mustUnderstand": "1"},
        {f"{S}mustUnderstand": "0", f"{S}actor": NEXT},
        {f"{S}actor": ""},
        {f"{S}encodingStyle": "http://schemas.xmlsoap.org/soap/encoding/"},
        {f"{{{WSU}}}Id": "id-1"},
        {"{urn:eksempel:sporing}trin": "3"},
    ],
    ids=["gSOAP", "Axis", "empty actor", "encodingStyle", "wsu:Id", "another namespace"],
)
def test_the_identity_headers_may_carry_attributes_of_other_namespaces(
    call: Envelope, attributes: dict[str, str]
) -> None:
    for header in call.header:
        for name, value in attributes.items():
            header.set(name, value)
            header[0].set(name, value)
    call.is_accepted()


def test_an_attribute_without_a_namespace_is_still_refused(call: Envelope) -> None:
    call.header[0].set("ukendt", "1")
    call.is_refused("Client", "ukendt")


@pytest.mark.parametrize("place", ["Body", "request"])
def test_the_body_may_carry_an_encoding_style(call: Envelope, place: str) -> None:
    element = call.body if place == "Body" else call.body[0]
    element.set(f"{S}encodingStyle", "http://schemas.xmlsoap.org/soap/encoding/")
    call.is_accepted()


@pytest.mark.parametrize(
    "attributes",
    [{}, {"mustUnderstand": "0"}, {"actor": "urn:eksempel:gateway", "mustUnderstand": "1"}, {"actor": NEXT}],
)
def test_an_unknown_block_is_passed_over(call: Envelope, attributes: dict[str, str]) -> None:
    call.block(**attributes)
    call.block(**attributes)
    call.is_accepted()


@pytest.mark.parametrize("value", ["1", "true", " 1 "])
@pytest.mark.parametrize("actor", [{}, {"actor": NEXT}])
def test_an_unknown_block_that_must_be_understood_is_refused(call: Envelope, value: str, actor: dict[str, str]) -> None:
    call.block(mustUnderstand=value, **actor)
    call.is_refused("MustUnderstand", "Sporing")


def test_an_identity_header_for_another_actor_does_not_count(call: Envelope) -> None:
    for header in call.header:
        header.set(f"{S}actor", "urn:eksempel:gateway")
    call.is_refused("Client", "ActiveOrganisationHeader")


def test_an_identity_header_that_comes_twice_is_refused(call: Envelope) -> None:
    call.header.append(etree.fromstring(etree.tostring(call.header[0])))
    call.is_refused("Client", "to gange")


def test_a_soap_12_envelope_has_another_version(call: Envelope) -> None:
    call.root.tag = "{http://www.w3.org/2003/05/soap-envelope}Envelope"
    call.is_refused("VersionMismatch", "SOAP 1.2")


@pytest.mark.parametrize("part", ["Header", "Body"])
def test_a_part_of_the_envelope_that_comes_twice_is_refused(call: Envelope, part: str) -> None:
    call.root.append(etree.fromstring(etree.tostring(call.root.find(f"{S}{part}"))))
    call.is_refused("Client", f"{part} står 2 gange")


@pytest.mark.parametrize("blanks", ["\n    ", "\t", " ", "\r\n"])
def test_blanks_around_times_and_numbers_are_collapsed(call: Envelope, blanks: str) -> None:
    padded = 0
    for element in call.root.iter("{*}ContactGroupStartTime", "{*}RegistrationDateTime", "{*}CodeListItemIdentifier"):
        element.text = f"{blanks}{element.text}{blanks}"
        padded += 1
    assert padded >= 4
    call.is_accepted()


@pytest.mark.parametrize("blank", ["\u00a0", "\u2003"])
def test_other_white_space_than_that_of_xml_is_refused(call: Envelope, blank: str) -> None:
    (time,) = call.root.iter("{*}ContactGroupStartTime")
    time.text = f"{blank}{time.text}"
    call.is_refused("Client", "ContactGroupStartTime")


def test_the_journal_names_what_a_real_environment_may_refuse(call: Envelope, stage: Stage) -> None:
    with HttpTransport(stage.control) as transport:
        before = Control(transport).journal().next_item
        assert call.send(soapaction="", content_type="application/xml").status_code == 200
        call.send()
        first, second = (
            entry.data for entry in Control(transport).journal(before).entries if entry.kind is EntryType.CALL
        )
    assert first["lenient"] == "no_soapaction xml_media_type no_charset"
    assert "lenient" not in second


@pytest.mark.parametrize("query", ["?wsdl", "?WSDL", "?singleWsdl", "?singlewsdl", "?wsdl&x=1", "?wsdl="])
def test_the_description_is_asked_for_as_of_wcf(http: httpx.Client, query: str) -> None:
    response = http.get(f"{PRS.path}{query}")
    assert (response.status_code, response.headers["content-type"]) == (200, "text/xml; charset=utf-8")
    assert etree.fromstring(response.content).tag.endswith("definitions")


def test_the_single_description_needs_no_other_document(http: httpx.Client) -> None:
    root = etree.fromstring(http.get(f"{PRS.path}?singleWsdl").content)
    assert root.xpath("count(//@schemaLocation)") == 0
    assert {schema.get("targetNamespace") for schema in root.iter("{http://www.w3.org/2001/XMLSchema}schema")} >= {
        PRS.namespace, "http://service.bm.dk/xml/schemas/2011/01/12/",
    }  # fmt: skip


def test_an_address_without_a_question_is_a_page(http: httpx.Client) -> None:
    response = http.get(PRS.path)
    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "?singleWsdl" in response.text
    assert "CreateContactGroup" in response.text


@pytest.mark.parametrize("query", ["?disco", "?xsd=findes-ikke.xsd", "?x=wsdl", "?xsd"])
def test_an_unknown_description_is_404(http: httpx.Client, query: str) -> None:
    response = http.get(f"{PRS.path}{query}")
    assert response.status_code == 404
    assert "?singleWsdl" in response.text
