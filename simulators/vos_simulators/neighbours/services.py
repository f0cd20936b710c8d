"""SOAP front ends of the neighbour services: decode a call, send it over the internal interface, encode answer or fault.

One ASGI application with a table from path to service. Not here: rules; they belong to the reference's domain, which is
reached through the internal interface (`control.neighbours`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial

from vos_contracts.contract import Contract
from vos_contracts.control import neighbours as control
from vos_contracts.model import neighbours
from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError
from vos_contracts.wire.asgi.body import STANDARD, BodyLimits
from vos_contracts.wire.asgi.endpoint import ASGIApp, Receive, Scope, Send, send_response
from vos_contracts.wire.asgi.soap import XML, SoapApp
from vos_contracts.wire.base import AsyncTransport, Call, LocalWireError, RemoteWireError, Response, Unavailable
from vos_contracts.wire.soap import envelope
from vos_contracts.wire.soap.envelope import SoapCall
from vos_contracts.wire.soap.illness import IllnessBody
from vos_contracts.wire.soap.ksd import KsdBody
from vos_contracts.wire.soap.neighbours import NeighbourBody
from vos_contracts.wire.soap.receipt import Receipt
from vos_contracts.wire.soap.schemas import Service, services
from vos_contracts.wire.soap.tilmelding import EnrolmentBody


class Neighbours:
    """The neighbour services in front of one internal interface; services in `without` answer 404."""

    def __init__(
        self,
        contract: Contract,
        internal: AsyncTransport,
        new_id: Callable[[], str],
        without: Collection[str] = (),
        limits: BodyLimits = STANDARD,
    ) -> None:
        self._contract = contract
        self._internal = internal
        self._new_id = new_id
        bodies: tuple[NeighbourBody, ...] = (EnrolmentBody(contract), IllnessBody(contract), KsdBody(contract))
        self.apps: Mapping[str, ASGIApp] = {
            path: self._omitted(service) if body.service in without else app
            for body in bodies
            for service in (services(contract)[body.service],)
            for path, app in SoapApp(service, contract, partial(self._carry_out, body), limits).apps.items()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Dispatch by path; the router sends only paths of `apps` here."""
        scope["path_params"] = {}
        await self.apps[scope["path"]](scope, receive, send)

    async def _carry_out(self, body: NeighbourBody, call: SoapCall, base_url: str) -> bytes:
        cpr, command = body.read(call.operation, call.body, self._new_id)
        response = await self._tell(f"{body.service}.{call.operation}", cpr, call, command)
        if response.errors:
            raise RemoteWireError(*(ServiceError(error.code, error.description) for error in response.errors))
        if response.instant is None:
            raise LocalWireError("the internal interface did not say when it was carried out")
        return envelope.write(body.receipt.write(call.operation, Receipt(response.id, response.instant)))

    async def _tell(
        self, service: str, cpr: str, call: SoapCall, command: neighbours.NeighbourCommand
    ) -> control.NeighbourResponse:
        message = neighbours.NeighbourCall(service=service, cpr=cpr, identity=call.identity, command=command)
        response = await self._internal.send(
            Call("POST", control.PATH, {"content-type": "application/json"}, control.encode_call(message))
        )
        if response.status == 503:
            raise Unavailable(service)
        if response.status != 200:
            raise LocalWireError(f"the internal interface answered {response.status} to {service}")
        return control.decode_answer(response.body)

    def _omitted(self, service: Service) -> ASGIApp:
        errors = (ServiceError(INVALID_REQUEST, f"{service.name} er udeladt af scenen"),)
        response = Response(404, {"content-type": XML}, envelope.write_fault(errors, self._contract))

        async def respond_404(scope: Scope, receive: Receive, send: Send) -> None:
            await send_response(send, response)

        return respond_404
