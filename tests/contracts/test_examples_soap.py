"""Every golden SOAP message is read and written again by our codecs, in both roles, to the same XML."""

from __future__ import annotations

from datetime import date

from lxml import etree

from support.builders import contract
from support.each import check_each
from vos_contracts.examples import Example, all_examples
from vos_contracts.model.neighbours import ReportRecovery
from vos_contracts.model.reading import ReadService
from vos_contracts.tables.errors import ServiceError
from vos_contracts.wire.messages.wsrm import CREATE, ENTITY, Wsrm
from vos_contracts.wire.soap import envelope, registration
from vos_contracts.wire.soap.illness import IllnessBody
from vos_contracts.wire.soap.ksd import KsdBody
from vos_contracts.wire.soap.reading import ReadBody
from vos_contracts.wire.soap.schemas import services
from vos_contracts.wire.soap.tilmelding import EnrolmentBody

EXAMPLES = [example for example in all_examples() if example.channel == "soap"]
PRS = services(contract())["PersonRegistrationService"]
NEIGHBOURS = {body.service: body for body in (EnrolmentBody(contract()), IllnessBody(contract()), KsdBody(contract()))}

READS = {service.value: ReadBody(service, contract()) for service in ReadService}


def canonical(xml: bytes) -> bytes:
    return etree.tostring(etree.fromstring(xml, etree.XMLParser(remove_blank_text=True)), method="c14n", exclusive=True)


def written_again(example: Example) -> bytes:
    k, wsrm = contract(), Wsrm(contract())
    if example.is_refusal:
        fault = envelope.read_response(example.content)
        assert isinstance(fault, envelope.Fault)
        return envelope.write_fault([ServiceError(error.code) for error in fault.errors], k)
    service = next(
        t for t in services(k).values() if example.operation in t.operations and example.may_belong_to(t.name)
    )
    if example.name == "request.xml":
        call = envelope.read_call(service, example.content, None, k, 1001)
        if service is PRS:
            _, element = registration.write_query(*registration.read_query(call.operation, call.body, k), k)
            return envelope.write_call(call.identity, element)
        if service.name in READS:
            read_body = READS[service.name]
            return envelope.write_call(call.identity, read_body.write_query(*read_body.read_query(call.body)))
        if service.name in NEIGHBOURS:
            return envelope.write_call(call.identity, neighbour_again(NEIGHBOURS[service.name], call))
        if example.operation in ENTITY:
            sequence = wsrm.read_sequence_id(call.headers[wsrm.sequence_request])
            return envelope.write_call(
                call.identity, wsrm.write_fetch(example.operation), wsrm.sequence_header("SequenceRequest", sequence)
            )
        element = (
            wsrm.write_create(wsrm.read_sub_queue(call.body))
            if example.operation == CREATE
            else wsrm.write_ending(example.operation, wsrm.read_sequence_id(call.body))
        )
        return envelope.write_call(call.identity, element)
    response = envelope.read_response(example.content)
    assert not isinstance(response, envelope.Fault)
    if service.name in READS:
        read_body = READS[service.name]
        return envelope.write(read_body.write_response(response[0].text or "", read_body.read_response(response)))
    if service.name in NEIGHBOURS:
        form = NEIGHBOURS[service.name].receipt
        return envelope.write(form.write(example.operation, form.read(response)))
    if service is PRS:
        return envelope.write(
            registration.write_response(example.operation, registration.read_response(response, k), k)
        )
    if example.operation in ENTITY:
        (header,) = envelope.response_headers(example.content).values()
        return envelope.write(
            wsrm.write_messages(example.operation, wsrm.read_messages(example.operation, response)),
            wsrm.sequence_header("SequenceResponse", wsrm.read_sequence_id(header)),
        )
    if example.operation == CREATE:
        endpoint = response.findtext(".//{*}ServiceEndpoint") or ""
        return envelope.write(wsrm.write_inventory(wsrm.read_inventory(response), endpoint))
    return envelope.write(wsrm.write_end(example.operation, wsrm.read_sequence_id(response)))


def neighbour_again(body: EnrolmentBody | IllnessBody | KsdBody, call: envelope.SoapCall) -> etree._Element:
    cpr, command = body.read(call.operation, call.body, lambda: "no new id: the example has its own")
    if isinstance(body, IllnessBody) and isinstance(command, ReportRecovery):
        since = date.fromisoformat((call.body.findtext(".//{*}StartDate") or "")[:10])
        return body.write(cpr, command, since)[1]
    return body.write(cpr, command)[1]  # type: ignore[arg-type]  # a body reads what it can write


def test_golden_soap_messages_survive_a_codec_round_trip() -> None:
    def check(message: Example) -> None:
        assert canonical(written_again(message)) == canonical(message.content)

    check_each(EXAMPLES, check, lambda message: message.path)
