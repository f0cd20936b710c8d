"""The address that a real system calls instead of the stage: passes every call on, brings the answer back, and notes both.

It works on any stage, also one without a control API. What is passed on is what came, but for the calling system's header where
the caller says none, and the addresses in what the stage answers, which become this one's.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from generalproeve.base.sockets import adresse, bind
from generalproeve.rolle.handling import Handlingslaeser
from generalproeve.rolle.iagttagelser import Iagttagelser, Iagttaget
from generalproeve.server import ny_loop, ny_server
from vos_contracts.base import stopwatch
from vos_contracts.koder.fejl import Fejl
from vos_contracts.wire.asgi import AsgiEndepunkt, Receive, Scope, Send
from vos_contracts.wire.base import Kald, Svar, Transport, UnreachableError
from vos_contracts.wire.graenser import Kropsgraenser

LOOPBACK = "127.0.0.1"
STOERSTE_KROP = Kropsgraenser(krop=64 * 1024 * 1024)
"""Bytes of a call; the stage's own limit is for the stage to hold."""
_LINJENS = frozenset(
    {"host", "connection", "keep-alive", "content-length", "transfer-encoding", "accept-encoding", "expect", "upgrade"}
)
_SVARETS = frozenset({"connection", "keep-alive", "content-length", "transfer-encoding", "content-encoding"})


class Mellemled:
    """One role's address; `systemheader` and `system` are what a caller is taken to say who says nothing."""

    def __init__(
        self,
        rolle: str,
        linje: Transport,
        laeser: Handlingslaeser,
        iagttagelser: Iagttagelser,
        *,
        scenens: Sequence[str],
        systemheader: str,
        system: int,
    ) -> None:
        self._rolle = rolle
        self._linje = linje
        self._laeser = laeser
        self._iagttagelser = iagttagelser
        self._scenens = [en.encode() for en in scenens]
        self._systemheader = systemheader.lower()
        self._system = system
        self._endepunkt = AsgiEndepunkt(self._send, _fejl, STOERSTE_KROP)
        self.adresse = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a call on."""
        await self._endepunkt({**scope, "path_params": {}}, receive, send)

    async def _send(self, kald: Kald, sti: dict[str, str]) -> Svar:
        headers = {navn: vaerdi for navn, vaerdi in kald.headers.items() if navn not in _LINJENS}
        headers.setdefault(self._systemheader, str(self._system))
        videre = replace(kald, headers=headers)
        begyndt = stopwatch.seconds()
        try:
            svar = await asyncio.to_thread(self._linje.send, videre)
        except UnreachableError as brud:
            return Svar(502, {"content-type": "text/plain; charset=utf-8"}, str(brud).encode())
        handling = self._laeser.laes(videre)
        if handling is not None:
            self._iagttagelser.noter(Iagttaget(self._rolle, handling, videre, svar, stopwatch.seconds() - begyndt))
        svarheaders = {navn: vaerdi for navn, vaerdi in svar.headers.items() if navn not in _SVARETS}
        return Svar(svar.status, svarheaders, self._herfra(svar, kald.headers.get("host", "")))

    def _herfra(self, svar: Svar, host: str) -> bytes:
        if not svar.headers.get("content-type", "").startswith("text/xml"):
            return svar.krop
        krop = svar.krop
        for en in self._scenens:
            krop = krop.replace(en, f"http://{host}".encode())
        return krop


def _fejl(fejl: Sequence[Fejl], status: int) -> Svar:
    tekst = "; ".join(en.beskrivelse for en in fejl)
    return Svar(status or 500, {"content-type": "text/plain; charset=utf-8"}, tekst.encode())


@contextlib.contextmanager
def aabne(mellemled: Sequence[tuple[Mellemled, int]]) -> Iterator[None]:
    """Serve each on its port, 0 for a free one, for as long as the block lasts; errors: KanIkkeKoere for an occupied port."""
    with contextlib.ExitStack() as oprydning:
        servere = []
        for en, port in mellemled:
            stik = bind(LOOPBACK, port)
            oprydning.callback(stik.close)
            en.adresse = adresse(LOOPBACK, stik)
            servere.append((ny_server(en), stik))
        klar = threading.Event()

        async def server() -> None:
            opgaver = [asyncio.ensure_future(en.serve(sockets=[stik])) for en, stik in servere]
            while not all(en.started for en, _ in servere):
                await asyncio.sleep(0.001)
            klar.set()
            await asyncio.gather(*opgaver)

        def koer() -> None:
            with ny_loop() as loop:
                loop.run_until_complete(server())

        traad = threading.Thread(target=koer, name="mellemled", daemon=True)
        traad.start()
        klar.wait()
        try:
            yield
        finally:
            for en_server, _ in servere:
                en_server.should_exit = True
            traad.join()


def base(adresse_: str) -> str:
    """Return scheme and host of an address."""
    dele = urlsplit(adresse_)
    return f"{dele.scheme}://{dele.netloc}"
