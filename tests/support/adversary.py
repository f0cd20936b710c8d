"""An adversary of the stage: raw sockets, and checks that the stage still serves other callers."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from support.builders import NOW, TODAY, identity
from support.processes import StageProcess
from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import load
from vos_contracts.model.registration import Create, Kind
from vos_contracts.wire.rest.registration import Rest
from vos_simulators.control import Control
from vos_simulators.parties import AKASSE
from vos_simulators.people import People, on_stage
from vos_simulators.transport import HttpTransport

MIB = 1024 * 1024
PATH = "/v1/PersonVisitering/kontaktgruppe"
FROZEN = ("--clock", NOW.isoformat(), "--control-port", "0", "--people", "0")
_DEADLINE_S = 20
_people = People(seed=990)


class Adversary:
    """Attacks one stage in a process of its own."""

    def __init__(self, process: StageProcess) -> None:
        self.process = process
        self._rest = Rest(load())

    @contextlib.contextmanager
    def unharmed(self, most: int) -> Iterator[Adversary]:
        """Attack in the block; afterwards another caller is served and memory has grown by less than `most` bytes."""
        before = self.memory()
        yield self
        self.neighbour_served()
        assert self.memory() - before < most

    def connect(self, *, control: bool = False) -> socket.socket:
        """Open a connection without sending anything."""
        parts = urlsplit(self.process.control if control else self.process.services)
        sock = socket.create_connection((parts.hostname, parts.port), timeout=_DEADLINE_S)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock

    def raw(self, *chunks: bytes, control: bool = False) -> bytes:
        """Send the bytes and return everything received until the stage closes the connection."""
        with self.connect(control=control) as sock:
            try:
                for chunk in chunks:
                    sock.sendall(chunk)
            except OSError:
                pass  # the stage closed the connection; its answer can still be read
            return read(sock)

    def call(self, method: str, path: str, *headers: str, body: bytes = b"", control: bool = False) -> bytes:
        """Send a call with these headers and return the answer."""
        lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1", "connection: close", *headers]
        if body:
            lines.append(f"content-length: {len(body)}")
        return self.raw("\r\n".join(lines).encode() + b"\r\n\r\n", body, control=control)

    def registration(self, **changed: str | None) -> tuple[str, list[str], bytes]:
        """Return path, headers and body of a valid registration of a new citizen; None removes a header."""
        citizen = _people.new(40, NOW.date())
        with HttpTransport(self.process.control) as line:
            Control(line).set_up(on_stage(citizen, akasse=AKASSE))
        call = self._rest.call_register(citizen.cpr, Create(Kind.KONTAKTGRUPPE, 13, TODAY), identity(), new_uuid())
        headers: dict[str, str | None] = {**call.headers, **{n.replace("_", "-"): v for n, v in changed.items()}}
        return call.path, [f"{name}: {value}" for name, value in headers.items() if value is not None], call.body

    def neighbour_served(self) -> None:
        """Assert that a registration of another caller on a new connection succeeds."""
        path, headers, body = self.registration()
        pair = [header.partition(": ")[::2] for header in headers]
        response = httpx.post(
            f"{self.process.services}{path}", headers=pair, content=body, timeout=_DEADLINE_S, trust_env=False
        )
        assert response.status_code == 200, response.text

    def memory(self, what: str = "VmRSS") -> int:
        """Return the memory of the stage in bytes, current (VmRSS) or peak (VmHWM); 0 on systems without /proc."""
        status = Path(f"/proc/{self.process.popen.pid}/status")
        finding = re.search(rf"{what}:\s+(\d+) kB", status.read_text("utf-8")) if status.exists() else None
        return int(finding[1]) * 1024 if finding else 0


def read(sock: socket.socket) -> bytes:
    """Read until the connection is closed or reset."""
    parts: list[bytes] = []
    try:
        while chunk := sock.recv(65536):
            parts.append(chunk)
    except ConnectionError:
        pass
    return b"".join(parts)


def status(response: bytes) -> int:
    """Return the HTTP status of an answer, 0 if the connection was closed without one."""
    return int(response.split(b" ", 2)[1]) if response.startswith(b"HTTP/1.1 ") else 0


def statuses(response: bytes) -> list[int]:
    """Return the HTTP status of every answer on a connection."""
    return [int(item) for item in re.findall(rb"HTTP/1\.1 (\d\d\d)", response)]


def without_trace(response: bytes) -> bool:
    """Return whether an answer shows nothing of the implementation."""
    return not any(item in response for item in (b"Traceback", b".py", b"uvicorn", b"Error:"))


def flag(limits: Iterable[str]) -> tuple[str, ...]:
    """Return the command-line flags for these limits."""
    return tuple(argument for limit in limits for argument in ("--limit", limit))
