"""A raw HTTP/1.1 client: one kept connection, calls sent as the bytes they are, also pipelined.

Nothing is normalised, followed or unpacked, so malformed requests go out as written; the standard library parses the answers.
"""

from __future__ import annotations

import base64
import io
import socket
from collections import deque
from collections.abc import Iterator, Sequence
from http.client import HTTPException, HTTPResponse
from itertools import islice
from types import TracebackType
from typing import Self, cast
from urllib.parse import unquote, urlsplit

from vos_contracts.base import stopwatch
from vos_contracts.wire.base import Kald, NobodyThereError, Svar, UnreachableError
from vos_simulators.access import Adgang, uden_token

PIPELINED_BYTES = 32_768
"""Bytes sent ahead at most: less than the socket buffers of both sides hold, so that neither waits for the other to read."""


class _Answers(io.BufferedReader):
    """The answers of one connection: HTTPResponse opens and closes its file for each, and this one outlives them."""

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
    """A `Transport` to one base address; `slowest` is the longest that any answer took, in seconds."""

    def __init__(self, address: str, timeout: float | None, access: Adgang | None = None) -> None:
        """Open nothing yet.

        Raises:
            OSError: a certificate cannot be read (ssl.SSLError: or cannot be used).
        """
        parts = urlsplit(address)
        self._tls = (access or Adgang()).tls() if parts.scheme == "https" else None
        self._host, self._port = parts.hostname or "", parts.port or (443 if self._tls else 80)
        self._address, self._timeout = uden_token(address), timeout
        self._root = parts.path.rstrip("/").encode()
        self._headers = b"host: " + parts.netloc.rpartition("@")[2].encode("idna")
        if parts.username is not None or parts.password is not None:
            login = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
            self._headers += b"\r\nauthorization: Basic " + base64.b64encode(login.encode())
        self._socket: socket.socket | None = None
        self._answers: _Answers | None = None
        self.slowest = 0.0

    def send(self, call: Kald) -> Svar:
        """Send one call and return its answer.

        Raises:
            UnreachableError: no whole answer came within the timeout.
        """
        return next(self.send_all([call]))

    def send_all(self, calls: Sequence[Kald]) -> Iterator[Svar]:
        """Send several calls without waiting for each, and give their answers in order.

        Raises:
            UnreachableError: the call whose answer was due got none.
        """
        waiting = deque(calls)
        while waiting:
            fresh, started = self._socket is None, stopwatch.seconds()
            try:
                for number in range(self._send_some(waiting)):
                    try:
                        answer, closes = self._read_answer(waiting[0].metode)
                    except ConnectionResetError:
                        if number == 0 and fresh:
                            raise
                        self.close()  # it was idle too long, or ended with the answer before: this call was not answered
                        break
                    started = self._record_time(started)
                    waiting.popleft()
                    if closes:
                        self.close()
                    yield answer
                    if self._socket is None:
                        break
            except (OSError, ValueError, HTTPException) as error:
                self._record_time(started)
                self.close()
                what = f"{waiting[0].metode} {waiting[0].sti}"
                raise UnreachableError(f"{self._address}: {what}: {error or type(error).__name__}") from error

    def _send_some(self, waiting: Sequence[Kald]) -> int:
        """Send as many as fit into `PIPELINED_BYTES`; return how many, 0 if the kept connection was gone."""
        kept = self._socket
        sock = kept or self._connect()
        texts = [self._serialize(waiting[0])]
        for call in islice(waiting, 1, None):
            texts.append(self._serialize(call))
            if sum(map(len, texts)) > PIPELINED_BYTES:
                del texts[-1]
                break
        try:
            sock.sendall(b"".join(texts))
        except (BrokenPipeError, ConnectionResetError):
            if kept is not None:
                self.close()
                return 0
            return 1  # the answer may have been sent before all of the call was read
        return len(texts)

    def _record_time(self, started: float) -> float:
        now = stopwatch.seconds()
        self.slowest = max(self.slowest, now - started)
        return now

    def _connect(self) -> socket.socket:
        try:
            sock = socket.create_connection((self._host, self._port), self._timeout)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls is not None:
                sock = self._tls.wrap_socket(sock, server_hostname=self._host)
        except OSError as error:
            raise NobodyThereError(f"{self._address}: {error}") from error
        self._socket, self._answers = sock, _Answers(socket.SocketIO(sock, "r"))
        return sock

    def _serialize(self, call: Kald) -> bytes:
        lines = [b"%s %s%s HTTP/1.1" % (call.metode.encode(), self._root, call.sti.encode()), self._headers]
        lines += [b"%s: %s" % (name.encode(), value.encode()) for name, value in call.headers.items()]
        if call.krop or call.metode in {"POST", "PUT"}:
            lines.append(b"content-length: %d" % len(call.krop))
        return b"\r\n".join(lines) + b"\r\n\r\n" + call.krop

    def _read_answer(self, method: str) -> tuple[Svar, bool]:
        """Read one answer, and whether the connection ends with it."""
        assert self._answers is not None, "a call was sent"
        if not self._answers.peek(1):
            raise ConnectionResetError("the connection ended before an answer came")
        response = HTTPResponse(cast(socket.socket, self._answers), method=method)
        response.begin()
        headers = {name.lower(): value.strip() for name, value in response.headers.items()}
        return Svar(response.status, headers, response.read()), response.will_close

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        if self._socket is not None:
            self._socket.close()
        self._socket = self._answers = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, type_: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
