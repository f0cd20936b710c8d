"""What users do as calls on the wire, written by the codecs that a scenario's calls are written by, and what answers must be.

Pure but for the ids that calls need. Not here: how a call is sent (`client`), or when (`users`, `paired`).
"""

from __future__ import annotations

from datetime import datetime

from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import Contract
from vos_contracts.model.identity import Identity
from vos_contracts.model.reading import ReadService
from vos_contracts.model.registration import Create, Kind, Update
from vos_contracts.wire.base import Call, RemoteWireError, Response
from vos_contracts.wire.rest.headers import Headers
from vos_contracts.wire.rest.reading import RestReading
from vos_contracts.wire.rest.registration import Refusal, Rest
from vos_contracts.wire.soap import envelope, registration
from vos_contracts.wire.soap.reading import ReadBody
from vos_contracts.wire.soap.schemas import services
from vos_load.load_profile import LoadChannel, LoadOperation

KONTAKTGRUPPER, PERSONKATEGORI = (13, 2), 5
"""The groups that a citizen changes between, and a category that both allow for whoever is not enrolled."""

_KIND = {
    LoadOperation.CREATE_KONTAKTGRUPPE: Kind.KONTAKTGRUPPE, LoadOperation.END_KONTAKTGRUPPE: Kind.KONTAKTGRUPPE,
    LoadOperation.CREATE_PERSONKATEGORI: Kind.PERSONKATEGORI, LoadOperation.END_PERSONKATEGORI: Kind.PERSONKATEGORI,
}  # fmt: skip


class UnusableAnswer(Exception):
    """An answer that is no success: refused, of another status, or unreadable; the message says which."""


class LoadCalls:
    """The calls of one contract."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._rest = Rest(contract)
        self._reading = RestReading(contract, self._rest)
        self._services = services(contract)
        self._headers = Headers(contract)
        self._bodies = {service: ReadBody(service, contract) for service in ReadService}

    def write(
        self,
        operation: LoadOperation,
        channel: LoadChannel,
        cpr: str,
        identity: Identity,
        now: datetime,
        *,
        id_: str = "",
        number: int = 0,
    ) -> Call:
        """Write a call; `id_` is what is ended, and `number` how many groups the citizen has been given before."""
        match operation:
            case LoadOperation.CREATE_KONTAKTGRUPPE:
                group = KONTAKTGRUPPER[number % len(KONTAKTGRUPPER)]
                command: Create | Update = Create(Kind.KONTAKTGRUPPE, group, now)
            case LoadOperation.CREATE_PERSONKATEGORI:
                command = Create(Kind.PERSONKATEGORI, PERSONKATEGORI, now)
            case LoadOperation.END_KONTAKTGRUPPE | LoadOperation.END_PERSONKATEGORI:
                command = Update(_KIND[operation], id_, now)
            case LoadOperation.READ_KONTAKTGRUPPE:
                if channel is LoadChannel.REST:
                    return self._rest.call_read(cpr, Kind.KONTAKTGRUPPE, identity)
                return self._soap_read(ReadService.STATUS, cpr, identity, (Kind.KONTAKTGRUPPE,))
            case LoadOperation.READ_HISTORY:
                if channel is LoadChannel.REST:
                    return self._rest.call_read(cpr, Kind.KONTAKTGRUPPE, identity, self._rest.history)
                return self._soap_read(ReadService.HISTORY, cpr, identity, tuple(Kind))
            case LoadOperation.READ_STATUS:
                return self._reading.call_status(cpr, identity)
            case LoadOperation.READ_CODE_LIST:
                return self._reading.call_code_list()
            case LoadOperation.EMPTY_QUEUE:
                raise ValueError("a queue is emptied by several calls (`WsrmPoller`)")
        if channel is LoadChannel.REST:
            return self._rest.call_register(cpr, command, identity, new_uuid())
        soap_operation, body = registration.write_query(cpr, command, self._contract)
        return self._soap(registration.SERVICE, soap_operation, envelope.write_call(identity, body), identity)

    def service(self, call: Call) -> str | None:
        """Name the SOAP service that a call goes to, None for a REST call."""
        return next((name for name, service in self._services.items() if service.path == call.path), None)

    def understand(self, operation: LoadOperation, channel: LoadChannel, answer: Response) -> str:
        """Return the id that a registration was given, "" for a read.

        Raises:
            UnusableAnswer: the answer is no success.
        """
        try:
            return self._id(operation, channel, answer)
        except RemoteWireError as error:
            raise UnusableAnswer(f"status {answer.status}: {error}") from error

    def _id(self, operation: LoadOperation, channel: LoadChannel, answer: Response) -> str:
        registers = operation in _KIND
        if channel is LoadChannel.REST:
            if answer.status != 200:
                raise UnusableAnswer(str(self._rest.understand_refusal(answer)))
            return str(self._rest.understand_id(answer)) if registers else ""
        content = envelope.read_response(answer.body)
        if isinstance(content, envelope.Fault):
            raise UnusableAnswer(str(Refusal(answer.status, content.errors)))
        return registration.read_response(content, self._contract).id if registers else ""

    def _soap_read(self, service: ReadService, cpr: str, identity: Identity, kinds: tuple[Kind, ...]) -> Call:
        body = self._bodies[service].write_query(cpr, kinds)
        return self._soap(service, service.operation, envelope.write_call(identity, body), identity)

    def _soap(self, service: str, operation: str, body: bytes, identity: Identity) -> Call:
        described = self._services[service]
        headers = {
            "content-type": "text/xml; charset=utf-8",
            "soapaction": f'"{described.operations[operation].soapaction}"',
            **self._headers.write_system(identity),
        }
        return Call("POST", described.path, headers, body)
