"""Which operation a call is, on which channel, by whom, about whom and with which values; and what its answer says.

For whoever looks on: a real system's calls are read here as well, so nothing raises. What is not recognised is empty, `fault`
says what makes it no valid call, and the rest is what could be read. A time among the fields is the Danish day it falls on.
Not here: the codecs that a service answers by, which refuse what breaks the contract (`wire.rest`, `wire.soap`).
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

from vos_contracts.koder.fejl import Fejl
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.cpr import foedselsdato
from vos_contracts.model.identity import Identitet
from vos_contracts.model.registration import Art
from vos_contracts.wire import soap
from vos_contracts.wire.base import Kald, RemoteWireError, Svar
from vos_contracts.wire.rest import Rest
from vos_contracts.wire.soap_identitet import ACTIVE_ORGANISATION
from vos_contracts.wire.soap_skema import SERVICE_VERSIONER, endpoint, tjenester
from vos_contracts.wire.tid import DANSK_TID, laes_tidspunkt

VISITERING = "PersonVisiteringService"
REST_SERVICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        VISITERING: tuple(Art),
        "VisiteringOgStatusStatusService": ("visiteringOgStatusStatus",),
        "KodelisteService": ("kodeliste",),
        "AbonnementService": ("abonnementSync",),
    }
)
"""The REST services by the canonical names of their paths; a SOAP service is named by its address."""
_SOAP_SERVICES = {endpoint(service).lower(): service for service in SERVICE_VERSIONER}
_WRITES = frozenset({"POST", "PUT", "DELETE"})
_WITHOUT_CALLER, _WITHOUT_CITIZEN = frozenset({"kodeliste"}), frozenset({"kodeliste", "abonnementSync"})
_LIST, _HISTORY, _ONE = "", "historik", "id"
ID = "id"
"""The field that a REST call has in its path."""
T = TypeVar("T")


class CallChannel(StrEnum):
    """The protocol of a service."""

    UNKNOWN = ""
    REST = "REST"
    SOAP = "SOAP"


@dataclass(frozen=True, slots=True)
class CalledOperation:
    """What a request is addressed to, as far as that is recognised; the operation as the access matrix names it."""

    channel: CallChannel = CallChannel.UNKNOWN
    service: str = ""
    operation: str = ""


UNKNOWN = CalledOperation()


@dataclass(frozen=True, slots=True)
class ReadCall:
    """A call as it was understood.

    `path` is the service's address or the REST resource's, without an identifier; `asked` is the operation in the call's own
    words, "POST kontaktgruppe" or the name in a SOAP body. `organisation_type` may be read where `caller` cannot.
    """

    called: CalledOperation = UNKNOWN
    method: str = ""
    path: str = ""
    asked: str = ""
    citizen: str = ""
    caller: Identitet | None = None
    organisation_type: str = ""
    system: int | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""

    @property
    def registers(self) -> bool:
        """Whether it asks for something to be registered or told, and not only to be shown by REST."""
        if self.called.channel is CallChannel.SOAP:
            return self.method == "POST"
        return self.called.service == VISITERING and self.method in _WRITES


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """What an answer says; no errors for one that is no refusal, or cannot be read."""

    errors: tuple[Fejl, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Resource:
    service: str
    name: str
    path: str
    operations: Mapping[tuple[str, str], str]


def soap_service(path: str) -> str:
    """Name the SOAP service at a path, in any of STAR's spellings and with a query or without; "" for any other path."""
    return _SOAP_SERVICES.get(path.partition("?")[0].lower(), "")


