"""Read calls and answers as an observer: operation, protocol, caller, citizen and field values.

The observed system may be a real one, so reading never raises. Parts that are not recognised are empty, and `fault` says why
the call is invalid. A time among the fields is given as its Danish day. Not here: the codecs of services and callers, which
refuse messages that break the contract (`wire.rest`, `wire.soap`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar

import msgspec
from lxml import etree

from vos_contracts.contract import Contract
from vos_contracts.model.cpr import birth_date
from vos_contracts.model.identity import Identity
from vos_contracts.model.registration import Kind
from vos_contracts.tables.errors import ServiceError
from vos_contracts.wire.base import Call, RemoteWireError, Response
from vos_contracts.wire.instants import DANISH_TIME, read_instant
from vos_contracts.wire.rest.registration import Rest
from vos_contracts.wire.soap import envelope
from vos_contracts.wire.soap.identity import ACTIVE_ORGANISATION
from vos_contracts.wire.soap.schemas import SERVICE_VERSIONS, endpoint, services

VISITERING = "PersonVisiteringService"
REST_SERVICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        VISITERING: tuple(Kind),
        "VisiteringOgStatusStatusService": ("visiteringOgStatusStatus",),
        "KodelisteService": ("code_list",),
        "AbonnementService": ("subscriptionSync",),
    }
)
"""The REST services and the canonical names of their paths; SOAP services are recognised by endpoint path."""
_SOAP_SERVICES = {endpoint(service).lower(): service for service in SERVICE_VERSIONS}
_WRITES = frozenset({"POST", "PUT", "DELETE"})
_WITHOUT_CALLER, _WITHOUT_CITIZEN = frozenset({"code_list"}), frozenset({"code_list", "subscriptionSync"})
_LIST, _HISTORY, _ONE = "", "history", "id"
ID = "id"
"""The name of the field that holds the identifier in a REST path."""
T = TypeVar("T")


class CallChannel(StrEnum):
    """The protocol of a service."""

    UNKNOWN = ""
    REST = "REST"
    SOAP = "SOAP"


@dataclass(frozen=True, slots=True)
class CalledOperation:
    """The addressed operation, named as in the access matrix; parts that were not recognised are empty."""

    channel: CallChannel = CallChannel.UNKNOWN
    service: str = ""
    operation: str = ""


UNKNOWN = CalledOperation()


@dataclass(frozen=True, slots=True)
class ReadCall:
    """A call as it was read.

    `path` is the path of the SOAP service or REST resource, without an identifier. `asked` is the operation as the call writes
    it: "POST kontaktgruppe", or the element name in a SOAP body. `organisation_type` may be known where `caller` is not.
    """

    called: CalledOperation = UNKNOWN
    method: str = ""
    path: str = ""
    asked: str = ""
    citizen: str = ""
    caller: Identity | None = None
    organisation_type: str = ""
    system: int | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""

    @property
    def registers(self) -> bool:
        """Whether the call may change something: any SOAP call, or a REST call with a writing method."""
        if self.called.channel is CallChannel.SOAP:
            return self.method == "POST"
        return self.called.service == VISITERING and self.method in _WRITES


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """An answer as it was read; `errors` is empty if it is not a refusal or cannot be read."""

    errors: tuple[ServiceError, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Resource:
    service: str
    name: str
    path: str
    operations: Mapping[tuple[str, str], str]


def soap_service(path: str) -> str:
    """Return the SOAP service at a path (either of STAR's spellings, with or without a query), or "" for any other path."""
    return _SOAP_SERVICES.get(path.partition("?")[0].lower(), "")


class CallReader:
    """Reads calls and answers that use the names of one contract."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._rest = Rest(contract)
        self._headers = self._rest.headers
        self._soap = services(contract)
        self._history = contract.names.path("history")
        self._resources = tuple(
            _Resource(service, name, contract.names.path(name), _rest_operations(name))
            for service, names in REST_SERVICES.items()
            for name in names
        )

    @cached_property
    def operations(self) -> tuple[CalledOperation, ...]:
        """Every value that `operation` can return, including a SOAP call that does not name its operation."""
        rest = [
            CalledOperation(CallChannel.REST, resource.service, operation)
            for resource in self._resources
            for operation in resource.operations.values()
        ]
        soap_calls = [
            CalledOperation(CallChannel.SOAP, service, operation)
            for service, described in self._soap.items()
            for operation in ("", *described.operations)
        ]
        return (*rest, *soap_calls)

    def operation(self, method: str, path: str, soapaction: str = "") -> CalledOperation:
        """Recognise a request without reading its body: by method and path, and by SOAPAction for a SOAP service."""
        service = soap_service(path)
        if service:
            action = soapaction.strip().strip('"').rpartition("#")[2]
            return CalledOperation(
                CallChannel.SOAP, service, action if action in self._soap[service].operations else ""
            )
        resource, rest_of_path = self._resource(path)
        return UNKNOWN if resource is None else self._rest_operation(method, resource, rest_of_path)

    def read(self, call: Call) -> ReadCall:
        """Read a whole call, including its body."""
        service = soap_service(call.path)
        if service:
            return self._read_soap(call, service)
        resource, rest_of_path = self._resource(call.path)
        if resource is None:
            return ReadCall(
                method=call.method, path=call.path.partition("?")[0], fault="ingen tjeneste har den adresse"
            )
        return self._read_rest(call, resource, rest_of_path)

    def read_answer(self, response: Response) -> ReadAnswer:
        """Read an answer of any service."""
        fields: Mapping[str, str] = {}
        with suppress(RemoteWireError):
            if response.body.lstrip().startswith(b"<"):
                fields = dict(_xml_fields(envelope.parse(response.body)))
                content = envelope.read_response(response.body)
                return ReadAnswer(content.errors if isinstance(content, envelope.Fault) else (), fields)
            fields = _json_fields(response.body, [])
            return ReadAnswer(self._rest.understand_refusal(response).errors, fields)
        return ReadAnswer((), fields)

    def _resource(self, path: str) -> tuple[_Resource | None, str]:
        path = path.partition("?")[0]
        for resource in self._resources:
            if f"{path}/".lower().startswith(f"{resource.path}/".lower()):
                return resource, path[len(resource.path) :].strip("/")
        return None, ""

    def _rest_operation(self, method: str, resource: _Resource, rest_of_path: str) -> CalledOperation:
        part: str | None = _ONE
        if not rest_of_path or "/" in rest_of_path:
            part = None if rest_of_path else _LIST
        elif rest_of_path.lower() == self._history.lower() and (method, _HISTORY) in resource.operations:
            part = _HISTORY
        operation = "" if part is None else resource.operations.get((method, part), "")
        return CalledOperation(CallChannel.REST, resource.service, operation)

    def _read_rest(self, call: Call, resource: _Resource, identifier: str) -> ReadCall:
        faults: list[str] = []
        caller = citizen = None
        if resource.name not in _WITHOUT_CALLER:
            caller = _attempt(lambda: self._headers.read_identity(call.headers), faults)
        if resource.name not in _WITHOUT_CITIZEN:
            citizen = _attempt(lambda: self._headers.read_cpr(call.headers), faults)
        fields = {ID: identifier} if identifier else {}
        return ReadCall(
            called=self._rest_operation(call.method, resource, identifier),
            method=call.method,
            path=resource.path,
            asked=f"{call.method} {resource.name}",
            citizen=citizen or "",
            caller=caller,
            organisation_type="" if caller is None else str(caller.active.type),
            system=_attempt(lambda: self._headers.read_system(call.headers), []),
            fields={**fields, **(_json_fields(call.body, faults) if call.body else {})},
            fault="; ".join(faults),
        )

    def _read_soap(self, call: Call, service: str) -> ReadCall:
        described, faults = self._soap[service], list[str]()
        system = _attempt(lambda: self._headers.read_system(call.headers), faults)
        root = _attempt(lambda: envelope.parse(call.body), faults)
        if root is None:
            called = CalledOperation(CallChannel.SOAP, service)
            return ReadCall(called, call.method, described.path, system=system, fault=faults[-1])
        body = next((part for part in root if etree.QName(part).localname == "Body"), root)
        element = next(iter(body), body)
        action = call.headers.get("soapaction")
        understood = None
        if system is not None:
            understood = _attempt(
                lambda: envelope.read_envelope(described, root, action, self._contract, system), faults
            )
        active = next(root.iter(ACTIVE_ORGANISATION), None)
        known = described.by_request.get(str(element.tag))
        fields = dict(_xml_fields(element))
        citizen = next((text for text in fields.values() if len(text) == 10 and birth_date(text) is not None), "")
        return ReadCall(
            called=CalledOperation(CallChannel.SOAP, service, "" if known is None else known.name),
            method=call.method,
            path=described.path,
            asked=etree.QName(element).localname if known is None else known.name,
            citizen=citizen,
            caller=None if understood is None else understood.identity,
            organisation_type="" if active is None or not len(active) else active[0].text or "",
            system=system,
            fields={name: text for name, text in fields.items() if text != citizen},
            fault="; ".join(faults),
        )


def _rest_operations(resource: str) -> Mapping[tuple[str, str], str]:
    if resource in tuple(Kind):
        kind = Kind(resource)
        return {
            ("POST", _LIST): f"Create{kind.name}",
            ("GET", _LIST): f"Get{kind.plural}",
            ("GET", _HISTORY): f"Get{kind.name}Historik",
            ("POST", _ONE): f"Create{kind.name}MedIdentifier",
            ("PUT", _ONE): f"Update{kind.name}",
            ("DELETE", _ONE): f"Delete{kind.name}",
            ("GET", _ONE): f"Get{kind.name}",
        }
    return {
        "visiteringOgStatusStatus": {("GET", _LIST): "GetPersonVisiteringOgStatusStatus"},
        "code_list": {("GET", _LIST): "GetKodelister", ("GET", _ONE): "GetKodeliste"},
        "subscriptionSync": {("POST", _LIST): "subscriptionSync"},
    }[resource]


def _attempt(read: Callable[[], T], faults: list[str]) -> T | None:
    try:
        return read()
    except RemoteWireError as error:
        faults.append(str(error))
        return None


def _json_fields(content: bytes, faults: list[str]) -> Mapping[str, str]:
    try:
        return dict(_json_values(msgspec.json.decode(content)))
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        faults.append(f"kroppen er ikke JSON: {error}")
        return {}


def _json_values(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            for name, member in value.items():
                yield from _json_values(member, f"{path}/{name}" if path else str(name))
        case list():
            for number, member in enumerate(value):
                yield from _json_values(member, f"{path}[{number}]")
        case None:
            return
        case bool():
            yield path, str(value).lower()
        case _:
            yield path, _as_day(str(value))


def _xml_fields(element: etree._Element, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the path and text of every leaf element; a repeated name gets a number, as `name[2]`."""
    seen: dict[str, int] = {}
    for child in element.iterchildren(tag=etree.Element):
        name = etree.QName(child).localname
        number = seen[name] = seen.get(name, 0) + 1
        step = name if number == 1 else f"{name}[{number}]"
        whole = f"{path}/{step}" if path else step
        if len(child):
            yield from _xml_fields(child, whole)
        elif child.text and child.text.strip():
            yield whole, _as_day(child.text.strip())


def _as_day(text: str) -> str:
    instant = read_instant(text) if "T" in text else None
    return text if instant is None else instant.astimezone(DANISH_TIME).date().isoformat()
