"""A party in the middle, between a caller and a stage: it asks for a password, has a path of its own, hangs up, or dies."""

from __future__ import annotations

import base64
import contextlib
import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

Call = tuple[str, str, dict[str, str]]
_OWN = {"connection", "transfer-encoding", "keep-alive", "host", "authorization"}


@dataclass
class Habits:
    """What it does; `put_on` says of a call whether it is hung up on, `dies_after` after how many calls nobody is there."""

    prefixes: str = ""
    login: str = ""
    dies_after: int | None = None
    put_on: Callable[[Call], bool] = lambda _: False
    interrupt_after_response: bool = False
    rewrite: Callable[[str, bytes], bytes] = lambda _, body: body
    call: list[Call] = field(default_factory=list)


class _Middleman(ThreadingHTTPServer):
    daemon_threads = False  # whoever closes the server waits for them

    def __init__(self, behind: str, habits: Habits) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.behind, self.habits = urlsplit(behind).netloc, habits
        self.lock = threading.Lock()
        self._open: list[socket.socket] = []

    def get_request(self) -> tuple[socket.socket, Any]:
        sock, who = super().get_request()
        self._open.append(sock)
        return sock, who

    def put_all_on(self) -> None:
        for sock in self._open:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    @property
    def address(self) -> str:
        login = f"{self.habits.login}@" if self.habits.login else ""
        return f"http://{login}127.0.0.1:{self.server_address[1]}{self.habits.prefixes}"


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    server: _Middleman

    def handle(self) -> None:
        with contextlib.suppress(OSError):  # the caller has gone
            super().handle()

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _further(self) -> None:
        habits = self.server.habits
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        called = (self.command, self.path, {name.lower(): value for name, value in self.headers.items()})
        with self.server.lock:
            dead = habits.dies_after is not None and len(habits.call) >= habits.dies_after
            queued_on = dead or habits.put_on(called)
            habits.call.append(called)
        if dead:
            self.server.socket.close()
        if queued_on:
            self.close_connection = True
            return
        access = "Basic " + base64.b64encode(habits.login.encode()).decode()
        if habits.login and self.headers.get("authorization") != access:
            self._response(401, {}, b"")
        elif not self.path.startswith(f"{habits.prefixes}/"):
            self._response(404, {}, b"")
        else:
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _OWN}
            with contextlib.closing(http.client.HTTPConnection(self.server.behind, timeout=30)) as line:
                line.request(self.command, self.path.removeprefix(habits.prefixes), body or None, headers)
                with line.getresponse() as response:
                    status, its, content = response.status, dict(response.getheaders()), response.read()
            self._response(status, its, habits.rewrite(self.path, content))

    def _response(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in {*_OWN, "content-length"}:
                self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.server.habits.interrupt_after_response

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = do_TRACE = _further


@contextlib.contextmanager
def middleman(behind: str, habits: Habits) -> Iterator[str]:
    """Serve until the block ends; give its address."""
    server = _Middleman(behind, habits)
    thread = threading.Thread(target=_serve, args=(server,), daemon=True)
    thread.start()
    try:
        yield server.address
    finally:
        server.shutdown()
        server.put_all_on()
        server.server_close()
        thread.join()


def _serve(server: _Middleman) -> None:
    with contextlib.suppress(OSError, ValueError):  # it has died
        server.serve_forever(poll_interval=0.05)
