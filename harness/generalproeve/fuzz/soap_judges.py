"""What must hold of a SOAP call and its answer: what the schema refuses, and shape and numbers of a fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from vos_contracts.kontrakt import Kontrakt
from vos_contracts.wire import soap
from vos_contracts.wire.base import Kald
from vos_contracts.wire.body import STANDARD, dyb_xml
from vos_contracts.wire.soap import INTERN_FEJL, SOAP
from vos_contracts.wire.soap_skema import Operation, Tjeneste, tjenester

_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
)


class FaultJudge:
    """The faults of one contract."""

    def __init__(self, contract: Kontrakt) -> None:
        self._all_codes = frozenset(contract.fejl)
        self._own_codes: dict[str, set[int]] = {}
        for service, method, code in contract.tabeller["metode_fejl"]:
            self._own_codes.setdefault(f"{service}.{method}", set()).add(int(code))

    def breaches(self, operation: str, fault: soap.Fault, status: int) -> Iterator[str]:
        """Give what is wrong with a fault of the operation, at most one thing; an unknown operation may give any number."""
        codes = {error.kode for error in fault.fejl}
        unknown = sorted(codes - self._own_codes.get(operation, self._all_codes))
        if status != 500:
            yield f"en fault har status {status}"
        elif INTERN_FEJL in codes:
            yield f"intern fejl: {fault.tekst}"
        elif unknown:
            yield f"fejlnumrene {unknown} er ikke blandt operationens egne"


class SoapRules:
    """What one contract says of a call, read from its bytes alone."""

    def __init__(self, contract: Kontrakt) -> None:
        self._by_path: Mapping[str, Tjeneste] = {service.sti: service for service in tjenester(contract).values()}

    def read(self, call: Kald) -> tuple[Tjeneste, Operation | None, bool]:
        """Return the service and operation called, and whether the call must be refused whatever the stage holds."""
        service, message = self._by_path[call.sti], _message(call.krop)
        if message is None:
            return service, None, True
        operation = service.efter_request.get(str(message.tag))
        return service, operation, operation is None or bool(service.brud(message))


def _message(body: bytes) -> etree._Element | None:
    """Return the message in the body, None unless it is a SOAP 1.1 envelope within the limits and without a DOCTYPE."""
    if len(body) > STANDARD.krop:
        return None
    try:
        root = etree.fromstring(body, _PARSER)
    except (etree.XMLSyntaxError, ValueError):
        return None
    soap_body = root.find(f"{{{SOAP}}}Body")
    is_envelope = root.tag == f"{{{SOAP}}}Envelope" and b"<!DOCTYPE" not in body
    if not is_envelope or soap_body is None or len(soap_body) != 1 or dyb_xml(root, STANDARD.dybde):
        return None
    return soap_body[0]
