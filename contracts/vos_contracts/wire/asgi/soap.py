"""A SOAP service as an ASGI application: serves WSDL and XSD, reads a call, passes it on, and writes an answer or a fault.

The reference and the neighbour services share it. Not here: what an operation does, or what a body means.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from html import escape

from vos_contracts.contract import Contract
from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError
from vos_contracts.wire import split_times
from vos_contracts.wire.asgi.body import BodyLimits
from vos_contracts.wire.asgi.endpoint import SCHEMA, ASGIApp, AsgiEndpoint, MethodChoice
from vos_contracts.wire.base import Call, RemoteWireError, Response
from vos_contracts.wire.rest.headers import Headers
from vos_contracts.wire.soap import envelope
from vos_contracts.wire.soap.envelope import EnvelopeRefused, SoapCall
from vos_contracts.wire.soap.schemas import Service, single_wsdl, wsdl, xsd

XML = "text/xml; charset=utf-8"

CallHandler = Callable[[SoapCall, str], Awaitable[bytes]]
"""Carries out a call. The text is the base URL that the caller used; a RemoteWireError becomes a fault."""


class SoapApp:
    """One SOAP service; `apps` are its paths."""

    def __init__(self, service: Service, contract: Contract, handle: CallHandler, limits: BodyLimits) -> None:
        self._service = service
        self._contract = contract
        self._headers = Headers(contract)
        self._handle = handle
        self._limits = limits
        choice = MethodChoice(
            {
                "POST": AsgiEndpoint(self._call, self._fault, limits),
                "GET": AsgiEndpoint(self._description, self._fault, limits),
            },
            self._fault,
        )
        self.apps: Mapping[str, ASGIApp] = dict.fromkeys(service.paths, choice)

    async def _call(self, call: Call, path: dict[str, str]) -> Response:
        split_times.begin(call.headers)
        _only_xml(call)
        system = self._system(call)
        try:
            soap_call = envelope.read_call(
                self._service, call.body, call.headers.get("soapaction"), self._contract, system, self._limits
            )
        except EnvelopeRefused as exc:
            fault = envelope.write_fault(exc.errors, self._contract, exc.fault_code)
            return Response(500, {"content-type": XML}, fault)
        body = await self._handle(soap_call, _base_url(call))
        split_times.mark(split_times.SERIALISE)
        return Response(200, {"content-type": XML, **split_times.response_header()}, body)

    def _system(self, call: Call) -> int:
        try:
            return self._headers.read_system(call.headers)
        except RemoteWireError as exc:  # Headers reports REST's 1100, which no SOAP operation has
            raise RemoteWireError(*(ServiceError(INVALID_REQUEST, error.description) for error in exc.errors)) from None

    async def _description(self, call: Call, path: dict[str, str]) -> Response:
        """Answer `?wsdl`, `?singleWsdl` and `?xsd=NAME` as WCF does, with a page where nothing is asked, and else with 404."""
        _, _, query = call.path.partition("?")
        base = f"{_base_url(call)}{self._service.path}"
        asked, _, name = query.partition("&")[0].partition("=")
        match asked.lower():
            case "":
                return Response(200, {"content-type": "text/html; charset=utf-8"}, self._page(base))
            case "wsdl":
                return Response(200, {"content-type": XML}, wsdl(self._service, base))
            case "singlewsdl":
                return Response(200, {"content-type": XML}, single_wsdl(self._service, base))
            case "xsd" if name in self._service.xsd_names:
                return Response(200, {"content-type": XML}, xsd(self._service, name, base))
        rule = "kendte beskrivelser er ?wsdl og ?singleWsdl; et SOAP-kald er en POST"
        raise RemoteWireError(ServiceError(INVALID_REQUEST, rule), status=404)

    def _page(self, base: str) -> bytes:
        """Return a page that says what is here."""
        links = "".join(f'<li><a href="{escape(base)}?{name}">?{name}</a>' for name in ("wsdl", "singleWsdl"))
        operations = "".join(f"<li>{escape(name)}" for name in self._service.operations)
        return (
            f'<!doctype html><html lang="da"><meta charset="utf-8"><title>{self._service.name}</title>'
            f"<h1>{self._service.name}</h1><p>SOAP 1.1. Beskrivelsen:<ul>{links}</ul>"
            f"<p>Metoderne:<ul>{operations}</ul>"
        ).encode()

    def _fault(self, errors: Sequence[ServiceError], status: int) -> Response:
        """Write a fault; its status is 500, as SOAP 1.1 requires, except 404 and 405 for what is no SOAP call."""
        return Response(
            status if status in {404, 405} else 500, {"content-type": XML}, envelope.write_fault(errors, self._contract)
        )


def _base_url(call: Call) -> str:
    return f"{call.headers.get(SCHEMA, 'http')}://{call.headers.get('host', 'localhost')}"


def _only_xml(call: Call) -> None:
    """Require XML, and that the caller says so: a page of another site can send a body without a content type."""
    media_type = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in {"text/xml", "application/xml"}:
        found = f"{media_type} er ikke SOAP 1.1" if media_type else "headeren mangler"
        raise RemoteWireError(ServiceError(INVALID_REQUEST, f"content-type: {found}; skal være text/xml"))
