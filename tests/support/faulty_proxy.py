"""An HTTP proxy between a caller and a stage that misbehaves as a test asks for: it drops connections, stops listening after a
number of requests, demands a password, serves below a path, or changes response bodies.
"""

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

ProxiedRequest = tuple[str, str, dict[str, str]]
"""Method, path and headers; header names in lower case."""
_NOT_FORWARDED = {"connection", "transfer-encoding", "keep-alive", "host", "authorization"}
"""Hop-by-hop headers, and those that name the proxy or hold its password."""


@dataclass
class ProxyBehaviour:
    """How the proxy treats requests, and the requests that it has received.

    Args:
        path_prefix: The path that the proxy serves below; every other path is answered 404.
        login: `user:password` of HTTP Basic authentication; a request without it is answered 401.
        dies_after: The number of requests after which the proxy drops connections and stops listening.
        drops: Tells whether the proxy closes the connection without a response to a request.
        closes_after_response: Whether the proxy closes the connection after every response.
        rewrite: Returns the body that is sent in place of a response body, given the path of the request.
        requests: Every request received, in order, including those without a response.
    """

    path_prefix: str = ""
    login: str = ""
    dies_after: int | None = None
    drops: Callable[[ProxiedRequest], bool] = lambda _: False
    closes_after_response: bool = False
    rewrite: Callable[[str, bytes], bytes] = lambda _, body: body
    requests: list[ProxiedRequest] = field(default_factory=list)


class _ProxyServer(ThreadingHTTPServer):
    daemon_threads = False  # server_close() joins the request threads

    def __init__(self, upstream: str, behaviour: ProxyBehaviour) -> None:
        super().__init__(("127.0.0.1", 0), _ProxyHandler)
        self.upstream, self.behaviour = urlsplit(upstream).netloc, behaviour
        self.lock = threading.Lock()
        self._client_sockets: list[socket.socket] = []

    def get_request(self) -> tuple[socket.socket, Any]:
        sock, client_address = super().get_request()
        self._client_sockets.append(sock)
        return sock, client_address

    def drop_connections(self) -> None:
        for sock in self._client_sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    @property
    def address(self) -> str:
        login = f"{self.behaviour.login}@" if self.behaviour.login else ""
        return f"http://{login}127.0.0.1:{self.server_address[1]}{self.behaviour.path_prefix}"


class _ProxyHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    server: _ProxyServer

    def handle(self) -> None:
        with contextlib.suppress(OSError):  # the client closed the connection
            super().handle()

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _forward(self) -> None:
        behaviour = self.server.behaviour
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        request = (self.command, self.path, {name.lower(): value for name, value in self.headers.items()})
        with self.server.lock:
            dead = behaviour.dies_after is not None and len(behaviour.requests) >= behaviour.dies_after
            dropped = dead or behaviour.drops(request)
            behaviour.requests.append(request)
        if dead:
            self.server.socket.close()
        if dropped:
            self.close_connection = True
            return
        authorization = "Basic " + base64.b64encode(behaviour.login.encode()).decode()
        if behaviour.login and self.headers.get("authorization") != authorization:
            self._respond(401, {}, b"")
        elif not self.path.startswith(f"{behaviour.path_prefix}/"):
            self._respond(404, {}, b"")
        else:
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _NOT_FORWARDED}
            with contextlib.closing(http.client.HTTPConnection(self.server.upstream, timeout=30)) as upstream:
                upstream.request(self.command, self.path.removeprefix(behaviour.path_prefix), body or None, headers)
                with upstream.getresponse() as response:
                    status, response_headers, content = response.status, dict(response.getheaders()), response.read()
            self._respond(status, response_headers, behaviour.rewrite(self.path, content))

    def _respond(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in {*_NOT_FORWARDED, "content-length"}:
                self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.server.behaviour.closes_after_response

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = do_TRACE = _forward


@contextlib.contextmanager
def faulty_proxy(upstream: str, behaviour: ProxyBehaviour) -> Iterator[str]:
    """Run a proxy in front of the upstream address until the block ends; yield the address of the proxy."""
    server = _ProxyServer(upstream, behaviour)
    thread = threading.Thread(target=_serve, args=(server,), daemon=True)
    thread.start()
    try:
        yield server.address
    finally:
        server.shutdown()
        server.drop_connections()
        server.server_close()
        thread.join()


def _serve(server: _ProxyServer) -> None:
    with contextlib.suppress(OSError, ValueError):  # `dies_after` closes the listening socket while it is polled
        server.serve_forever(poll_interval=0.05)
