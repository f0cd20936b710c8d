"""The calls of a party: register by REST or SOAP, read, call the neighbour services, and empty its WSRM queue.

Parties differ only in their identity (`vos_simulators.parties`). The services decide on access. Not here: expectations.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

import msgspec
from lxml import etree

from vos_contracts.contract import Contract
from vos_contracts.model.identity import Identity
from vos_contracts.model.neighbours import CreateTilmelding, EndTilmelding, IllnessSource, ReportIllness, ReportRecovery
from vos_contracts.model.reading import CitizenStatus, CodeList, Collections, ReadService, StatusPart
from vos_contracts.model.registration import Create, Delete, Kind, RegistrationCommand, RegistrationView, Update
from vos_contracts.wire.base import Call, LocalWireError, Transport
from vos_contracts.wire.messages.wsrm import Message
from vos_contracts.wire.rest.headers import Headers
from vos_contracts.wire.rest.reading import RestReading
from vos_contracts.wire.rest.registration import Refusal, Rest
from vos_contracts.wire.soap import envelope, registration
from vos_contracts.wire.soap.illness import IllnessBody
from vos_contracts.wire.soap.ksd import KsdBody
from vos_contracts.wire.soap.reading import ReadBody
from vos_contracts.wire.soap.receipt import ReceiptForm
from vos_contracts.wire.soap.schemas import services
from vos_contracts.wire.soap.tilmelding import EnrolmentBody
from vos_simulators.inboxes.wsrm_poller import WsrmPoller


class Channel(StrEnum):
    """The two registration channels (epic, test table): PRS is PersonRegistrationService, PVS PersonVisiteringService."""

    PRS = "PRS"
    PVS = "PVS"


class CastMember(Transport, Protocol):
    """A real system that plays a role: a transport that waits for the system's own call instead of sending one."""

    @property
    def paths(self) -> frozenset[str]:
        """The paths that the system has called in this scenario."""
        ...

    @property
    def system(self) -> int:
        """The number of its calling system."""
        ...

    @property
    def callers(self) -> Sequence[Identity]:
        """The identities that the system has stated in this scenario, call by call."""
        ...

    def begin(self) -> None:
        """Begin a scenario."""
        ...


def from_fault(status: int, fault: envelope.Fault) -> Refusal:
    """Return the refusal that a SOAP fault states."""
    return Refusal(status, fault.errors, tuple(error.description for error in fault.errors), by_soap=True)


class SoapLine:
    """SOAP client of one party's system: adds the identity headers and decodes faults."""

    def __init__(self, identity: Identity, contract: Contract, transport: Transport) -> None:
        self._identity = identity
        self._transport = transport
        self._services = services(contract)
        self._system = Headers(contract).write_system(identity)

    def send(self, service: str, operation: str, body: etree._Element) -> etree._Element | Refusal:
        """Call an operation; return the body of the answer, or the refusal.

        Raises:
            UnreachableError: the stage did not answer.
            RemoteWireError: the answer is neither a body nor the documented fault.
        """
        soap = self._services[service]
        headers = {
            "content-type": "text/xml; charset=utf-8",
            "soapaction": f'"{soap.operations[operation].soapaction}"',
            **self._system,
        }
        response = self._transport.send(Call("POST", soap.path, headers, envelope.write_call(self._identity, body)))
        content = envelope.read_response(response.body)
        return from_fault(response.status, content) if isinstance(content, envelope.Fault) else content


class PartyReads:
    """Read calls of one party; each returns the decoded answer, or the refusal.

    Raises:
        UnreachableError: the stage did not answer.
        RemoteWireError: the answer is malformed.
    """

    def __init__(self, identity: Identity, contract: Contract, transport: Transport, line: SoapLine) -> None:
        self._identity = identity
        self._transport = transport
        self._line = line
        self._bodies = {service: ReadBody(service, contract) for service in ReadService}
        self._rest = RestReading(contract, Rest(contract))

    def collections(
        self,
        service: ReadService,
        cpr: str,
        kinds: Collection[Kind] = tuple(Kind),
        parts: Collection[StatusPart] = (),
    ) -> Collections | Refusal:
        """Read the collections of a SOAP service, and these parts; `kinds` and `parts` mean nothing to a history."""
        body = self._bodies[service]
        response = self._line.send(service, service.operation, body.write_query(cpr, kinds, parts))
        return response if isinstance(response, Refusal) else body.read_response(response)

    def status(self, cpr: str) -> CitizenStatus | Refusal:
        """Read VisiteringOgStatusStatusService."""
        return self._rest.understand_status(self._transport.send(self._rest.call_status(cpr, self._identity)))

    def code_lists(self, name: str = "") -> tuple[CodeList, ...] | Refusal:
        """Read one code list, or all."""
        return self._rest.understand_code_lists(self._transport.send(self._rest.call_code_list(name)))


