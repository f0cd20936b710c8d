"""A party's webhook: a real HTTP server on loopback that takes in webservice messages, with the habits it is given.

What it has taken is kept in the order of arrival. Not here: what a habit does (`vos_simulators.habits`), or what the
messages ought to be (`vos_simulators.oracle`).
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from vos_contracts.kontrakt import Kontrakt
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.wsb import Wsb, WsbBesked
from vos_simulators.habits import Garbage, Hangup, Reaction, WebhookHabit, takes_in

FRIST_S = 10.0


@dataclass(frozen=True, slots=True)
class Ankomst:
    """One call that came: its path, its body, the message or what was wrong with it, and whether it was taken in."""

    sti: str
    headers: dict[str, str]
    krop: bytes
    besked: WsbBesked | None
    fejl: str
    taget: bool


class WsbModtager:
    """The server; a context manager. `habit` may be changed while it runs, and the same port may be opened again."""

    def __init__(self, kontrakt: Kontrakt, habit: WebhookHabit | None = None, port: int = 0) -> None:
        self.habit = habit or takes_in()
        self._wsb = Wsb(kontrakt)
        self._port = port
        self._nyt = threading.Condition()
        self._ankomster: list[Ankomst] = []
        self._server: ThreadingHTTPServer | None = None
        self._traad: threading.Thread | None = None

    @property
    def adresse(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def ankomster(self) -> tuple[Ankomst, ...]:
        """Everything that came, in order."""
        with self._nyt:
            return tuple(self._ankomster)

    @property
    def beskeder(self) -> list[WsbBesked]:
        """The messages that were taken in, repeats included, in order."""
        return [en.besked for en in self.ankomster if en.taget and en.besked is not None]

    def vent_paa(self, antal: int, frist: float = FRIST_S) -> list[WsbBesked]:
        """Wait until that many messages were taken in and return all; errors: AssertionError at the deadline."""
        self.vent(lambda: len(self.beskeder) >= antal, f"{antal} beskeder", frist)
        return self.beskeder

    def vent(self, betingelse: Callable[[], bool], hvad: str, frist: float = FRIST_S) -> None:
        """Wait until something that depends on what came holds; errors: AssertionError at the deadline."""
        with self._nyt:
            assert self._nyt.wait_for(betingelse, frist), f"{hvad} kom ikke; der kom {len(self._ankomster)} kald"

    def vent_paa_ro(self, ro: float) -> None:
        """Wait until nothing has come for `ro` seconds."""
        with self._nyt:
            antal = -1
            while antal != len(self._ankomster):
                antal = len(self._ankomster)
                self._nyt.wait(ro)

    def aabn(self) -> None:
        """Begin to listen, on the port it had if it had one."""
        modtager = self

        class Behandler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                krop = self.rfile.read(int(self.headers.get("content-length", "0")))
                svar = modtager._tag(self.path, {en.lower(): vaerdi for en, vaerdi in self.headers.items()}, krop)
                _svar(self, svar)

            def log_message(self, *andet: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), Behandler)
        self._server.daemon_threads = True
        self._port = self._server.server_address[1]
        self._traad = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._traad.start()

    def luk(self) -> None:
        """Stop listening; what was taken in stays."""
        if self._server is not None and self._traad is not None:
            self._server.shutdown()
            self._server.server_close()
            self._traad.join()
            self._server = None

    def _tag(self, sti: str, headers: dict[str, str], krop: bytes) -> Reaction:
        besked, fejl = None, ""
        try:
            besked = self._wsb.laes(krop)
        except RemoteWireError as brud:
            fejl = str(brud)
        with self._nyt:
            svar = self.habit(besked, len(self._ankomster))
            self._ankomster.append(Ankomst(sti, headers, krop, besked, fejl, svar.taken and not fejl))
            self._nyt.notify_all()
        svar.wait()
        return svar

    def __enter__(self) -> Self:
        self.aabn()
        return self

    def __exit__(
        self, type_: type[BaseException] | None, fejl: BaseException | None, spor: TracebackType | None
    ) -> None:
        self.luk()


def _svar(behandler: BaseHTTPRequestHandler, svar: Reaction) -> None:
    if isinstance(svar, Hangup):
        behandler.close_connection = True
        if svar.reset:
            nul = struct.pack("ii", 1, 0)
            behandler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, nul)
            behandler.connection.close()
    elif isinstance(svar, Garbage):
        behandler.close_connection = True
        behandler.wfile.write(svar.bytes)
    else:
        behandler.send_response(svar.status)
        for navn, vaerdi in (*svar.headers, ("content-length", "0")):
            behandler.send_header(navn, vaerdi)
        behandler.end_headers()
