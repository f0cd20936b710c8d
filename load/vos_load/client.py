"""The HTTP client of load users: kept connections, waiting as gevent does, and each exchange timed.

Only for the process that Locust runs in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import urlsplit

import gevent
from geventhttpclient import HTTPClient
from geventhttpclient.url import URL

from vos_contracts.base import stopwatch
from vos_contracts.wire.base import Call, Response, UnreachableError
from vos_load.run import TlsFiles
from vos_simulators.access import without_token

CONNECTIONS = 512
"""Calls under way at a time to one address: as many as a stage lets one client have."""
REST_SERVICE = "PersonVisiteringService"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One call's answer and milliseconds, or why there is no answer."""

    answer: Response | None
    ms: float
    error: str = ""


class LoadClient:
    """Kept connections to one address."""

    def __init__(self, address: str, timeout: float, tls: TlsFiles) -> None:
        self._address = without_token(address)
        self._root = urlsplit(address).path.rstrip("/")
        context: dict[str, object] = {}
        if address.startswith("https:"):
            context = {"ssl_context_factory": tls.access().tls}
        self._client = HTTPClient.from_url(
            URL(address),
            concurrency=CONNECTIONS,
            connection_timeout=timeout,
            network_timeout=timeout,
            headers={},
            **context,
        )
        # geventhttpclient retries an unanswered GET once per pooled connection (513 times); 0 leaves one retry
        self._client._connection_pool.size = 0

    def send(self, call: Call) -> Response:
        """Send and wait.

        Raises:
            UnreachableError: no answer came.
        """
        try:
            answer = self._client.request(
                call.method, f"{self._root}{call.path}", body=call.body or b"", headers=dict(call.headers)
            )
            body = bytes(answer.read())
        except (OSError, HTTPException, gevent.Timeout) as error:
            raise UnreachableError(f"{self._address}: {type(error).__name__}: {error}") from error
        return Response(answer.status_code, {name.lower(): str(value) for name, value in answer.items()}, body)

    def close(self) -> None:
        """Close the idle connections."""
        self._client.close()


class LoadClients:
    """One client per address: the services', and those that have addresses of their own."""

    def __init__(self, services: str, addresses: Mapping[str, str], timeout: float, tls: TlsFiles) -> None:
        self._default = LoadClient(services, timeout, tls)
        self._others = {name: LoadClient(address, timeout, tls) for name, address in addresses.items()}

    def exchange(self, call: Call, service: str | None, *, close_after: bool = False) -> Exchange:
        """Send a call and time it, from the first byte out to the last byte in; `close_after`: its connection is not kept."""
        client = self._others.get(service or REST_SERVICE, self._default)
        if close_after:
            call = Call(call.method, call.path, {**call.headers, "connection": "close"}, call.body)
        started = stopwatch.seconds()
        try:
            answer = client.send(call)
        except UnreachableError as error:
            return Exchange(None, (stopwatch.seconds() - started) * 1000, str(error))
        return Exchange(answer, (stopwatch.seconds() - started) * 1000)

    def close(self) -> None:
        """Close the idle connections of all."""
        for client in (self._default, *self._others.values()):
            client.close()
