"""What all parties can do: register by REST or SOAP, read, tell the neighbour services, and empty their own queue.

Which party it is lies in the identity alone (`vos_simulators.parties`); whether it may is the services' to say. Not here: any
expectation.
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
from vos_contracts.model.reading import CodeList, Collections, ReadService, Status
from vos_contracts.model.registration import Create, Delete, Kind, RegistrationCommand, Update, View
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
    """The two ways to register (epic, test table): PersonRegistrationService, or PersonVisiteringService."""

    PRS = "PRS"
    PVS = "PVS"


class CastMembers(Transport, Protocol):
    """A real system that plays a role: a line on which what the role does is not sent, but waited for.

    `callers` is who it has said it was in the scene, call by call; `paths` are the paths that it has called.
    """

    @property
    def paths(self) -> frozenset[str]:
        """Return them."""
        ...

    @property
    def system(self) -> int:
        """Return the number of the calling system that it is."""
        ...

    @property
    def callers(self) -> Sequence[Identity]:
        """Return them in order."""
        ...

    def begin(self) -> None:
        """Begin a scene."""
        ...


class SoapLine:
    """The SOAP line of one party's own system: its headers say who calls, and its answers are understood."""

    def __init__(self, identity: Identity, contract: Contract, transport: Transport) -> None:
        self._identity = identity
        self._transport = transport
        self._services = services(contract)
        self._system = Headers(contract).write_system(identity)

    def send(self, service: str, operation: str, body: etree._Element) -> etree._Element | Refusal:
        """Call an operation; the answer is its body, or the refusal.

        Errors: UnreachableError; RemoteWireError for an answer that is neither a body nor the documented fault.
        """
        item = self._services[service]
        headers = {
            "content-type": "text/xml; charset=utf-8",
            "soapaction": f'"{item.operations[operation].soapaction}"',
            **self._system,
        }
        response = self._transport.send(Call("POST", item.path, headers, envelope.write_call(self._identity, body)))
        content = envelope.read_response(response.body)
        return Refusal(response.status, content.errors) if isinstance(content, envelope.Fault) else content


class PartyReads:
    """One party's reads; each answers with what was read, or the refusal.

    Errors of all: UnreachableError; RemoteWireError.
    """

    def __init__(self, identity: Identity, contract: Contract, transport: Transport, line: SoapLine) -> None:
        self._identity = identity
        self._transport = transport
        self._line = line
        self._bodies = {service: ReadBody(service, contract) for service in ReadService}
        self._rest = RestReading(contract, Rest(contract))

    def collections(
        self, service: ReadService, cpr: str, kinds: Collection[Kind] = tuple(Kind)
    ) -> Collections | Refusal:
        """Read a SOAP service's collections; a history is always whole."""
        body = self._bodies[service]
        response = self._line.send(service, service.operation, body.write_query(cpr, kinds))
        return response if isinstance(response, Refusal) else body.read_response(response)

    def status(self, cpr: str) -> Status | Refusal:
        """Read VisiteringOgStatusStatusService."""
        return self._rest.understand_status(self._transport.send(self._rest.call_status(cpr, self._identity)))

    def code_lists(self, name: str = "") -> tuple[CodeList, ...] | Refusal:
        """Read one code list, or all."""
        return self._rest.understand_code_lists(self._transport.send(self._rest.call_code_list(name)))


