"""The SOAP services of the reference: PersonRegistrationService with the backend of the release, WSRM, and the reads.

WSDL, envelopes and faults are in `vos_contracts.wire.asgi.soap`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.routing import BaseRoute, Route

from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError, sorted_by_code
from vos_contracts.tables.releases import PrsSoap
from vos_contracts.wire.asgi.body import BodyLimits
from vos_contracts.wire.asgi.soap import CallHandler, SoapApp
from vos_contracts.wire.backend import Backend, ReadBackend
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.soap import envelope, registration
from vos_contracts.wire.soap.envelope import SoapCall
from vos_contracts.wire.soap.schemas import services
from vos_reference.application.runtime import Runtime
from vos_reference.application.turns import TakesTurns
from vos_reference.edge.soap.reading import ReadingEdge
from vos_reference.edge.soap.wsrm import WsrmEdge

PRS = "PersonRegistrationService"
WITHDRAWN = "CreatePersonCategoryAndInterview"


class SoapEdge:
    """The SOAP services as endpoints; `backends` and `readers` are chosen by the release."""

    def __init__(
        self,
        runtime: Runtime,
        backends: Mapping[PrsSoap, Backend],
        readers: Mapping[PrsSoap, ReadBackend],
        turns: TakesTurns,
    ) -> None:
        self._runtime = runtime
        self._backends = backends
        wsrm = WsrmEdge(runtime, turns)
        self._executors: Mapping[str, CallHandler] = {
            PRS: self._register,
            "WsrmService": wsrm.steer,
            "WsrmMessageService": wsrm.fetch,
            **ReadingEdge(runtime, readers).executors,
        }

    def routes(self, limits: BodyLimits) -> Sequence[BaseRoute]:
        """Return the routes of all SOAP services."""
        contract = self._runtime.contract
        return [
            Route(path, endpoint=app)
            for name, carry_out in self._executors.items()
            for path, app in SoapApp(services(contract)[name], contract, carry_out, limits).apps.items()
        ]

    async def _register(self, call: SoapCall, base_url: str) -> bytes:
        if call.operation == WITHDRAWN:
            raise RemoteWireError(ServiceError(INVALID_REQUEST, f"{WITHDRAWN} er udgået i release 2023-4"))
        backend = self._backends.get(self._runtime.prs_soap)
        if backend is None:
            raise RemoteWireError(
                ServiceError(
                    INVALID_REQUEST, f"{PRS} er udgået fra {self._runtime.release.name}; brug PersonVisiteringService"
                )
            )
        cpr, command = registration.read_query(call.operation, call.body, self._runtime.contract)
        result = await backend.register(cpr, command, call.identity)
        if isinstance(result, tuple):
            raise RemoteWireError(*sorted_by_code(result))
        return envelope.write(registration.write_response(call.operation, result, self._runtime.contract))
