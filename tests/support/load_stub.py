"""A target that answers every call of a load run at once, and stalls when it is told to: a stranger to our own server."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from vos_contracts.base import stopwatch


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Stub

    def do_GET(self) -> None:
        if self.path != "/":  # that only asks whether anybody is there
            self.server.wait()
        self.send_response(self.server.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Stub(ThreadingHTTPServer):
    """`stop` is the window, in seconds after the first call about a citizen, in which nobody is answered."""

    daemon_threads = True
    request_queue_size = 1000

    def __init__(self, stop: tuple[float, float], status: int, body: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.stop, self.status, self.body = stop, status, body
        self._begun: float | None = None
        self._lock = threading.Lock()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def wait(self) -> None:
        """Wait out the window if the call falls into it."""
        with self._lock:
            if self._begun is None:
                self._begun = stopwatch.seconds()
        gone = stopwatch.seconds() - self._begun
        if self.stop[0] <= gone < self.stop[1]:
            threading.Event().wait(self.stop[1] - gone)


@contextlib.contextmanager
def stub(stop: tuple[float, float] = (0.0, 0.0), status: int = 200, body: bytes = b"[]") -> Iterator[Stub]:
    """Serve until the block ends."""
    server = Stub(stop, status, body)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
