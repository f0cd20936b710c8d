"""A load client of its own: prebuilt requests over kept-open connections, answers counted and timed, nothing else."""

from __future__ import annotations

import selectors
import socket
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from vos_contracts import stopur
from vos_contracts.wire.base import Kald

FRIST_S = 30.0


@dataclass(frozen=True)
class Maaling:
    """What one burst came to: requests a second, and the median and 99th percentile latency in milliseconds."""

    per_sekund: float
    median_ms: float
    p99_ms: float


class Forbindelse:
    """One kept-open connection with one request under way."""

    def __init__(self, vaert: str, port: int) -> None:
        self.stik = socket.create_connection((vaert, port), timeout=FRIST_S)
        self.stik.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.begyndt = 0.0
        self._modtaget = b""
        self._mangler = -1

    def send(self, besked: bytes) -> None:
        """Send a request and start its time."""
        self._modtaget, self._mangler = b"", -1
        self.begyndt = stopur.nu()
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
            laengde = next(
                (
                    int(linje.split(b":")[1])
                    for linje in hoved.split(b"\r\n")
                    if linje.lower().startswith(b"content-length:")
                ),
                0,
            )
            self._mangler = len(hoved) + 4 + laengde
        return int(self._modtaget[9:12]) if len(self._modtaget) >= self._mangler else None


def bytes_af(kald: Kald, vaert: str) -> bytes:
    """Write a call as it goes on the wire."""
    linjer = [f"{kald.metode} {kald.sti} HTTP/1.1", f"host: {vaert}", f"content-length: {len(kald.krop)}"]
    linjer += [f"{navn}: {vaerdi}" for navn, vaerdi in kald.headers.items()]
    return "\r\n".join(linjer).encode() + b"\r\n\r\n" + kald.krop


def maal(base_url: str, beskeder: Sequence[bytes], samtidige: int) -> Maaling:
    """Send all requests over that many connections; errors: AssertionError for an answer that is not 200."""
    dele = urlsplit(base_url)
    assert dele.hostname == "127.0.0.1", "load goes to loopback only"
    assert dele.port is not None
    vaelger = selectors.DefaultSelector()
    venter: Iterator[bytes] = iter(beskeder)
    tider: list[float] = []
    begyndt = stopur.nu()
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
            tider.append(stopur.nu() - forbindelse.begyndt)
            naeste = next(venter, None)
            if naeste is None:
                vaelger.unregister(forbindelse.stik)
                forbindelse.stik.close()
                aabne -= 1
            else:
                forbindelse.send(naeste)
    varighed = stopur.nu() - begyndt
    vaelger.close()
    tider.sort()
    return Maaling(len(tider) / varighed, statistics.median(tider) * 1000, tider[int(len(tider) * 0.99)] * 1000)
