"""What an enemy of the stage has: raw sockets, and a look at whether the stage still serves its neighbour."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from support.builders import NOW, TODAY, identity
from support.processes import Proces

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

    def __init__(self, process: Proces) -> None:
        self.process = process
        self._rest = Rest(load())

    @contextlib.contextmanager
    def unharmed(self, most: int) -> Iterator[Adversary]:
        """Attack, and see that the neighbour is still served and that memory has not grown by as much."""
        before = self.memory()
        yield self
        self.neighbour_served()
        assert self.memory() - before < most

    def connect(self, *, control: bool = False) -> socket.socket:
        """Open a connection and say nothing."""
        parts = urlsplit(self.process.control if control else self.process.services)
        sock = socket.create_connection((parts.hostname, parts.port), timeout=_DEADLINE_S)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock

    def raw(self, *chunks: bytes, control: bool = False) -> bytes:
        """Send bytes as they are and return everything that is answered until the stage hangs up."""
        with self.connect(control=control) as sock:
            try:
                for chunk in chunks:
                    sock.sendall(chunk)
            except OSError:
                pass  # the stage has had enough; what it said is still there to be read
            return read(sock)

    def call(self, method: str, path: str, *headers: str, body: bytes = b"", control: bool = False) -> bytes:
        """Send a call with these headers and return the answer."""
        lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1", "connection: close", *headers]
        if body:
            lines.append(f"content-length: {len(body)}")
        return self.raw("\r\n".join(lines).encode() + b"\r\n\r\n", body, control=control)

    def registration(self, **changed: str | None) -> tuple[str, list[str], bytes]:
        """Return a good registration of a new citizen: its path, headers and body; None takes a header away."""
        citizen = _people.new(40, NOW.date())
        with HttpTransport(self.process.control) as line:
            Control(line).set_up(on_stage(citizen, akasse=AKASSE))
        call = self._rest.call_register(citizen.cpr, Create(Kind.KONTAKTGRUPPE, 13, TODAY), identity(), new_uuid())
        headers: dict[str, str | None] = {**call.headers, **{n.replace("_", "-"): v for n, v in changed.items()}}
        return call.path, [f"{name}: {value}" for name, value in headers.items() if value is not None], call.body

    def neighbour_served(self) -> None:
        """Make somebody else's registration on a connection of its own."""
        path, headers, body = self.registration()
        pair = [header.partition(": ")[::2] for header in headers]
        response = httpx.post(
            f"{self.process.services}{path}", headers=pair, content=body, timeout=_DEADLINE_S, trust_env=False
        )
        assert response.status_code == 200, response.text

    def memory(self, what: str = "VmRSS") -> int:
        """Return the bytes that the stage holds in memory, or has held at most (VmHWM); 0 where the system does not say."""
        status = Path(f"/proc/{self.process.popen.pid}/status")
        finding = re.search(rf"{what}:\s+(\d+) kB", status.read_text("utf-8")) if status.exists() else None
        return int(finding[1]) * 1024 if finding else 0


def read(sock: socket.socket) -> bytes:
    """Read until the other side hangs up, in whatever way."""
    parts: list[bytes] = []
    try:
        while chunk := sock.recv(65536):
            parts.append(chunk)
    except ConnectionError:
        pass
    return b"".join(parts)


def status(response: bytes) -> int:
    """Return an answer's status, 0 if the stage hung up without one."""
    return int(response.split(b" ", 2)[1]) if response.startswith(b"HTTP/1.1 ") else 0


def statuses(response: bytes) -> list[int]:
    """Return the status of every answer on one connection."""
    return [int(item) for item in re.findall(rb"HTTP/1\.1 (\d\d\d)", response)]


def without_trace(response: bytes) -> bool:
    """Say whether an answer keeps to itself how the stage is made."""
    return not any(item in response for item in (b"Traceback", b".py", b"uvicorn", b"Error:"))


def flag(limits: Iterable[str]) -> tuple[str, ...]:
    """Return the flags of these limits."""
    return tuple(part_ for limit in limits for part_ in ("--limit", limit))