class NeighbourCalls:
    """Calls of one party to the neighbour services; each returns the id of the receipt, or the refusal.

    Raises:
        UnreachableError: the stage did not answer.
        RemoteWireError: the answer is malformed.
    """

    def __init__(self, contract: Contract, line: SoapLine) -> None:
        self._line = line
        self._tilmelding = EnrolmentBody(contract)
        self._illness = IllnessBody(contract)
        self._ksd = KsdBody(contract)

    def tilmelding(self, cpr: str, command: CreateTilmelding | EndTilmelding) -> str | Refusal:
        """Create, change or end a tilmelding: UnemploymentEnrollmentService."""
        return self._send(self._tilmelding.service, self._tilmelding.receipt, *self._tilmelding.write(cpr, command))

    def report_illness(self, cpr: str, command: ReportIllness) -> str | Refusal:
        """Report illness: a fravaer to IllnessCompositeService, a benefit case to IllnessRecoveryInformationService."""
        if command.source is IllnessSource.FRAVAER:
            return self._send(self._illness.service, self._illness.receipt, *self._illness.write(cpr, command))
        return self._send(self._ksd.service, self._ksd.receipt, *self._ksd.write(cpr, command))

    def report_recovery(self, cpr: str, command: ReportRecovery, since: date) -> str | Refusal:
        """Report recovery from an illness that began on `since`: IllnessCompositeService."""
        return self._send(self._illness.service, self._illness.receipt, *self._illness.write(cpr, command, since))

    def report_recovery_case(self, cpr: str, command: ReportRecovery) -> str | Refusal:
        """Report recovery of a benefit case: IllnessRecoveryInformationService."""
        return self._send(self._ksd.service, self._ksd.receipt, *self._ksd.write(cpr, command))

    def _send(self, service: str, form: ReceiptForm, operation: str, element: etree._Element) -> str | Refusal:
        response = self._line.send(service, operation, element)
        return response if isinstance(response, Refusal) else form.read(response).id


class Party:
    """One party at one organisation, calling from one system.

    `cast_members` is a real system that makes the party's registrations and neighbour calls; reads stay simulated.
    """

    def __init__(
        self,
        identity: Identity,
        contract: Contract,
        transport: Transport,
        new_id: Callable[[], str],
        hear: Callable[[Message], None] = lambda message: None,
        cast_members: CastMember | None = None,
    ) -> None:
        self.identity = identity
        self._contract = contract
        self._transport = transport
        self._cast_members = cast_members
        self._action = cast_members or transport
        self._new_id = new_id
        self._rest = Rest(contract)
        self._soap = SoapLine(identity, contract, self._action)
        self.neighbours = NeighbourCalls(contract, self._soap)
        self.reader = PartyReads(identity, contract, transport, SoapLine(identity, contract, transport))
        self.inbox = WsrmPoller(identity, contract, transport, hear)

    @property
    def identities(self) -> Sequence[Identity]:
        """The identities under which the party has registered."""
        return (self._cast_members.callers if self._cast_members is not None else ()) or (self.identity,)

    def register(self, cpr: str, command: RegistrationCommand, channel: Channel) -> str | Refusal:
        """Register over that channel; return the id of the registration, or the refusal.

        Raises:
            LocalWireError: deletion over PRS, which has no such operation.
            UnreachableError: the stage did not answer.
            RemoteWireError: the answer is malformed.
        """
        match channel:
            case Channel.PVS:
                call = self._rest.call_register(cpr, command, self.identity, self._new_id())
                return self._rest.understand_id(self._action.send(call))
            case Channel.PRS:
                if isinstance(command, Delete):
                    raise LocalWireError("PersonRegistrationService has no deletion")
                return self._register_soap(cpr, command)

    def register_twice(self, cpr: str, command: RegistrationCommand) -> tuple[str | Refusal, str | Refusal]:
        """Send one REST call twice, as after a lost answer; always simulated, also in the role of a real system."""
        call = self._rest.call_register(cpr, command, self.identity, self._new_id())
        first, other = (self._rest.understand_id(self._transport.send(call)) for _ in range(2))
        return first, other

    def update_with_type(
        self, cpr: str, command: Update, type_: int, start: datetime, channel: Channel
    ) -> str | Refusal:
        """Update with the elements that cannot be changed, which the old interface accepted."""
        match channel:
            case Channel.PVS:
                call = self._rest.call_register(cpr, command, self.identity, self._new_id())
                create = self._rest.call_register(cpr, Create(command.kind, type_, start), self.identity, "x")
                body = msgspec.json.encode({**msgspec.json.decode(create.body), **msgspec.json.decode(call.body)})
                return self._rest.understand_id(self._action.send(replace(call, body=body)))
            case Channel.PRS:
                operation, element = registration.write_query(cpr, command, self._contract)
                _, other = registration.write_query(
                    cpr, Create(command.kind, type_, start, id=command.id, end=command.end), self._contract
                )
                for child in list(element[1]):
                    element[1].remove(child)
                element[1].extend(list(other[1]))
                return self._send_soap(operation, element)

    def call_withdrawn(self) -> str | Refusal:
        """Call CreatePersonCategoryAndInterview, withdrawn in release 2023-4."""
        operation = "CreatePersonCategoryAndInterview"
        request = services(self._contract)[registration.SERVICE].operations[operation].request
        return self._send_soap(operation, etree.Element(request))

    def read(self, cpr: str, kind: Kind, part: str = "") -> tuple[RegistrationView, ...] | Refusal:
        """Read the current registrations; `part` is the id of one registration, or `history`."""
        call = self._rest.call_read(cpr, kind, self.identity, part)
        return self._rest.understand_views(self._transport.send(call), kind)

    def history(self, cpr: str, kind: Kind) -> tuple[RegistrationView, ...] | Refusal:
        """Read all rows of the history."""
        return self.read(cpr, kind, self._rest.history)

    def _register_soap(self, cpr: str, command: Create | Update) -> str | Refusal:
        operation, element = registration.write_query(cpr, command, self._contract)
        return self._send_soap(operation, element)

    def _send_soap(self, operation: str, element: etree._Element) -> str | Refusal:
        response = self._soap.send(registration.SERVICE, operation, element)
        return response if isinstance(response, Refusal) else registration.read_response(response, self._contract).id