class NeighbourCalls:
    """One party's calls; each answers with the receipt's id, or the refusal.

    Errors of all: UnreachableError; RemoteWireError.
    """

    def __init__(self, contract: Contract, line: SoapLine) -> None:
        self._line = line
        self._tilmelding = EnrolmentBody(contract)
        self._illness = IllnessBody(contract)
        self._ksd = KsdBody(contract)

    def tilmelding(self, cpr: str, command: CreateTilmelding | EndTilmelding) -> str | Refusal:
        """Enrol, change the category, or end the enrolment: UnemploymentEnrollmentService."""
        return self._send(self._tilmelding.service, self._tilmelding.receipt, *self._tilmelding.write(cpr, command))

    def report_illness(self, cpr: str, command: ReportIllness) -> str | Refusal:
        """Report illness: an absence to IllnessCompositeService, a benefit case to IllnessRecoveryInformationService."""
        if command.source is IllnessSource.FRAVAER:
            return self._send(self._illness.service, self._illness.receipt, *self._illness.write(cpr, command))
        return self._send(self._ksd.service, self._ksd.receipt, *self._ksd.write(cpr, command))

    def report_recovery(self, cpr: str, command: ReportRecovery, since: date) -> str | Refusal:
        """Report recovery from an illness since `since`: IllnessCompositeService."""
        return self._send(self._illness.service, self._illness.receipt, *self._illness.write(cpr, command, since))

    def report_recovery_case(self, cpr: str, command: ReportRecovery) -> str | Refusal:
        """Report recovery of a benefit case, with nothing else: IllnessRecoveryInformationService."""
        return self._send(self._ksd.service, self._ksd.receipt, *self._ksd.write(cpr, command))

    def _send(self, service: str, form: ReceiptForm, operation: str, element: etree._Element) -> str | Refusal:
        response = self._line.send(service, operation, element)
        return response if isinstance(response, Refusal) else form.read(response).id


class Party:
    """One party at one organisation, calling from one system.

    `cast_members` is the real system that does what the party registers and tells, where there is one; reading stays ours.
    """

    def __init__(
        self,
        identity: Identity,
        contract: Contract,
        transport: Transport,
        new_id: Callable[[], str],
        hear: Callable[[Message], None] = lambda message: None,
        cast_members: CastMembers | None = None,
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
        """Return who the party has been when it registered."""
        return (self._cast_members.callers if self._cast_members is not None else ()) or (self.identity,)

    def register(self, cpr: str, command: RegistrationCommand, channel: Channel) -> str | Refusal:
        """Register over that channel; the answer is the registration's id, or the refusal.

        Errors: LocalWireError for a deletion by SOAP, which does not exist; UnreachableError; RemoteWireError.
        """
        match channel:
            case Channel.PVS:
                call = self._rest.call_register(cpr, command, self.identity, self._new_id())
                return self._rest.understand_id(self._action.send(call))
            case Channel.PRS:
                if isinstance(command, Delete):
                    raise LocalWireError("PersonRegistrationService has no deletion")
                return self._register_soap(cpr, command)

    def register_to_times(self, cpr: str, command: RegistrationCommand) -> tuple[str | Refusal, str | Refusal]:
        """Send one call twice over REST, as who did not hear the answer would; always ours, also where a real system plays."""
        call = self._rest.call_register(cpr, command, self.identity, self._new_id())
        first, other = (self._rest.understand_id(self._transport.send(call)) for _ in range(2))
        return first, other

    def update_with_type(
        self, cpr: str, command: Update, type_: int, start: datetime, channel: Channel
    ) -> str | Refusal:
        """Update and give the elements that cannot be changed as well: a bad habit that the old interface allowed."""
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
                for item in list(element[1]):
                    element[1].remove(item)
                element[1].extend(list(other[1]))
                return self._send_soap(operation, element)

    def call_withdrawn(self) -> str | Refusal:
        """Call CreatePersonCategoryAndInterview, which was withdrawn in release 2023-4."""
        operation = "CreatePersonCategoryAndInterview"
        request = services(self._contract)[registration.SERVICE].operations[operation].request
        return self._send_soap(operation, etree.Element(request))

    def read(self, cpr: str, kind: Kind, part_: str = "") -> tuple[View, ...] | Refusal:
        """Read the current ones, the one with that id, or the history (`history`)."""
        call = self._rest.call_read(cpr, kind, self.identity, part_)
        return self._rest.understand_views(self._transport.send(call), kind)

    def history(self, cpr: str, kind: Kind) -> tuple[View, ...] | Refusal:
        """Read the history."""
        return self.read(cpr, kind, self._rest.history)

    def _register_soap(self, cpr: str, command: Create | Update) -> str | Refusal:
        operation, element = registration.write_query(cpr, command, self._contract)
        return self._send_soap(operation, element)

    def _send_soap(self, operation: str, element: etree._Element) -> str | Refusal:
        response = self._soap.send(registration.SERVICE, operation, element)
        return response if isinstance(response, Refusal) else registration.read_response(response, self._contract).id
