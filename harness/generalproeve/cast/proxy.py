"""The address that a real system calls instead of the stage's: forwards every call and its answer, and records both.

Works on any stage, also one without a control API. A call is forwarded unchanged but for the calling system's header where the
caller sends none; in an answer the stage's addresses become this one's.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from generalproeve.base.sockets import adresse, bind
from generalproeve.cast.observations import Observations, ObservedCall
from generalproeve.server import ny_loop, ny_server
from vos_contracts.base import stopwatch
from vos_contracts.koder.fejl import Fejl
from vos_contracts.wire.asgi import AsgiEndepunkt, Receive, Scope, Send
from vos_contracts.wire.base import Kald, Svar, Transport, UnreachableError
from vos_contracts.wire.body import Kropsgraenser
from vos_contracts.wire.calls import CallReader

LOOPBACK = "127.0.0.1"
BODY_LIMITS = Kropsgraenser(krop=64 * 1024 * 1024)
"""Bytes of a call; far above the stage's own limit, which is for the stage to keep."""
_HOP_BY_HOP = frozenset(
    {"host", "connection", "keep-alive", "content-length", "transfer-encoding", "accept-encoding", "expect", "upgrade"}
)
_ANSWER_HOP_BY_HOP = frozenset({"connection", "keep-alive", "content-length", "transfer-encoding", "content-encoding"})


class RecordingProxy:
    """One party's address; `systemheader` and `system` are what is sent for a caller that does not say its system."""

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
        self._endepunkt = AsgiEndepunkt(self._send, _fejl, BODY_LIMITS)
        self.address = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward a call."""
        await self._endepunkt({**scope, "path_params": {}}, receive, send)

    async def _send(self, kald: Kald, sti: dict[str, str]) -> Svar:
        headers = {navn: vaerdi for navn, vaerdi in kald.headers.items() if navn not in _HOP_BY_HOP}
        headers.setdefault(self._systemheader, str(self._system))
        forwarded = replace(kald, headers=headers)
        begun = stopwatch.seconds()
        try:
            svar = await asyncio.to_thread(self._line.send, forwarded)
        except UnreachableError as brud:
            return Svar(502, {"content-type": "text/plain; charset=utf-8"}, str(brud).encode())
        read = self._reader.read(forwarded)
        if read.registers:
            self._observations.add(ObservedCall(self._party, read, forwarded, svar, stopwatch.seconds() - begun))
        answer_headers = {navn: vaerdi for navn, vaerdi in svar.headers.items() if navn not in _ANSWER_HOP_BY_HOP}
        return Svar(svar.status, answer_headers, self._with_own_address(svar, kald.headers.get("host", "")))

    def _with_own_address(self, svar: Svar, host: str) -> bytes:
        if not svar.headers.get("content-type", "").startswith("text/xml"):
            return svar.krop
        krop = svar.krop
        for address in self._stage_addresses:
            krop = krop.replace(address, f"http://{host}".encode())
        return krop


def _fejl(fejl: Sequence[Fejl], status: int) -> Svar:
    tekst = "; ".join(en.beskrivelse for en in fejl)
    return Svar(status or 500, {"content-type": "text/plain; charset=utf-8"}, tekst.encode())


@contextlib.contextmanager
def serve_proxies(proxies: Sequence[tuple[RecordingProxy, int]]) -> Iterator[None]:
    """Serve each on its port, 0 for a free one, for as long as the block lasts.

    Raises:
        KanIkkeKoere: a port is occupied.
    """
    with contextlib.ExitStack() as cleanup:
        servers = []
        for proxy, port in proxies:
            sock = bind(LOOPBACK, port)
            cleanup.callback(sock.close)
            proxy.address = adresse(LOOPBACK, sock)
            servers.append((ny_server(proxy), sock))
        ready = threading.Event()

        async def serve() -> None:
            running = [asyncio.ensure_future(server.serve(sockets=[sock])) for server, sock in servers]
            while not all(server.started for server, _ in servers):
                await asyncio.sleep(0.001)
            ready.set()
            await asyncio.gather(*running)

        def run() -> None:
            with ny_loop() as loop:
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
    """Return scheme and host of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
