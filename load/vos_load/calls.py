"""What users do as calls on the wire, written by the codecs that a scenario's calls are written by, and what answers must be.

Pure but for the ids that calls need. Not here: how a call is sent (`client`), or when (`users`, `paired`).
"""

from __future__ import annotations

from datetime import datetime

from vos_contracts.base.ids import ny_uuid
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.laesninger import Laesetjeneste
from vos_contracts.model.identity import Identitet
from vos_contracts.model.registration import Art, Opdater, Opret
from vos_contracts.wire import soap, soap_registrering
from vos_contracts.wire.base import Kald, RemoteWireError, Svar
from vos_contracts.wire.rest import Afslag, Rest
from vos_contracts.wire.rest_headers import Headers
from vos_contracts.wire.rest_laesning import RestLaesning
from vos_contracts.wire.soap_laesning import Laesekrop
from vos_contracts.wire.soap_skema import tjenester
from vos_load.load_profile import LoadChannel, Operation

KONTAKTGRUPPER, PERSONKATEGORI = (13, 2), 5
"""The groups that a citizen changes between, and a category that both allow for whoever is not enrolled."""

_KIND = {
    Operation.CREATE_KONTAKTGRUPPE: Art.KONTAKTGRUPPE, Operation.END_KONTAKTGRUPPE: Art.KONTAKTGRUPPE,
    Operation.CREATE_PERSONKATEGORI: Art.PERSONKATEGORI, Operation.END_PERSONKATEGORI: Art.PERSONKATEGORI,
}  # fmt: skip


class UnusableAnswer(Exception):
    """An answer that is no success: refused, of another status, or unreadable; the message says which."""


class LoadCalls:
    """The calls of one contract."""

    def __init__(self, contract: Kontrakt) -> None:
        self._contract = contract
        self._rest = Rest(contract)
        self._reading = RestLaesning(contract, self._rest)
        self._services = tjenester(contract)
        self._headers = Headers(contract)
        self._bodies = {service: Laesekrop(service, contract) for service in Laesetjeneste}

    def write(
        self,
        operation: Operation,
        channel: LoadChannel,
        cpr: str,
        identity: Identitet,
        now: datetime,
        *,
        id_: str = "",
        number: int = 0,
    ) -> Kald:
        """Write a call; `id_` is what is ended, and `number` how many groups the citizen has been given before."""
        match operation:
            case Operation.CREATE_KONTAKTGRUPPE:
                group = KONTAKTGRUPPER[number % len(KONTAKTGRUPPER)]
                command: Opret | Opdater = Opret(Art.KONTAKTGRUPPE, group, now)
            case Operation.CREATE_PERSONKATEGORI:
                command = Opret(Art.PERSONKATEGORI, PERSONKATEGORI, now)
            case Operation.END_KONTAKTGRUPPE | Operation.END_PERSONKATEGORI:
                command = Opdater(_KIND[operation], id_, now)
            case Operation.READ_KONTAKTGRUPPE:
                if channel is LoadChannel.REST:
                    return self._rest.kald_laes(cpr, Art.KONTAKTGRUPPE, identity)
                return self._soap_read(Laesetjeneste.STATUS, cpr, identity, (Art.KONTAKTGRUPPE,))
            case Operation.READ_HISTORY:
                if channel is LoadChannel.REST:
                    return self._rest.kald_laes(cpr, Art.KONTAKTGRUPPE, identity, self._rest.historik)
                return self._soap_read(Laesetjeneste.HISTORIK, cpr, identity, tuple(Art))
            case Operation.READ_STATUS:
                return self._reading.kald_status(cpr, identity)
            case Operation.READ_CODE_LIST:
                return self._reading.kald_kodeliste()
            case Operation.EMPTY_QUEUE:
                raise ValueError("a queue is emptied by several calls (`WsrmPoller`)")
        if channel is LoadChannel.REST:
            return self._rest.kald_registrer(cpr, command, identity, ny_uuid())
        soap_operation, body = soap_registrering.skriv_forespoergsel(cpr, command, self._contract)
        return self._soap(soap_registrering.TJENESTE, soap_operation, soap.skriv_kald(identity, body), identity)

    def service(self, call: Kald) -> str | None:
        """Name the SOAP service that a call goes to, None for a REST call."""
        return next((name for name, service in self._services.items() if service.sti == call.sti), None)

    def understand(self, operation: Operation, channel: LoadChannel, answer: Svar) -> str:
        """Return the id that a registration was given, "" for a read.

        Raises:
            UnusableAnswer: the answer is no success.
        """
        try:
            return self._id(operation, channel, answer)
        except RemoteWireError as error:
            raise UnusableAnswer(f"status {answer.status}: {error}") from error

    def _id(self, operation: Operation, channel: LoadChannel, answer: Svar) -> str:
        registers = operation in _KIND
        if channel is LoadChannel.REST:
            if answer.status != 200:
                raise UnusableAnswer(str(self._rest.forstaa_afslag(answer)))
            return str(self._rest.forstaa_id(answer)) if registers else ""
        content = soap.laes_svar(answer.krop)
        if isinstance(content, soap.Fault):
            raise UnusableAnswer(str(Afslag(answer.status, content.fejl)))
        return soap_registrering.laes_svar(content, self._contract).id if registers else ""

    def _soap_read(self, service: Laesetjeneste, cpr: str, identity: Identitet, kinds: tuple[Art, ...]) -> Kald:
        body = self._bodies[service].skriv_forespoergsel(cpr, kinds)
        return self._soap(service, service.operation, soap.skriv_kald(identity, body), identity)

    def _soap(self, service: str, operation: str, body: bytes, identity: Identitet) -> Kald:
        described = self._services[service]
        headers = {
            "content-type": "text/xml; charset=utf-8",
            "soapaction": f'"{described.operationer[operation].soapaction}"',
            **self._headers.skriv_system(identity),
        }
        return Kald("POST", described.sti, headers, body)
