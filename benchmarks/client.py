"""A minimal load client: prebuilt requests over keep-alive connections; answers are counted and timed, nothing else."""

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
    """Where a server answers, and its process."""

    address: str
    pid: int


@dataclass(frozen=True)
class Measurement:
    """What one burst came to: requests a second, and the median and 99th percentile latency in milliseconds.

    `per_core_second` is requests to a second of the server's own processor time, which others on the machine take nothing of;
    as `per_second` where the system does not say.
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
        """Read what has come; return the status when the answer is whole."""
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
        whole = end_on_chunks if self._chunked else len(self._received) >= self._missing
        return int(self._received[9:12]) if whole else None


def bytes_of(call: Call, host: str) -> bytes:
    """Write a call as it goes on the wire."""
    lines = [f"{call.method} {call.path} HTTP/1.1", f"host: {host}", f"content-length: {len(call.body)}"]
    lines += [f"{name}: {value}" for name, value in call.headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + call.body


def _core_seconds(pid: int) -> float:
    """How long all threads of the process have run; 0 where the system does not say."""
    return (
        sum(int(item.read_text("ascii").split()[0]) for item in Path("/proc", str(pid), "task").glob("*/schedstat"))
        / 1e9
    )


def measure_burst(server: Server, messages: Sequence[bytes], concurrent: int) -> Measurement:
    """Send all requests over that many connections; errors: AssertionError for an answer that is not 200."""
    parts = urlsplit(server.address)
    assert parts.hostname == "127.0.0.1", "load goes to loopback only"
    assert parts.port is not None
    selector = selectors.DefaultSelector()
    waiting: Iterator[bytes] = iter(messages)
    times: list[float] = []
    used, begun = _core_seconds(server.pid), stopwatch.seconds()
    connections_open = 0
    for _ in range(concurrent):
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
            next_item = next(waiting, None)
            if next_item is None:
                selector.unregister(connection.sock)
                connection.sock.close()
                connections_open -= 1
            else:
                connection.send(next_item)
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
