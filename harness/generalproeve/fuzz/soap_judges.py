"""Rules for a SOAP call and its answer: what the schema refuses, and the form and error numbers of a fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from vos_contracts.contract import Contract
from vos_contracts.wire.asgi.body import STANDARD, too_many_attributes, xml_too_deep
from vos_contracts.wire.base import Call
from vos_contracts.wire.soap import envelope
from vos_contracts.wire.soap.envelope import INTERNAL_ERRORS, SOAP
from vos_contracts.wire.soap.schemas import Operation, Service, services

_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
)


class FaultJudge:
    """Judges the faults of one contract."""

    def __init__(self, contract: Contract) -> None:
        self._all_codes = frozenset(contract.errors)
        self._own_codes: dict[str, set[int]] = {}
        for service, method, code in contract.tables["method_errors"]:
            self._own_codes.setdefault(f"{service}.{method}", set()).add(int(code))

    def breaches(self, operation: str, fault: envelope.Fault, status: int) -> Iterator[str]:
        """Yield what is wrong with a fault of the operation, at most one text; an unknown operation may give any number."""
        codes = {error.code for error in fault.errors}
        unknown = sorted(codes - self._own_codes.get(operation, self._all_codes))
        if status != 500:
            yield f"en fault har status {status}"
        elif INTERNAL_ERRORS in codes:
            yield f"intern fejl: {fault.text}"
        elif unknown:
            yield f"fejlnumrene {unknown} er ikke blandt operationens egne"


class SoapRules:
    """Judges a call by one contract, from its bytes alone."""

    def __init__(self, contract: Contract) -> None:
        self._by_path: Mapping[str, Service] = {service.path: service for service in services(contract).values()}

    def read(self, call: Call) -> tuple[Service, Operation | None, bool]:
        """Return the service and operation, and whether the call must be refused whatever data the stage has."""
        service, message = self._by_path[call.path], _message(call.body)
        if message is None:
            return service, None, True
        operation = service.by_request.get(str(message.tag))
        return service, operation, operation is None or bool(service.breach(message))


def _message(body: bytes) -> etree._Element | None:
    """Return the message in the body; None unless it is a SOAP 1.1 envelope within the limits and without a DOCTYPE."""
    if len(body) > STANDARD.body:
        return None
    try:
        root = etree.fromstring(body, _PARSER)
    except (etree.XMLSyntaxError, ValueError):
        return None
    soap_body = root.find(f"{{{SOAP}}}Body")
    is_envelope = root.tag == f"{{{SOAP}}}Envelope" and b"<!DOCTYPE" not in body
    if not is_envelope or soap_body is None or len(soap_body) != 1:
        return None
    if xml_too_deep(root, STANDARD.depth) or too_many_attributes(body, root, STANDARD.attributes):
        return None
    return soap_body[0]
