"""One HTTP connection that trusts nobody: too much, too slow or ambiguous is refused before any service hears of it.

On top of the server library's parser, which refuses what is not HTTP: a limit to line and headers, deadlines for headers
and body as a whole, one Host, no path that decodes into another one, and when a port is full the connection that has waited
longest gives way. What a call means is not for here.
"""

from __future__ import annotations

import asyncio
import re
import socket
import struct
import sys
from typing import Any

import httptools
import msgspec
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from generalproeve.graenser import Graenser
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

    def __init__(self, graenser: Graenser, ventende: Ventende, **andet: Any) -> None:
        super().__init__(**andet)
        self._graenser = graenser
        self._forbindelser = graenser.forbindelser
        self._ventende = ventende
        self._afslag: tuple[int, str] = (400, ULAESELIG)
        self._hoved = 0
        self._i_hoved = False
        self._i_krop = False
        self._frist: asyncio.TimerHandle | None = None
        self._udvidelser: dict[str, Any] = {AFBRYD: self.afbryd}

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the library's own
        """Make room if the port is full, and give the caller its time."""
        super().connection_made(transport)
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
        self._udvidelser = {}  # a call under way keeps its own; a connection that holds itself is freed late
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; what cannot be read, or is too much, is answered and ends the connection."""
        self._unset_keepalive_if_required()
        var_i_hoved, var_i_krop = self._i_hoved, self._i_krop
        if var_i_hoved:
            self._hoved += len(data)
        try:
            self.parser.feed_data(data)
            if self._i_hoved:
                self._hold_hovedet()
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
        """Begin to count."""
        super().on_message_begin()
        self.scope["extensions"] = self._udvidelser
        self._hoved = 0
        self._i_hoved = True

    def on_url(self, url: bytes) -> None:
        """Count the address."""
        self._hoved += len(url)
        self._hold_hovedet()
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a header."""
        self._hoved += len(name) + len(value) + 4
        self._hold_hovedet()
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Refuse what two readers could read differently, and let the services answer the rest."""
        self._i_hoved = False
        if sum(navn == b"host" for navn, _ in self.headers) != 1 and self.parser.get_http_version() == "1.1":
            raise self._nej(400, "Host skal stå præcis én gang")
        if any(navn == b"transfer-encoding" and vaerdi.lower() != b"chunked" for navn, vaerdi in self.headers):
            raise self._nej(501, "transfer-encoding: kun chunked")
        if _SKJULT.search(httptools.parse_url(self.url).path or b""):
            raise self._nej(400, "stien må ikke have en indkodet skråstreg")
        self._i_krop = True
        super().on_headers_complete()

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

    def _hold_hovedet(self) -> None:
        if self._hoved > self._graenser.headers:
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