class CallReader:
    """Reads calls under the names of one contract."""

    def __init__(self, kontrakt: Kontrakt) -> None:
        self._contract = kontrakt
        self._rest = Rest(kontrakt)
        self._headers = self._rest.headers
        self._soap = tjenester(kontrakt)
        self._history = kontrakt.navne.sti("historik")
        self._resources = tuple(
            _Resource(service, name, kontrakt.navne.sti(name), _rest_operations(name))
            for service, names in REST_SERVICES.items()
            for name in names
        )

    @cached_property
    def operations(self) -> tuple[CalledOperation, ...]:
        """All that `operation` may recognise: for a SOAP service also the call that does not name its operation."""
        rest = [
            CalledOperation(CallChannel.REST, resource.service, operation)
            for resource in self._resources
            for operation in resource.operations.values()
        ]
        soap_calls = [
            CalledOperation(CallChannel.SOAP, service, operation)
            for service, described in self._soap.items()
            for operation in ("", *described.operationer)
        ]
        return (*rest, *soap_calls)

    def operation(self, method: str, path: str, soapaction: str = "") -> CalledOperation:
        """Recognise a request without its body: by method and path, and by SOAPAction where the service is a SOAP service."""
        service = soap_service(path)
        if service:
            action = soapaction.strip().strip('"').rpartition("#")[2]
            return CalledOperation(
                CallChannel.SOAP, service, action if action in self._soap[service].operationer else ""
            )
        resource, rest_of_path = self._resource(path)
        return UNKNOWN if resource is None else self._rest_operation(method, resource, rest_of_path)

    def read(self, kald: Kald) -> ReadCall:
        """Read a call to the end."""
        service = soap_service(kald.sti)
        if service:
            return self._read_soap(kald, service)
        resource, rest_of_path = self._resource(kald.sti)
        if resource is None:
            return ReadCall(method=kald.metode, path=kald.sti.partition("?")[0], fault="ingen tjeneste har den adresse")
        return self._read_rest(kald, resource, rest_of_path)

    def read_answer(self, svar: Svar) -> ReadAnswer:
        """Read an answer of any of the services."""
        fields: Mapping[str, str] = {}
        with suppress(RemoteWireError):
            if svar.krop.lstrip().startswith(b"<"):
                fields = dict(_xml_fields(soap.parse(svar.krop)))
                content = soap.laes_svar(svar.krop)
                return ReadAnswer(content.fejl if isinstance(content, soap.Fault) else (), fields)
            fields = _json_fields(svar.krop, [])
            return ReadAnswer(self._rest.forstaa_afslag(svar).fejl, fields)
        return ReadAnswer((), fields)

    def _resource(self, path: str) -> tuple[_Resource | None, str]:
        path = path.partition("?")[0]
        for resource in self._resources:
            if path == resource.path or path.startswith(f"{resource.path}/"):
                return resource, path.removeprefix(resource.path).strip("/")
        return None, ""

    def _rest_operation(self, method: str, resource: _Resource, rest_of_path: str) -> CalledOperation:
        part: str | None = _ONE
        if not rest_of_path or "/" in rest_of_path:
            part = None if rest_of_path else _LIST
        elif rest_of_path == self._history and (method, _HISTORY) in resource.operations:
            part = _HISTORY
        operation = "" if part is None else resource.operations.get((method, part), "")
        return CalledOperation(CallChannel.REST, resource.service, operation)

    def _read_rest(self, kald: Kald, resource: _Resource, identifier: str) -> ReadCall:
        faults: list[str] = []
        caller = citizen = None
        if resource.name not in _WITHOUT_CALLER:
            caller = _attempt(lambda: self._headers.laes_identitet(kald.headers), faults)
        if resource.name not in _WITHOUT_CITIZEN:
            citizen = _attempt(lambda: self._headers.laes_cpr(kald.headers), faults)
        fields = {ID: identifier} if identifier else {}
        return ReadCall(
            called=self._rest_operation(kald.metode, resource, identifier),
            method=kald.metode,
            path=resource.path,
            asked=f"{kald.metode} {resource.name}",
            citizen=citizen or "",
            caller=caller,
            organisation_type="" if caller is None else str(caller.aktiv.type),
            system=_attempt(lambda: self._headers.laes_system(kald.headers), []),
            fields={**fields, **(_json_fields(kald.krop, faults) if kald.krop else {})},
            fault="; ".join(faults),
        )

    def _read_soap(self, kald: Kald, service: str) -> ReadCall:
        described, faults = self._soap[service], list[str]()
        system = _attempt(lambda: self._headers.laes_system(kald.headers), faults)
        root = _attempt(lambda: soap.parse(kald.krop), faults)
        if root is None:
            called = CalledOperation(CallChannel.SOAP, service)
            return ReadCall(called, kald.metode, described.sti, system=system, fault=faults[-1])
        body = next((part for part in root if etree.QName(part).localname == "Body"), root)
        element = next(iter(body), body)
        action = kald.headers.get("soapaction")
        understood = None
        if system is not None:
            understood = _attempt(lambda: soap.laes_konvolut(described, root, action, self._contract, system), faults)
        active = next(root.iter(ACTIVE_ORGANISATION), None)
        known = described.efter_request.get(str(element.tag))
        fields = dict(_xml_fields(element))
        citizen = next((text for text in fields.values() if len(text) == 10 and foedselsdato(text) is not None), "")
        return ReadCall(
            called=CalledOperation(CallChannel.SOAP, service, "" if known is None else known.navn),
            method=kald.metode,
            path=described.sti,
            asked=etree.QName(element).localname if known is None else known.navn,
            citizen=citizen,
            caller=None if understood is None else understood.identitet,
            organisation_type="" if active is None or not len(active) else active[0].text or "",
            system=system,
            fields={name: text for name, text in fields.items() if text != citizen},
            fault="; ".join(faults),
        )


def _rest_operations(resource: str) -> Mapping[tuple[str, str], str]:
    if resource in tuple(Art):
        art = Art(resource)
        return {
            ("POST", _LIST): f"Create{art.navn}",
            ("GET", _LIST): f"Get{art.flertal}",
            ("GET", _HISTORY): f"Get{art.navn}Historik",
            ("POST", _ONE): f"Create{art.navn}MedIdentifier",
            ("PUT", _ONE): f"Update{art.navn}",
            ("DELETE", _ONE): f"Delete{art.navn}",
            ("GET", _ONE): f"Get{art.navn}",
        }
    return {
        "visiteringOgStatusStatus": {("GET", _LIST): "GetPersonVisiteringOgStatusStatus"},
        "kodeliste": {("GET", _LIST): "GetKodelister", ("GET", _ONE): "GetKodeliste"},
        "abonnementSync": {("POST", _LIST): "abonnementSync"},
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
    except (msgspec.DecodeError, ValueError) as error:
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
    """Give the leaves that have a text; the second of a name in its element is `name[2]`."""
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
    instant = laes_tidspunkt(text) if "T" in text else None
    return text if instant is None else instant.astimezone(DANSK_TID).date().isoformat()
