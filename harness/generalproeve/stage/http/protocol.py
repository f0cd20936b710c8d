"""One HTTP connection that trusts nobody: too much, too slow or ambiguous is refused before any service hears of it.

On top of the server library's parser, which refuses what is not HTTP: a limit to line and headers, deadlines for headers
and body as a whole, one Host, no path that decodes into another one, and when a port is full the connection that has waited
longest gives way. What a call means is not for here, nor how its answer is written (`exchange`).
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

from generalproeve.settings.limits import Limits
from generalproeve.stage.http.exchange import Exchange
from vos_contracts.tables.errors import VALIDATES_NOT

_HIDDEN = re.compile(rb"%(?:2f|5c)", re.IGNORECASE)
"""An encoded slash or backslash: decoded, the path would be another one."""

INTERRUPT = "generalproeve.interrupt"
"""The extension of ASGI by which an application ends the connection of a call without an answer: see `Protocol.interrupt`."""
_AT_ONCE = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
"""SO_LINGER: nothing is waited for, and the other side gets a reset."""
UNREADABLE = "kaldet er ikke gyldig HTTP"
Pending = dict["Protocol", None]
"""The connections that no whole call has come from, those that have waited longest first."""


class Protocol(HttpToolsProtocol):
    """A connection within the limits; `pending` is shared by the connections of one port."""

    def __init__(self, limits: Limits, pending: Pending, **other: Any) -> None:
        super().__init__(**other)
        self._limits = limits
        self._open_connections = limits.connections_per_port
        self._pending = pending
        self._refusal: tuple[int, str] = (400, UNREADABLE)
        self._piece = 0
        self._head = 0
        self._i_head = False
        self._i_body = False
        self._deadline: asyncio.TimerHandle | None = None
        self._extensions: dict[str, Any] = {INTERRUPT: self.interrupt}

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the library's own
        """Make room if the port is full, and give the caller its time."""
        super().connection_made(transport)
        self._fixed: dict[str, Any] = {
            "type": "http", "asgi": {"version": self.asgi_version, "spec_version": "2.3"}, "http_version": "1.1",
            "server": self.server, "client": self.client, "scheme": self.scheme, "root_path": self.root_path,
            "extensions": self._extensions,
        }  # fmt: skip
        self._pending[self] = None
        if len(self.connections) > self._open_connections:
            longest = next(iter(self._pending))
            longest.connections.discard(longest)
            longest.transport.abort()
        self._deadline = self.loop.call_later(self._limits.header_seconds, self._for_sent)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_deadline()
        self._pending.pop(self, None)
        self._extensions, self._fixed = (
            {},
            {},
        )  # a call under way has its own; a connection that holds itself is freed late
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; what cannot be read, or is too much, is answered and ends the connection."""
        self._unset_keepalive_if_required()
        var_i_head, var_i_body = self._i_head, self._i_body
        self._piece = len(data)
        if var_i_head:
            self._head += self._piece
        try:
            self.parser.feed_data(data)
            if self._i_head:
                if not var_i_head:
                    self._head = self._was_read()
                self._hold_head(self._head)
        except httptools.HttpParserUpgrade:
            return  # the call is answered as if nothing had been asked
        except (httptools.HttpParserError, _Refusal):
            self._stop_deadline()
            self._refuse()
            return
        if self._i_head and not var_i_head:
            self._set_deadline(self._limits.header_seconds)
        elif self._i_body and not var_i_body:
            self._set_deadline(self._limits.body_seconds)
        elif not (self._i_head or self._i_body):
            self._stop_deadline()

    def on_message_begin(self) -> None:
        """Begin a call."""
        self.url = b""
        self.headers = []
        self._head = 0
        self._i_head = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; what comes after the body is counted and not used."""
        if self._i_head:
            self.headers.append((name.lower(), value))
            return
        self._head += len(name) + len(value) + 4
        self._hold_head(self._head)

    def on_headers_complete(self) -> None:
        """Refuse what two readers could read differently, and let the services answer the rest."""
        self._i_head = False
        if self._head + self._piece > self._limits.headers:
            self._hold_head(self._was_read())
        version = self.parser.get_http_version()
        names = [name for name, _ in self.headers]
        if names.count(b"host") != 1 and version == "1.1":
            raise self._no(400, "Host skal stå præcis én gang")
        if b"transfer-encoding" in names and not self._says(b"transfer-encoding", b"chunked"):
            raise self._no(501, "transfer-encoding: kun chunked")
        url = httptools.parse_url(self.url)
        raw_path = url.path or b""
        path = raw_path.decode("ascii")
        if "%" in path:
            if _HIDDEN.search(raw_path):
                raise self._no(400, "stien må ikke have en indkodet skråstreg")
            path = unquote(path)
        self._i_body = True
        scope: Any = {
            **self._fixed, "http_version": version, "method": self.parser.get_method().decode("ascii"), "path": path,
            "raw_path": raw_path, "query_string": url.query or b"", "headers": self.headers,
        }  # fmt: skip
        self.scope = scope
        self._answer(Exchange(
            self, kept=version != "1.0" and self.parser.should_keep_alive(),
            resume=b"expect" in names and self._says(b"expect", b"100-continue"),
        ))  # fmt: skip

    def on_message_complete(self) -> None:
        """The whole call is here: it does not give way to another connection."""
        self._i_body = False
        self._pending.pop(self, None)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next call, at the end of the line."""
        super().on_response_complete()
        if not self.transport.is_closing():
            self._pending.pop(self, None)
            self._pending[self] = None

    def interrupt(self, *, reset: bool) -> None:
        """End the connection: with a reset, or quietly."""
        if reset and not self.transport.is_closing():
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
            self.transport.abort()
        else:
            self.transport.close()

    def _answer(self, exchange: Exchange) -> None:
        """Let the services answer now, or after the calls that came before on the connection."""
        previous, self.cycle = self.cycle, exchange
        if previous is None or previous.response_complete:
            self._start_asgi_task(exchange, self.app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((exchange, self.app))

    def _says(self, header: bytes, what: bytes) -> bool:
        return all(value.lower() == what for name, value in self.headers if name == header)

    def _was_read(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _hold_head(self, length: int) -> None:
        if length > self._limits.headers:
            raise self._no(431, f"linje og headere må højst være {self._limits.headers} byte")

    def _no(self, status: int, rule: str) -> _Refusal:
        self._refusal = status, rule
        return _Refusal(rule)

    def _for_sent(self) -> None:
        self._deadline = None
        if self._i_head or self._i_body:
            self._refusal = 408, "kaldet var for længe om at komme"
            self._refuse()
        else:
            self.transport.close()

    def _refuse(self) -> None:
        """Answer for the services, unless they have begun to, and hang up."""
        if not self.transport.is_closing() and (self.cycle is None or not self._answered()):
            status, rule = self._refusal
            errors = {"fejlkode": VALIDATES_NOT, "fejltekst": "Request validerer ikke", "beskrivelse": rule}
            text = msgspec.json.encode({"fejl": [errors]})
            head = b"content-type: application/json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % len(text)
            self.transport.write(STATUS_LINE[status] + head + text)
        self.transport.close()

    def _answered(self) -> bool:
        return self.cycle.response_started and not self.cycle.response_complete

    def _set_deadline(self, seconds: float) -> None:
        self._stop_deadline()
        self._deadline = self.loop.call_later(seconds, self._for_sent)

    def _stop_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class _Refusal(Exception):
    """A call that is refused before it is read to the end; raised in the parser's callbacks."""
