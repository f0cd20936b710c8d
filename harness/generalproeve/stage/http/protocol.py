"""One HTTP/1.1 connection with limits: a request that is too large, too slow or ambiguous is refused before the ASGI call.

Built on uvicorn's httptools protocol through the parser callbacks that it overrides itself; uvicorn's own request cycle
writes the responses. Added here: a limit on request line and headers, deadlines for the whole head and the whole body,
exactly one Host header, no encoded slash in the path, no upgrade, and eviction of the longest-waiting connection when a
port is full.
A writer of our own that joined head and body and cached heads gained 6 % of reads and 5 % of creates per core-second
(median of 40 paired rounds of 400 requests), too little for its copy of uvicorn's private attributes.
Not here: what a request means.
"""

from __future__ import annotations

import asyncio
import re
import socket
import struct
import sys
from collections.abc import Mapping
from typing import Any

import httptools
import msgspec
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from generalproeve.settings.limits import Limits
from vos_contracts.tables.errors import INVALID_REQUEST

_ENCODED_SLASH = re.compile(rb"%(?:2f|5c)", re.IGNORECASE)
"""An encoded slash or backslash: once decoded, the path names another resource than the one that was routed on."""

INTERRUPT = "generalproeve.interrupt"
"""The ASGI extension by which an application ends a connection without a response: see `Protocol.interrupt`."""
_LINGER_ZERO = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
"""SO_LINGER with a timeout of 0: close() sends RST instead of FIN."""
UNREADABLE = "kaldet er ikke gyldig HTTP"
Pending = dict["Protocol", None]
"""The connections without a complete request, longest-waiting first."""


