"""SOAP 1.1 envelopes for both roles: parse untrusted XML, read and write calls, answers and faults.

Not here: what a body means (the other modules of `wire.soap`), and the identity headers (`wire.soap.identity`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from vos_contracts.contract import Contract
from vos_contracts.model.identity import Identity
from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError
from vos_contracts.wire import split_times
from vos_contracts.wire.asgi.body import ANSWER, STANDARD, BodyLimits, too_many_attributes, xml_too_deep
from vos_contracts.wire.base import MAX_ERRORS, RemoteWireError, short
from vos_contracts.wire.instants import transportable
from vos_contracts.wire.soap.faults import schema_errors
from vos_contracts.wire.soap.identity import default_namespace, read_identity, write_identity
from vos_contracts.wire.soap.schemas import Operation, Service

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
_FD = "{http://service.bm.dk/xml/schemas/2011/01/12/}"
_ENVELOPE, _HEADER, _BODY, _FAULT = (f"{{{SOAP}}}{name}" for name in ("Envelope", "Header", "Body", "Fault"))
_MUST_UNDERSTAND, _ACTOR = (f"{{{SOAP}}}{name}" for name in ("mustUnderstand", "actor"))
_NEXT = "http://schemas.xmlsoap.org/soap/actor/next"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_NSMAP = {"s": SOAP}
INTERNAL_ERRORS = 1011
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True, huge_tree=False
)

HeaderWriter = Callable[[etree._Element], None]


@dataclass(frozen=True, slots=True)
class SoapCall:
    """A valid call: the operation, the caller, the body element, and the headers by name."""

    operation: str
    identity: Identity
    body: etree._Element
    headers: Mapping[str, etree._Element]


class EnvelopeRefused(RemoteWireError):
    """A call that is refused for its envelope, with a fault code of its own (SOAP 1.1 section 4.4.1)."""

    def __init__(self, fault_code: str, rule: str) -> None:
        super().__init__(ServiceError(INVALID_REQUEST, rule))
        self.fault_code = fault_code


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault as a caller sees it: its errors, lowest number first, and the whole text."""

    errors: tuple[ServiceError, ...]
    text: str


def parse(body: bytes, limits: BodyLimits = STANDARD) -> etree._Element:
    """Parse untrusted XML.

    It must be well-formed UTF-8 without a DOCTYPE, so that no entity is ever expanded.

    Raises:
        RemoteWireError: 1014, naming the rule.
    """
    zero = body.find(b"\0")  # UTF-8 XML never has one; UTF-16, which the parser would accept, does
    if zero >= 0:
        raise _refuse(f"kroppen er ikke UTF-8 (byte {zero})")
    try:
        root = etree.fromstring(body, _PARSER)
    except etree.XMLSyntaxError as exc:
        raise _refuse(_syntax_error(body, exc)) from None
    except ValueError:
        raise _refuse("kroppen er tom eller ikke XML") from None
    info = root.getroottree().docinfo
    if info.internalDTD is not None or info.doctype:
        raise _refuse("DOCTYPE er ikke tilladt")
    if (info.encoding or "UTF-8").upper() not in {"UTF-8", "US-ASCII", "ASCII"}:
        raise _refuse(f"konvolutten skal være UTF-8, ikke {info.encoding}")
    if xml_too_deep(root, limits.depth):
        raise _refuse(f"elementerne må højst ligge {limits.depth} niveauer dybt")
    if too_many_attributes(body, root, limits.attributes):
        raise _refuse(f"konvolutten må højst have {limits.attributes} attributter og namespace-erklæringer")
    return root


def read_call(
    service: Service,
    body: bytes,
    soapaction: str | None,
    contract: Contract,
    system: int,
    limits: BodyLimits = STANDARD,
) -> SoapCall:
    """Read a call to the service.

    Raises:
        RemoteWireError: every error that can be established.
    """
    return read_envelope(service, parse(body, limits), soapaction, contract, system)


