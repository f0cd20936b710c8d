"""The paged reads of the control API: events, state of the citizens, and extracts for BI (`control.operations`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from urllib.parse import parse_qsl

import msgspec

from vos_contracts.control.operations import PAGE, PAGE_CEILING
from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError
from vos_contracts.wire.asgi.endpoint import Endpoint
from vos_contracts.wire.base import Call, RemoteWireError, Response
from vos_reference.application import extracts, monitoring
from vos_reference.application.runtime import Runtime


class PagesEdge:
    """The paged reads as endpoints."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def endpoints(self) -> Mapping[str, Mapping[str, Endpoint]]:
        """Return the endpoints by path below /control and by HTTP method."""
        return {
            "events": {"GET": self._events},
            "state": {"GET": self._state},
            "extract": {"GET": self._registrations},
            "extract/citizens": {"GET": self._citizens},
        }

    async def _events(self, call: Call, path: dict[str, str]) -> Response:
        fields = read_fields(call, {"domain", "after", "count"})
        domains = self._runtime.contract.domains
        domain = fields.get("domain", "")
        if domain not in domains:
            raise RemoteWireError(ServiceError(INVALID_REQUEST, f"domain: skal være en af {', '.join(domains)}"))
        return _json(monitoring.events(self._runtime, domain, read_number(fields, "after", 0), _count(fields)))

    async def _state(self, call: Call, path: dict[str, str]) -> Response:
        fields = read_fields(call, {"after", "count"})
        return _json(monitoring.state(self._runtime, fields.get("after", ""), _count(fields)))

    async def _registrations(self, call: Call, path: dict[str, str]) -> Response:
        fields = read_fields(call, {"after", "count"})
        return _json(extracts.registrations(self._runtime, read_number(fields, "after", 0), _count(fields)))

    async def _citizens(self, call: Call, path: dict[str, str]) -> Response:
        fields = read_fields(call, {"after", "count"})
        return _json(extracts.citizens(self._runtime, read_number(fields, "after", 0), _count(fields)))


def read_fields(call: Call, known: Collection[str]) -> dict[str, str]:
    """Read the query parameters.

    Raises:
        RemoteWireError: a parameter is unknown or occurs twice.
    """
    pairs = parse_qsl(call.path.partition("?")[2], keep_blank_values=True)
    for name, _ in pairs:
        if name not in known:
            raise RemoteWireError(ServiceError(INVALID_REQUEST, f"{name}: kendte felter er {', '.join(sorted(known))}"))
    if len(dict(pairs)) < len(pairs):
        raise RemoteWireError(ServiceError(INVALID_REQUEST, "et felt må kun stå én gang"))
    return dict(pairs)


def read_number(fields: Mapping[str, str], name: str, default: int) -> int:
    """Read a query parameter as a number; `default` if it is absent.

    Raises:
        RemoteWireError: it is not a whole number of at most 18 digits.
    """
    text = fields.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise RemoteWireError(ServiceError(INVALID_REQUEST, f"{name}: skal være et helt tal, 0 eller større"))
    return int(text)


def _count(fields: Mapping[str, str]) -> int:
    count = read_number(fields, "count", PAGE)
    if not 1 <= count <= PAGE_CEILING:
        raise RemoteWireError(ServiceError(INVALID_REQUEST, f"count: skal være 1-{PAGE_CEILING}"))
    return count


def _json(page: msgspec.Struct) -> Response:
    return Response(200, {"content-type": "application/json"}, msgspec.json.encode(page))
