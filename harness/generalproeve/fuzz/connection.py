"""A raw HTTP/1.1 client with one persistent connection, which sends malformed requests unchanged.

It normalises no header, follows no redirect and decompresses no body. The standard library parses the answers.
"""

from __future__ import annotations

import base64
import io
import socket
from http.client import HTTPException, HTTPResponse
from types import TracebackType
from typing import Self, cast
from urllib.parse import unquote, urlsplit

from vos_contracts.base import stopwatch
from vos_contracts.wire.base import Call, NoListenerError, Response, UnreachableError
from vos_simulators.access import Access, without_token


class _Answers(io.BufferedReader):
    """The incoming bytes of a connection: HTTPResponse closes its file after each answer, but this one stays open."""

    def makefile(self, mode: str) -> Self:
        return self

    def close(self) -> None:
        pass

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        if not line:  # HTTPResponse would take the end of the stream for the end of the headers
            raise ValueError("the connection ended in the middle of an answer")
        return line


class Connection:
    """A `Transport` to one base address; `slowest` is the longest time that a call took, in seconds."""

    def __init__(self, address: str, timeout: float | None, access: Access | None = None) -> None:
        """Prepare the connection; the first call opens it.

        Raises:
            OSError: when a certificate cannot be read.
            ssl.SSLError: when a certificate cannot be used.
        """
        parts = urlsplit(address)
        self._tls = (access or Access()).tls() if parts.scheme == "https" else None
        self._host, self._port = parts.hostname or "", parts.port or (443 if self._tls else 80)
        self._address, self._timeout = without_token(address), timeout
        self._root = parts.path.rstrip("/").encode()
        self._headers = b"host: " + parts.netloc.rpartition("@")[2].encode("idna")
        if parts.username is not None or parts.password is not None:
            login = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
            self._headers += b"\r\nauthorization: Basic " + base64.b64encode(login.encode())
        self._open: tuple[socket.socket, _Answers] | None = None
        self.slowest = 0.0

    def send(self, call: Call) -> Response:
        """Send one call and return its answer.

        Raises:
            UnreachableError: when no complete answer came within the timeout.
        """
        kept, started = self._open is not None, stopwatch.seconds()
        try:
            try:
                return self._exchange(call)
            except (BrokenPipeError, ConnectionResetError):
                if not kept:
                    raise
                self.close()  # the server had closed the idle connection: it has not read this call
                return self._exchange(call)
        except (OSError, ValueError, HTTPException) as error:
            self.close()
            what = f"{call.method} {call.path}"
            raise UnreachableError(f"{self._address}: {what}: {error or type(error).__name__}") from error
        finally:
            self.slowest = max(self.slowest, stopwatch.seconds() - started)

    def _exchange(self, call: Call) -> Response:
        sock, answers = self._open = self._open or self._connect()
        try:
            sock.sendall(self._serialize(call))
        except (BrokenPipeError, ConnectionResetError):
            if not answers.peek(1):  # a server may answer before it has read the whole call
                raise
        if not answers.peek(1):
            raise ConnectionResetError("the connection ended before an answer came")
        response = HTTPResponse(cast(socket.socket, answers), method=call.method)
        response.begin()
        headers = {name.lower(): value.strip() for name, value in response.headers.items()}
        answer = Response(response.status, headers, response.read())
        if response.will_close:
            self.close()
        return answer

    def _connect(self) -> tuple[socket.socket, _Answers]:
        try:
            sock = socket.create_connection((self._host, self._port), self._timeout)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls is not None:
                sock = self._tls.wrap_socket(sock, server_hostname=self._host)
        except OSError as error:
            raise NoListenerError(f"{self._address}: {error}") from error
        return sock, _Answers(socket.SocketIO(sock, "r"))

    def _serialize(self, call: Call) -> bytes:
        lines = [b"%s %s%s HTTP/1.1" % (call.method.encode(), self._root, call.path.encode()), self._headers]
        lines += [b"%s: %s" % (name.encode(), value.encode()) for name, value in call.headers.items()]
        if call.body or call.method in {"POST", "PUT"}:
            lines.append(b"content-length: %d" % len(call.body))
        return b"\r\n".join(lines) + b"\r\n\r\n" + call.body

    def close(self) -> None:
        """Close the connection; the next call opens a new one."""
        if self._open is not None:
            self._open[0].close()
        self._open = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, type_: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