def read_envelope(
    service: Service, root: etree._Element, soapaction: str | None, contract: Contract, system: int
) -> SoapCall:
    """Read a call whose envelope was parsed before.

    Raises the same errors as `read_call`.
    """
    header, body = _parts(root)
    split_times.mark(split_times.PARSE)
    headers = _headers(header)
    _drop_attributes(body, lambda attribute: attribute.startswith(f"{{{SOAP}}}"))
    operation = _operation(service, body, soapaction)
    identity = read_identity(service, headers, contract, system)
    breach = service.breach(body)
    if breach:
        raise RemoteWireError(*schema_errors(breach))
    split_times.mark(split_times.VALIDATE)
    return SoapCall(operation.name, identity, body, headers)


def write(body: etree._Element, header: HeaderWriter | None = None) -> bytes:
    """Write an envelope around a body element."""
    envelope = etree.Element(_ENVELOPE, nsmap=_NSMAP)
    if header is not None:
        header(etree.SubElement(envelope, _HEADER))
    etree.SubElement(envelope, _BODY).append(body)
    return etree.tostring(envelope, xml_declaration=True, encoding="utf-8")


def write_fault(errors: Sequence[ServiceError], contract: Contract, fault_code: str | None = None) -> bytes:
    """Write a fault: the lowest number is its ErrorCode, and several errors have one line each in Message.

    Without a fault code it is Server for an error of the service itself, else Client.
    """
    errors = errors[:MAX_ERRORS]
    lines = [_line(error, contract) for error in errors]
    text = (
        lines[0]
        if len(errors) == 1
        else "\n".join(f"{error.code}: {line}" for error, line in zip(errors, lines, strict=True))
    )
    element = etree.Element(_FAULT)
    code = fault_code or ("Server" if errors[0].code == INTERNAL_ERRORS else "Client")
    etree.SubElement(element, "faultcode").text = f"s:{code}"
    etree.SubElement(element, "faultstring").text = lines[0]
    details = etree.SubElement(
        etree.SubElement(element, "detail"), f"{_FD}FaultDetails", nsmap=default_namespace(_FD[1:-1])
    )
    etree.SubElement(details, f"{_FD}ErrorCode").text = str(errors[0].code)
    etree.SubElement(details, f"{_FD}Message").text = text
    return write(element)


def write_call(identity: Identity, body: etree._Element, header: HeaderWriter | None = None) -> bytes:
    """Write a call with the identity headers."""

    def headers(element: etree._Element) -> None:
        write_identity(element, identity)
        if header is not None:
            header(element)

    return write(body, headers)


def read_response(body: bytes) -> etree._Element | Fault:
    """Read an answer.

    Raises:
        RemoteWireError: the answer is neither a body nor the documented fault.
    """
    _, content = _parts(parse(body, ANSWER))
    if content.tag != _FAULT:
        return content
    code = content.find(f"detail/{_FD}FaultDetails/{_FD}ErrorCode")
    text = content.findtext(f"detail/{_FD}FaultDetails/{_FD}Message") or content.findtext("faultstring") or ""
    if code is None or not (code.text or "").isdigit():
        raise _refuse("fejlen har ikke FaultDetails med ErrorCode")
    return Fault(tuple(_line_errors(text)) or (ServiceError(int(code.text or ""), text),), text)


def _line_errors(text: str) -> Iterator[ServiceError]:
    """Read the lines of a fault that holds several errors, each prefixed with its number."""
    for line in text.splitlines():
        number, colon, rest = line.partition(": ")
        if colon and number.isdigit():
            yield ServiceError(int(number), rest)


def response_headers(body: bytes) -> Mapping[str, etree._Element]:
    """Return an answer's headers by name."""
    header, _ = _parts(parse(body, ANSWER))
    return {item.tag: item for item in header if isinstance(item.tag, str)} if header is not None else {}


