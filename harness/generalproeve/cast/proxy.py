"""The recording proxy that a real system calls instead of the stage: forwards calls and responses, and records both.

It needs no control API. A call is forwarded unchanged, except that the calling system's header is added if it is missing;
in XML responses (WSDL) the addresses of the stage are replaced by those of the proxy.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from generalproeve.base.sockets import address, bind
from generalproeve.cast.observations import Observations, ObservedCall
from generalproeve.stage.http.server import new_loop, new_server
from vos_contracts.base import stopwatch
from vos_contracts.tables.errors import ServiceError
from vos_contracts.wire.asgi.body import BodyLimits
from vos_contracts.wire.asgi.endpoint import AsgiEndpoint, Receive, Scope, Send
from vos_contracts.wire.base import Call, Response, Transport, UnreachableError
from vos_contracts.wire.calls import CallReader

LOOPBACK = "127.0.0.1"
BODY_LIMITS = BodyLimits(body=64 * 1024 * 1024)
"""Far above the limits of the stage: the stage is to refuse a call that is too large, not the proxy."""
_HOP_BY_HOP = frozenset(
    {"host", "connection", "keep-alive", "content-length", "transfer-encoding", "accept-encoding", "expect", "upgrade"}
)
_RESPONSE_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "content-length", "transfer-encoding", "content-encoding"}
)


class RecordingProxy:
    """The proxy of one party; `systemheader` and `system` are the header and value added for a caller that sends none."""

    def __init__(
        self,
        party: str,
        line: Transport,
        reader: CallReader,
        observations: Observations,
        *,
        stage_addresses: Sequence[str],
        systemheader: str,
        system: int,
    ) -> None:
        self._party = party
        self._line = line
        self._reader = reader
        self._observations = observations
        self._stage_addresses = [address.encode() for address in stage_addresses]
        self._systemheader = systemheader.lower()
        self._system = system
        self._endpoint = AsgiEndpoint(self._send, _errors, BODY_LIMITS)
        self.address = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward a request."""
        await self._endpoint({**scope, "path_params": {}}, receive, send)

    async def _send(self, call: Call, path: dict[str, str]) -> Response:
        headers = {name: value for name, value in call.headers.items() if name not in _HOP_BY_HOP}
        headers.setdefault(self._systemheader, str(self._system))
        forwarded = replace(call, headers=headers)
        begun = stopwatch.seconds()
        try:
            response = await asyncio.to_thread(self._line.send, forwarded)
        except UnreachableError as error:
            return Response(502, {"content-type": "text/plain; charset=utf-8"}, str(error).encode())
        read = self._reader.read(forwarded)
        if read.registers:
            self._observations.add(ObservedCall(self._party, read, forwarded, response, stopwatch.seconds() - begun))
        response_headers = {name: value for name, value in response.headers.items() if name not in _RESPONSE_HOP_BY_HOP}
        return Response(
            response.status, response_headers, self._with_own_address(response, call.headers.get("host", ""))
        )

    def _with_own_address(self, response: Response, host: str) -> bytes:
        if not response.headers.get("content-type", "").startswith("text/xml"):
            return response.body
        body = response.body
        for own in self._stage_addresses:
            body = body.replace(own, f"http://{host}".encode())
        return body


def _errors(errors: Sequence[ServiceError], status: int) -> Response:
    text = "; ".join(error.description for error in errors)
    return Response(status or 500, {"content-type": "text/plain; charset=utf-8"}, text.encode())


@contextlib.contextmanager
def serve_proxies(proxies: Sequence[tuple[RecordingProxy, int]]) -> Iterator[None]:
    """Serve each proxy on its port, 0 for a free one, for as long as the block lasts; sets their addresses.

    Raises:
        CannotRun: a port is occupied.
    """
    with contextlib.ExitStack() as cleanup:
        servers = []
        for proxy, port in proxies:
            sock = bind(LOOPBACK, port)
            cleanup.callback(sock.close)
            proxy.address = address(LOOPBACK, sock)
            servers.append((new_server(proxy), sock))
        ready = threading.Event()

        async def serve() -> None:
            running = [asyncio.ensure_future(server.serve(sockets=[sock])) for server, sock in servers]
            while not all(server.started for server, _ in servers):
                await asyncio.sleep(0.001)
            ready.set()
            await asyncio.gather(*running)

        def run() -> None:
            with new_loop() as loop:
                loop.run_until_complete(serve())

        thread = threading.Thread(target=run, name="recording-proxies", daemon=True)
        thread.start()
        ready.wait()
        try:
            yield
        finally:
            for server, _ in servers:
                server.should_exit = True
            thread.join()


def base_of(address: str) -> str:
    """Return scheme, host and port of a URL."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