class Protocol(HttpToolsProtocol):
    """A connection within the limits; `pending` is shared by the connections of one port."""

    def __init__(self, limits: Limits, pending: Pending, **other: Any) -> None:
        super().__init__(**other)
        self._limits = limits
        self._max_connections = limits.connections_per_port
        self._pending = pending
        self._refusal: tuple[int, str] = (400, UNREADABLE)
        self._chunk_length = 0
        self._head_length = 0
        self._in_head = False
        self._in_body = False
        self._deadline: asyncio.TimerHandle | None = None
        self._extensions: dict[str, Any] = {INTERRUPT: self.interrupt}

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the base class
        """Evict the longest-waiting connection if the port is full, and start the deadline for the head."""
        super().connection_made(transport)
        self._pending[self] = None
        if len(self.connections) > self._max_connections:
            longest = next(iter(self._pending))
            longest.connections.discard(longest)
            longest.transport.abort()
        self._deadline = self.loop.call_later(self._limits.header_seconds, self._deadline_passed)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the deadline and leave the pending connections."""
        self._stop_deadline()
        self._pending.pop(self, None)
        self._extensions = {}  # breaks the cycle self -> dict -> bound method -> self; a running request holds its own
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse the next bytes; answer and close if they are not HTTP or exceed a limit."""
        self._unset_keepalive_if_required()
        was_in_head, was_in_body = self._in_head, self._in_body
        self._chunk_length = len(data)
        if was_in_head:
            self._head_length += self._chunk_length
        try:
            self._parse(data)
            if self._in_head:
                if not was_in_head:
                    self._head_length = self._parsed_length()
                self._require_head(self._head_length)
        except (httptools.HttpParserError, _Refusal):
            self._stop_deadline()
            self._refuse()
            return
        if self._in_head and not was_in_head:
            self._set_deadline(self._limits.header_seconds)
        elif self._in_body and not was_in_body:
            self._set_deadline(self._limits.body_seconds)
        elif not (self._in_head or self._in_body):
            self._stop_deadline()

    def _parse(self, data: bytes) -> None:
        """Parse bytes; a request that asks for an upgrade is parsed again without it (RFC 9110 section 7.8).

        The parser stops at the end of such a head, as if another protocol followed: what follows is the request's body.
        Java's HTTP client asks for h2c in every request.
        """
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as exc:
            head = self._head_without_upgrade()
            self.parser = httptools.HttpRequestParser(self)
            self._parse(head + data[exc.args[0] :])

    def _head_without_upgrade(self) -> bytes:
        lines = [b"%b %b HTTP/%b" % (self.parser.get_method(), self.url, self.parser.get_http_version().encode())]
        for name, value in self.headers:
            if name == b"connection":
                kept = [option.strip() for option in value.split(b",") if option.strip().lower() != b"upgrade"]
                lines += [b"connection: " + b", ".join(kept)] if kept else []
            elif name != b"upgrade":
                lines.append(name + b": " + value)
        return b"\r\n".join((*lines, b"", b""))

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        scope: Any = self.scope  # uvicorn's type does not know ASGI's extensions
        scope["extensions"] = self._extensions
        self._head_length = 0
        self._in_head = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; a trailer (after the body) counts towards the limit and is dropped."""
        if self._in_head:
            super().on_header(name, value)
            return
        self._head_length += len(name) + len(value) + 4
        self._require_head(self._head_length)

    def on_headers_complete(self) -> None:
        """Refuse a request that two HTTP parsers could read differently; start the application on any other."""
        self._in_head = False
        if self._head_length + self._chunk_length > self._limits.headers:
            self._require_head(self._parsed_length())
        names = [name for name, _ in self.headers]
        if names.count(b"host") != 1 and self.parser.get_http_version() == "1.1":
            raise self._refused(400, "Host skal stå præcis én gang")
        if b"transfer-encoding" in names and not self._only_chunked():
            raise self._refused(501, "transfer-encoding: kun chunked")
        if not self.url.startswith(b"/") and not httptools.parse_url(self.url).path:
            raise self._refused(400, "stien mangler")
        if b"%" in self.url and _ENCODED_SLASH.search(self.url.partition(b"?")[0]):
            raise self._refused(400, "stien må ikke have en indkodet skråstreg")
        if self.parser.get_method() == b"CONNECT":
            raise self._refused(501, "CONNECT udføres ikke")
        if self.parser.should_upgrade():
            return
        self._in_body = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is complete: its connection is not evicted any more."""
        if self.parser.should_upgrade():
            return
        self._in_body = False
        self._pending.pop(self, None)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request, as the last of the pending connections."""
        super().on_response_complete()
        if not self.transport.is_closing():
            self._pending.pop(self, None)
            self._pending[self] = None

    def interrupt(self, *, reset: bool) -> None:
        """End the connection without a response: with a TCP reset, or with an ordinary close."""
        if reset and not self.transport.is_closing():
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
            self.transport.abort()
        else:
            self.transport.close()

    def _only_chunked(self) -> bool:
        return all(value.lower() == b"chunked" for name, value in self.headers if name == b"transfer-encoding")

    def _parsed_length(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _require_head(self, length: int) -> None:
        if length > self._limits.headers:
            raise self._refused(431, f"linje og headere må højst være {self._limits.headers} byte")

    def _refused(self, status: int, rule: str) -> _Refusal:
        self._refusal = status, rule
        return _Refusal(rule)

    def _deadline_passed(self) -> None:
        self._deadline = None
        if self._in_head or self._in_body:
            self._refusal = 408, "kaldet var for længe om at komme"
            self._refuse()
        else:
            self.transport.close()

    def _refuse(self) -> None:
        """Answer in place of the application, unless its response is half written, and close."""
        if not self.transport.is_closing() and not self._response_half_written():
            status, rule = self._refusal
            errors = {"fejlkode": INVALID_REQUEST, "fejltekst": "Request validerer ikke", "beskrivelse": rule}
            text = msgspec.json.encode({"fejl": [errors]})
            head = b"content-type: application/json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % len(text)
            self.transport.write(STATUS_LINE[status] + head + text)
        self.transport.close()

    def _response_half_written(self) -> bool:
        return self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete

    def _set_deadline(self, seconds: float) -> None:
        self._stop_deadline()
        self._deadline = self.loop.call_later(seconds, self._deadline_passed)

    def _stop_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class CertificateProtocol(Protocol):
    """A TLS connection that tells the application the client certificate's common name (ASGI's TLS extension)."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the base class
        """Read the common name once per connection."""
        super().connection_made(transport)
        connection = transport.get_extra_info("ssl_object")
        certificate = connection.getpeercert() if connection is not None else None
        self._extensions["tls"] = {"client_cert_name": _common_name(certificate) if certificate else None}


def _common_name(certificate: Mapping[str, Any]) -> str | None:
    return next((value for link in certificate["subject"] for name, value in link if name == "commonName"), None)


class _Refusal(Exception):
    """A request that is refused before it is read to the end; raised in the parser's callbacks."""