def _parts(root: etree._Element) -> tuple[etree._Element | None, etree._Element]:
    if root.tag != _ENVELOPE:
        if root.tag == f"{{{_SOAP_12}}}Envelope":
            raise EnvelopeRefused("VersionMismatch", "konvolutten er SOAP 1.2; tjenesten taler SOAP 1.1")
        raise _refuse(f"{etree.QName(root).localname}: skal være Envelope i {SOAP}")
    bodies, headers = list(root.iterchildren(_BODY)), list(root.iterchildren(_HEADER))
    for name, found in (("Body", bodies), ("Header", headers)):
        if len(found) > 1:
            raise _refuse(f"{name} står {len(found)} gange i konvolutten")
    if not bodies:
        raise _refuse("Body mangler i konvolutten")
    body = bodies[0]
    if len(body) != 1:
        raise _refuse(f"Body skal have præcis ét element, ikke {len(body)}")
    return headers[0] if headers else None, body[0]


def _headers(header: etree._Element | None) -> Mapping[str, etree._Element]:
    """Return the header blocks for this service by name, without the attributes that SOAP 1.1 lets any block carry.

    A block for another actor is passed over (SOAP 1.1 section 4.2.2). Attributes of other namespaces than the block's own,
    such as mustUnderstand, actor, encodingStyle and wsu:Id, are no part of its schema.
    """
    headers: dict[str, etree._Element] = {}
    for block in header if header is not None else ():
        if (block.get(_ACTOR) or _NEXT).strip() != _NEXT:
            continue
        name = str(block.tag)
        if name in headers and etree.QName(name).localname in _UNDERSTOOD:
            raise _refuse(f"headeren {etree.QName(name).localname} står to gange")
        headers[name] = block
        if (block.get(_MUST_UNDERSTAND) or "").strip() in {"1", "true"} and etree.QName(
            name
        ).localname not in _UNDERSTOOD:
            rule = f"headeren {etree.QName(name).localname} skal forstås (mustUnderstand), men kendes ikke"
            raise EnvelopeRefused("MustUnderstand", rule)
        _drop_attributes(block, lambda attribute: attribute.startswith("{") and not attribute.startswith(_XSI))
    return headers


def _drop_attributes(root: etree._Element, dropped: Callable[[str], bool]) -> None:
    for element in root.iter():
        for attribute in [name for name in element.attrib if dropped(str(name))]:
            del element.attrib[attribute]


_UNDERSTOOD = frozenset({"ActiveOrganisationHeader", "RequestUserMetadataHeader", "SequenceRequest"})


def _operation(service: Service, body: etree._Element, soapaction: str | None) -> Operation:
    operation = service.by_request.get(str(body.tag))
    if operation is None:
        name = etree.QName(body)
        raise _refuse(
            f"{name.localname} i {name.namespace or 'intet namespace'} er ingen forespørgsel til {service.name}; "
            f"operationerne er {', '.join(service.operations)} i {service.namespace}"
        )
    action = (soapaction or "").strip().strip('"')
    if action and action != operation.soapaction:
        raise _refuse(f"SOAPAction {action} passer ikke til {operation.name}; skal være {operation.soapaction}")
    return operation


def _syntax_error(body: bytes, breach: etree.XMLSyntaxError) -> str:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as exc:
        return f"kroppen er ikke UTF-8 (byte {exc.start})"
    return f"kroppen er ikke velformet XML (linje {breach.lineno})" if body.strip() else "kroppen er tom"


def _line(service_error: ServiceError, contract: Contract) -> str:
    text = (
        contract.errors[service_error.code].soap
        if service_error.code in contract.errors
        else f"Fejl {service_error.code}"
    )
    return f"{text}: {transportable(short(service_error.description))}" if service_error.description else text


def _refuse(rule: str) -> RemoteWireError:
    return RemoteWireError(ServiceError(INVALID_REQUEST, rule))
