"""PersonStatusService v20 and PersonHistoryService v4 at the SOAP edge, translated between wire and backend."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from vos_contracts.model.reading import ReadService
from vos_contracts.tables.errors import sorted_by_code
from vos_contracts.tables.releases import PrsSoap
from vos_contracts.wire.asgi.soap import CallHandler
from vos_contracts.wire.backend import ReadBackend
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.soap import envelope
from vos_contracts.wire.soap.envelope import SoapCall
from vos_contracts.wire.soap.reading import ReadBody
from vos_reference.application.runtime import Runtime


class ReadingEdge:
    """The two read services; `executors` has the function that carries out a call, by service."""

    def __init__(self, runtime: Runtime, backends: Mapping[PrsSoap, ReadBackend]) -> None:
        self._runtime = runtime
        self._backends = backends
        self._bodies = {service: ReadBody(service, runtime.contract) for service in ReadService}
        self.executors: Mapping[str, CallHandler] = {
            service.value: partial(self._read, service) for service in ReadService
        }

    async def _read(self, service: ReadService, call: SoapCall, base_url: str) -> bytes:
        body = self._bodies[service]
        cpr, kinds, parts = body.read_query(call.body)
        response = await self._backends[self._runtime.read_soap].read(service, cpr, call.identity)
        if isinstance(response, tuple):
            raise RemoteWireError(*sorted_by_code(response))
        return envelope.write(body.write_response(cpr, response.only(kinds, parts)))
