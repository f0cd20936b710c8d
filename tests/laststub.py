"""A target that answers every call of a load run at once, and stalls when it is told to: a stranger to our own server."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from vos_contracts.base import stopwatch


class _Svarer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Stub

    def do_GET(self) -> None:
        if self.path != "/":  # that only asks whether anybody is there
            self.server.vent()
        self.send_response(self.server.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(self.server.krop)))
        self.end_headers()
        self.wfile.write(self.server.krop)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Stub(ThreadingHTTPServer):
    """`stop` is the window, in seconds after the first call about a citizen, in which nobody is answered."""

    daemon_threads = True
    request_queue_size = 1000

    def __init__(self, stop: tuple[float, float], status: int, krop: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Svarer)
        self.stop, self.status, self.krop = stop, status, krop
        self._begyndt: float | None = None
        self._laas = threading.Lock()

    @property
    def adresse(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def vent(self) -> None:
        """Wait out the window if the call falls into it."""
        with self._laas:
            if self._begyndt is None:
                self._begyndt = stopwatch.seconds()
        gaaet = stopwatch.seconds() - self._begyndt
        if self.stop[0] <= gaaet < self.stop[1]:
            threading.Event().wait(self.stop[1] - gaaet)


@contextlib.contextmanager
def stub(stop: tuple[float, float] = (0.0, 0.0), status: int = 200, krop: bytes = b"[]") -> Iterator[Stub]:
    """Serve until the block ends."""
    server = Stub(stop, status, krop)
    traad = threading.Thread(target=server.serve_forever, daemon=True)
    traad.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        traad.join()
