"""One HTTP connection that trusts nobody: too much, too slow or ambiguous is refused before any service hears of it.

On top of the server library's parser, which refuses what is not HTTP: a limit to line and headers, deadlines for headers
and body as a whole, one Host, no path that decodes into another one, and when a port is full the connection that has waited
longest gives way. What a call means is not for here, nor how its answer is written (`besvarelse`).
"""

from __future__ import annotations

import asyncio
import re
import socket
import struct
import sys
from typing import Any
from urllib.parse import unquote

import httptools
import msgspec
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from generalproeve.besvarelse import Besvarelse
from generalproeve.settings.limits import Limits
from vos_contracts.koder.fejl import VALIDERER_IKKE

_SKJULT = re.compile(rb"%(?:2f|5c)", re.IGNORECASE)
"""An encoded slash or backslash: decoded, the path would be another one."""

AFBRYD = "generalproeve.afbryd"
"""The extension of ASGI by which an application ends the connection of a call without an answer: see `Protokol.afbryd`."""
_STRAKS = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
"""SO_LINGER: nothing is waited for, and the other side gets a reset."""
ULAESELIG = "kaldet er ikke gyldig HTTP"
Ventende = dict["Protokol", None]
"""The connections that no whole call has come from, those that have waited longest first."""


class Protokol(HttpToolsProtocol):
    """A connection within the limits; `ventende` is shared by the connections of one port."""

    def __init__(self, graenser: Limits, ventende: Ventende, **andet: Any) -> None:
        super().__init__(**andet)
        self._graenser = graenser
        self._forbindelser = graenser.connections_per_port
        self._ventende = ventende
        self._afslag: tuple[int, str] = (400, ULAESELIG)
        self._stykke = 0
        self._hoved = 0
        self._i_hoved = False
        self._i_krop = False
        self._frist: asyncio.TimerHandle | None = None
        self._udvidelser: dict[str, Any] = {AFBRYD: self.afbryd}

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the library's own
        """Make room if the port is full, and give the caller its time."""
        super().connection_made(transport)
        self._fast: dict[str, Any] = {
            "type": "http", "asgi": {"version": self.asgi_version, "spec_version": "2.3"}, "http_version": "1.1",
            "server": self.server, "client": self.client, "scheme": self.scheme, "root_path": self.root_path,
            "extensions": self._udvidelser,
        }  # fmt: skip
        self._ventende[self] = None
        if len(self.connections) > self._forbindelser:
            laengst = next(iter(self._ventende))
            laengst.connections.discard(laengst)
            laengst.transport.abort()
        self._frist = self.loop.call_later(self._graenser.header_seconds, self._for_sent)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_fristen()
        self._ventende.pop(self, None)
        self._udvidelser, self._fast = (
            {},
            {},
        )  # a call under way has its own; a connection that holds itself is freed late
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; what cannot be read, or is too much, is answered and ends the connection."""
        self._unset_keepalive_if_required()
        var_i_hoved, var_i_krop = self._i_hoved, self._i_krop
        self._stykke = len(data)
        if var_i_hoved:
            self._hoved += self._stykke
        try:
            self.parser.feed_data(data)
            if self._i_hoved:
                if not var_i_hoved:
                    self._hoved = self._laest()
                self._hold_hovedet(self._hoved)
        except httptools.HttpParserUpgrade:
            return  # the call is answered as if nothing had been asked
        except (httptools.HttpParserError, _Afslag):
            self._stop_fristen()
            self._afvis()
            return
        if self._i_hoved and not var_i_hoved:
            self._saet_fristen(self._graenser.header_seconds)
        elif self._i_krop and not var_i_krop:
            self._saet_fristen(self._graenser.body_seconds)
        elif not (self._i_hoved or self._i_krop):
            self._stop_fristen()

    def on_message_begin(self) -> None:
        """Begin a call."""
        self.url = b""
        self.headers = []
        self._hoved = 0
        self._i_hoved = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; what comes after the body is counted and not used."""
        if self._i_hoved:
            self.headers.append((name.lower(), value))
            return
        self._hoved += len(name) + len(value) + 4
        self._hold_hovedet(self._hoved)

    def on_headers_complete(self) -> None:
        """Refuse what two readers could read differently, and let the services answer the rest."""
        self._i_hoved = False
        if self._hoved + self._stykke > self._graenser.headers:
            self._hold_hovedet(self._laest())
        version = self.parser.get_http_version()
        navne = [navn for navn, _ in self.headers]
        if navne.count(b"host") != 1 and version == "1.1":
            raise self._nej(400, "Host skal stå præcis én gang")
        if b"transfer-encoding" in navne and not self._siger(b"transfer-encoding", b"chunked"):
            raise self._nej(501, "transfer-encoding: kun chunked")
        url = httptools.parse_url(self.url)
        raa_sti = url.path or b""
        sti = raa_sti.decode("ascii")
        if "%" in sti:
            if _SKJULT.search(raa_sti):
                raise self._nej(400, "stien må ikke have en indkodet skråstreg")
            sti = unquote(sti)
        self._i_krop = True
        scope: Any = {
            **self._fast, "http_version": version, "method": self.parser.get_method().decode("ascii"), "path": sti,
            "raw_path": raa_sti, "query_string": url.query or b"", "headers": self.headers,
        }  # fmt: skip
        self.scope = scope
        self._besvar(Besvarelse(
            self, bevares=version != "1.0" and self.parser.should_keep_alive(),
            fortsaet=b"expect" in navne and self._siger(b"expect", b"100-continue"),
        ))  # fmt: skip

    def on_message_complete(self) -> None:
        """The whole call is here: it does not give way to another connection."""
        self._i_krop = False
        self._ventende.pop(self, None)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next call, at the end of the line."""
        super().on_response_complete()
        if not self.transport.is_closing():
            self._ventende.pop(self, None)
            self._ventende[self] = None

    def afbryd(self, *, nulstil: bool) -> None:
        """End the connection: with a reset, or quietly."""
        if nulstil and not self.transport.is_closing():
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _STRAKS)
            self.transport.abort()
        else:
            self.transport.close()

    def _besvar(self, besvarelse: Besvarelse) -> None:
        """Let the services answer now, or after the calls that came before on the connection."""
        forrige, self.cycle = self.cycle, besvarelse
        if forrige is None or forrige.response_complete:
            self._start_asgi_task(besvarelse, self.app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((besvarelse, self.app))

    def _siger(self, header: bytes, hvad: bytes) -> bool:
        return all(vaerdi.lower() == hvad for navn, vaerdi in self.headers if navn == header)

    def _laest(self) -> int:
        return len(self.url) + sum(len(navn) + len(vaerdi) + 4 for navn, vaerdi in self.headers)

    def _hold_hovedet(self, laengde: int) -> None:
        if laengde > self._graenser.headers:
            raise self._nej(431, f"linje og headere må højst være {self._graenser.headers} byte")

    def _nej(self, status: int, regel: str) -> _Afslag:
        self._afslag = status, regel
        return _Afslag(regel)

    def _for_sent(self) -> None:
        self._frist = None
        if self._i_hoved or self._i_krop:
            self._afslag = 408, "kaldet var for længe om at komme"
            self._afvis()
        else:
            self.transport.close()

    def _afvis(self) -> None:
        """Answer for the services, unless they have begun to, and hang up."""
        if not self.transport.is_closing() and (self.cycle is None or not self._besvares()):
            status, regel = self._afslag
            fejl = {"fejlkode": VALIDERER_IKKE, "fejltekst": "Request validerer ikke", "beskrivelse": regel}
            tekst = msgspec.json.encode({"fejl": [fejl]})
            hoved = b"content-type: application/json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % len(tekst)
            self.transport.write(STATUS_LINE[status] + hoved + tekst)
        self.transport.close()

    def _besvares(self) -> bool:
        return self.cycle.response_started and not self.cycle.response_complete

    def _saet_fristen(self, sekunder: float) -> None:
        self._stop_fristen()
        self._frist = self.loop.call_later(sekunder, self._for_sent)

    def _stop_fristen(self) -> None:
        if self._frist is not None:
            self._frist.cancel()
            self._frist = None


class _Afslag(Exception):
    """A call that is refused before it is read to the end; raised in the parser's callbacks."""
