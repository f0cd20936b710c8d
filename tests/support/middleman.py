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

Kald = tuple[str, str, dict[str, str]]
_EGNE = {"connection", "transfer-encoding", "keep-alive", "host", "authorization"}


@dataclass
class Uvaner:
    """What it does; `laeg_paa` says of a call whether it is hung up on, `doer_efter` after how many calls nobody is there."""

    praefiks: str = ""
    login: str = ""
    doer_efter: int | None = None
    laeg_paa: Callable[[Kald], bool] = lambda _: False
    afbryd_efter_svar: bool = False
    omskriv: Callable[[str, bytes], bytes] = lambda _, krop: krop
    kald: list[Kald] = field(default_factory=list)


class _Mellemmand(ThreadingHTTPServer):
    daemon_threads = False  # whoever closes the server waits for them

    def __init__(self, bagved: str, uvaner: Uvaner) -> None:
        super().__init__(("127.0.0.1", 0), _Svarer)
        self.bagved, self.uvaner = urlsplit(bagved).netloc, uvaner
        self.laas = threading.Lock()
        self._aabne: list[socket.socket] = []

    def get_request(self) -> tuple[socket.socket, Any]:
        stik, hvem = super().get_request()
        self._aabne.append(stik)
        return stik, hvem

    def laeg_alle_paa(self) -> None:
        for stik in self._aabne:
            with contextlib.suppress(OSError):
                stik.shutdown(socket.SHUT_RDWR)

    @property
    def adresse(self) -> str:
        login = f"{self.uvaner.login}@" if self.uvaner.login else ""
        return f"http://{login}127.0.0.1:{self.server_address[1]}{self.uvaner.praefiks}"


class _Svarer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    server: _Mellemmand

    def handle(self) -> None:
        with contextlib.suppress(OSError):  # the caller has gone
            super().handle()

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _videre(self) -> None:
        uvaner = self.server.uvaner
        krop = self.rfile.read(int(self.headers.get("content-length", 0)))
        kaldet = (self.command, self.path, {navn.lower(): vaerdi for navn, vaerdi in self.headers.items()})
        with self.server.laas:
            doed = uvaner.doer_efter is not None and len(uvaner.kald) >= uvaner.doer_efter
            lagt_paa = doed or uvaner.laeg_paa(kaldet)
            uvaner.kald.append(kaldet)
        if doed:
            self.server.socket.close()
        if lagt_paa:
            self.close_connection = True
            return
        adgang = "Basic " + base64.b64encode(uvaner.login.encode()).decode()
        if uvaner.login and self.headers.get("authorization") != adgang:
            self._svar(401, {}, b"")
        elif not self.path.startswith(f"{uvaner.praefiks}/"):
            self._svar(404, {}, b"")
        else:
            headers = {navn: vaerdi for navn, vaerdi in self.headers.items() if navn.lower() not in _EGNE}
            with contextlib.closing(http.client.HTTPConnection(self.server.bagved, timeout=30)) as linje:
                linje.request(self.command, self.path.removeprefix(uvaner.praefiks), krop or None, headers)
                with linje.getresponse() as svar:
                    status, dets, indhold = svar.status, dict(svar.getheaders()), svar.read()
            self._svar(status, dets, uvaner.omskriv(self.path, indhold))

    def _svar(self, status: int, headers: dict[str, str], krop: bytes) -> None:
        self.send_response(status)
        for navn, vaerdi in headers.items():
            if navn.lower() not in {*_EGNE, "content-length"}:
                self.send_header(navn, vaerdi)
        self.send_header("content-length", str(len(krop)))
        self.end_headers()
        self.wfile.write(krop)
        self.close_connection = self.server.uvaner.afbryd_efter_svar

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = do_TRACE = _videre


@contextlib.contextmanager
def mellemmand(bagved: str, uvaner: Uvaner) -> Iterator[str]:
    """Serve until the block ends; give its address."""
    server = _Mellemmand(bagved, uvaner)
    traad = threading.Thread(target=_tjen, args=(server,), daemon=True)
    traad.start()
    try:
        yield server.adresse
    finally:
        server.shutdown()
        server.laeg_alle_paa()
        server.server_close()
        traad.join()


def _tjen(server: _Mellemmand) -> None:
    with contextlib.suppress(OSError, ValueError):  # it has died
        server.serve_forever(poll_interval=0.05)
