"""A minimal HTTP client for `bench` and others: it times prebuilt requests over keep-alive connections.

A module of the benchmarks, not a program. Bodies are read to their end and not parsed, so that the client costs little.
"""

from __future__ import annotations

import selectors
import socket
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from vos_contracts.base import stopwatch
from vos_contracts.wire.base import Call

DEADLINE_S = 30.0


@dataclass(frozen=True, slots=True)
class Server:
    """The address and the process id of a server."""

    address: str
    pid: int


@dataclass(frozen=True)
class Measurement:
    """Requests per second of one burst, and the median and 99th percentile of its latency in milliseconds.

    `per_core_second` is requests per second of the server's processor time, which does not depend on other programs;
    it is `per_second` on a system without /proc.
    """

    per_second: float
    median_ms: float
    p99_ms: float
    per_core_second: float


class Connection:
    """One keep-alive connection with at most one request in flight."""

    def __init__(self, host: str, port: int) -> None:
        self.sock = socket.create_connection((host, port), timeout=DEADLINE_S)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.begun = 0.0
        self._received = b""
        self._missing = -1
        self._chunked = False

    def send(self, message: bytes) -> None:
        """Send a request and start its time."""
        self._received, self._missing = b"", -1
        self.begun = stopwatch.seconds()
        self.sock.sendall(message)

    def read(self) -> int | None:
        """Read what has arrived; return the status when the answer is complete, None before.

        Raises:
            ConnectionError: the server closed the connection.
        """
        chunk = self.sock.recv(65536)
        if not chunk:
            raise ConnectionError("the server closed the connection")
        self._received += chunk
        if self._missing < 0:
            head, boundary, _ = self._received.partition(b"\r\n\r\n")
            if not boundary:
                return None
            lines = head.lower().split(b"\r\n")
            self._chunked = b"transfer-encoding: chunked" in lines
            length = next((int(item.split(b":")[1]) for item in lines if item.startswith(b"content-length:")), 0)
            self._missing = len(head) + 4 + length
        end_on_chunks = self._received.endswith(b"\r\n0\r\n\r\n")
        complete = end_on_chunks if self._chunked else len(self._received) >= self._missing
        return int(self._received[9:12]) if complete else None


def bytes_of(call: Call, host: str) -> bytes:
    """Return a call as the bytes of an HTTP/1.1 request."""
    lines = [f"{call.method} {call.path} HTTP/1.1", f"host: {host}", f"content-length: {len(call.body)}"]
    lines += [f"{name}: {value}" for name, value in call.headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + call.body


def _core_seconds(pid: int) -> float:
    """Return the processor time of all threads of the process in seconds; 0 on a system without /proc."""
    return (
        sum(int(item.read_text("ascii").split()[0]) for item in Path("/proc", str(pid), "task").glob("*/schedstat"))
        / 1e9
    )


def measure_burst(server: Server, messages: Sequence[bytes], concurrent: int) -> Measurement:
    """Send all requests over `concurrent` connections, each with one request in flight.

    Raises:
        AssertionError: an answer is not 200, or none comes within 30 seconds.
    """
    parts = urlsplit(server.address)
    assert parts.hostname == "127.0.0.1", "load goes to loopback only"
    assert parts.port is not None
    selector = selectors.DefaultSelector()
    waiting: Iterator[bytes] = iter(messages)
    times: list[float] = []
    used, begun = _core_seconds(server.pid), stopwatch.seconds()
    connections_open = 0
    for _ in range(min(concurrent, len(messages))):
        connection = Connection(parts.hostname, parts.port)
        connection.send(next(waiting))
        selector.register(connection.sock, selectors.EVENT_READ, connection)
        connections_open += 1
    while connections_open:
        events = selector.select(DEADLINE_S)
        assert events, f"no answer within {DEADLINE_S} seconds"
        for key, _ in events:
            connection = key.data
            status = connection.read()
            if status is None:
                continue
            assert status == 200, f"the server answered {status}"
            times.append(stopwatch.seconds() - connection.begun)
            message = next(waiting, None)
            if message is None:
                selector.unregister(connection.sock)
                connection.sock.close()
                connections_open -= 1
            else:
                connection.send(message)
    duration = stopwatch.seconds() - begun
    used = _core_seconds(server.pid) - used
    selector.close()
    times.sort()
    return Measurement(
        len(times) / duration,
        statistics.median(times) * 1000,
        times[int(len(times) * 0.99)] * 1000,
        len(times) / (used or duration),
    )
