"""The rules for SOAP: which calls must be refused, and the status and error numbers that a fault may have."""

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
    """Judges faults by the error numbers of a contract."""

    def __init__(self, contract: Contract) -> None:
        self._all_codes = frozenset(contract.errors)
        self._own_codes: dict[str, set[int]] = {}
        for service, method, code in contract.tables["method_errors"]:
            self._own_codes.setdefault(f"{service}.{method}", set()).add(int(code))

    def breaches(self, operation: str, fault: envelope.Fault, status: int) -> Iterator[str]:
        """Yield at most one breach in a fault, as a Danish text; an unknown operation may have any error number."""
        codes = {error.code for error in fault.errors}
        unknown = sorted(codes - self._own_codes.get(operation, self._all_codes))
        if status != 500:
            yield f"en fault har status {status}"
        elif INTERNAL_ERRORS in codes:
            yield f"intern fejl: {fault.text}"
        elif unknown:
            yield f"fejlnumrene {unknown} er ikke blandt operationens egne"


class SoapRules:
    """Reads SOAP calls by the schemas of a contract."""

    def __init__(self, contract: Contract) -> None:
        self._by_path: Mapping[str, Service] = {service.path: service for service in services(contract).values()}

    def read(self, call: Call) -> tuple[Service, Operation | None, bool]:
        """Return the service, the operation (None if unknown), and whether the call must be refused on any stage."""
        service, message = self._by_path[call.path], _message(call.body)
        if message is None:
            return service, None, True
        operation = service.by_request.get(str(message.tag))
        return service, operation, operation is None or bool(service.breach(message))


def _message(body: bytes) -> etree._Element | None:
    """Return the message in a SOAP 1.1 envelope; None for anything else, beyond the limits or with a DOCTYPE."""
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
