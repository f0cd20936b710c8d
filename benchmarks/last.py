"""A load client of its own: prebuilt requests over kept-open connections, answers counted and timed, nothing else."""

from __future__ import annotations

import selectors
import socket
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from vos_contracts.base import stopwatch
from vos_contracts.wire.base import Kald

FRIST_S = 30.0


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server answers, and its process."""

    adresse: str
    pid: int


@dataclass(frozen=True)
class Maaling:
    """What one burst came to: requests a second, and the median and 99th percentile latency in milliseconds.

    `per_kernesekund` is requests to a second of the server's own processor time, which others on the machine take nothing of;
    as `per_sekund` where the system does not say.
    """

    per_sekund: float
    median_ms: float
    p99_ms: float
    per_kernesekund: float


class Forbindelse:
    """One kept-open connection with one request under way."""

    def __init__(self, vaert: str, port: int) -> None:
        self.stik = socket.create_connection((vaert, port), timeout=FRIST_S)
        self.stik.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.begyndt = 0.0
        self._modtaget = b""
        self._mangler = -1
        self._i_bidder = False

    def send(self, besked: bytes) -> None:
        """Send a request and start its time."""
        self._modtaget, self._mangler = b"", -1
        self.begyndt = stopwatch.seconds()
        self.stik.sendall(besked)

    def laes(self) -> int | None:
        """Read what has come; return the status when the answer is whole."""
        bid = self.stik.recv(65536)
        if not bid:
            raise ConnectionError("the server closed the connection")
        self._modtaget += bid
        if self._mangler < 0:
            hoved, skel, _ = self._modtaget.partition(b"\r\n\r\n")
            if not skel:
                return None
            linjer = hoved.lower().split(b"\r\n")
            self._i_bidder = b"transfer-encoding: chunked" in linjer
            laengde = next((int(en.split(b":")[1]) for en in linjer if en.startswith(b"content-length:")), 0)
            self._mangler = len(hoved) + 4 + laengde
        slut_paa_bidder = self._modtaget.endswith(b"\r\n0\r\n\r\n")
        hel = slut_paa_bidder if self._i_bidder else len(self._modtaget) >= self._mangler
        return int(self._modtaget[9:12]) if hel else None


def bytes_af(kald: Kald, vaert: str) -> bytes:
    """Write a call as it goes on the wire."""
    linjer = [f"{kald.metode} {kald.sti} HTTP/1.1", f"host: {vaert}", f"content-length: {len(kald.krop)}"]
    linjer += [f"{navn}: {vaerdi}" for navn, vaerdi in kald.headers.items()]
    return "\r\n".join(linjer).encode() + b"\r\n\r\n" + kald.krop


def _kernesekunder(pid: int) -> float:
    """How long all threads of the process have run; 0 where the system does not say."""
    return (
        sum(int(en.read_text("ascii").split()[0]) for en in Path("/proc", str(pid), "task").glob("*/schedstat")) / 1e9
    )


def maal(server: Server, beskeder: Sequence[bytes], samtidige: int) -> Maaling:
    """Send all requests over that many connections; errors: AssertionError for an answer that is not 200."""
    dele = urlsplit(server.adresse)
    assert dele.hostname == "127.0.0.1", "load goes to loopback only"
    assert dele.port is not None
    vaelger = selectors.DefaultSelector()
    venter: Iterator[bytes] = iter(beskeder)
    tider: list[float] = []
    brugt, begyndt = _kernesekunder(server.pid), stopwatch.seconds()
    aabne = 0
    for _ in range(samtidige):
        forbindelse = Forbindelse(dele.hostname, dele.port)
        forbindelse.send(next(venter))
        vaelger.register(forbindelse.stik, selectors.EVENT_READ, forbindelse)
        aabne += 1
    while aabne:
        haendelser = vaelger.select(FRIST_S)
        assert haendelser, f"no answer within {FRIST_S} seconds"
        for noegle, _ in haendelser:
            forbindelse = noegle.data
            status = forbindelse.laes()
            if status is None:
                continue
            assert status == 200, f"the server answered {status}"
            tider.append(stopwatch.seconds() - forbindelse.begyndt)
            naeste = next(venter, None)
            if naeste is None:
                vaelger.unregister(forbindelse.stik)
                forbindelse.stik.close()
                aabne -= 1
            else:
                forbindelse.send(naeste)
    varighed = stopwatch.seconds() - begyndt
    brugt = _kernesekunder(server.pid) - brugt
    vaelger.close()
    tider.sort()
    return Maaling(
        len(tider) / varighed,
        statistics.median(tider) * 1000,
        tider[int(len(tider) * 0.99)] * 1000,
        len(tider) / (brugt or varighed),
    )
