"""What an enemy of the stage has: raw sockets, and a look at whether the stage still serves its neighbour."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from processer import Proces

from byggeklodser import I_DAG, NU, identitet
from vos_contracts.base.ids import ny_uuid
from vos_contracts.kontrakt import indlaes
from vos_contracts.model.registration import Art, Opret
from vos_contracts.wire.rest import Rest
from vos_simulators.control import Styring
from vos_simulators.parties import AKASSE
from vos_simulators.people import Folk, paa_scenen
from vos_simulators.transport import HttpTransport

MIB = 1024 * 1024
STI = "/v1/PersonVisitering/kontaktgruppe"
FROSSET = ("--clock", NU.isoformat(), "--control-port", "0", "--people", "0")
_FRIST_S = 20
_folk = Folk(seed=990)


class Fjende:
    """Attacks one stage in a process of its own."""

    def __init__(self, proces: Proces) -> None:
        self.proces = proces
        self._rest = Rest(indlaes())

    @contextlib.contextmanager
    def uskadt(self, mest: int) -> Iterator[Fjende]:
        """Attack, and see that the neighbour is still served and that memory has not grown by as much."""
        foer = self.hukommelse()
        yield self
        self.naboen_betjenes()
        assert self.hukommelse() - foer < mest

    def forbind(self, *, styring: bool = False) -> socket.socket:
        """Open a connection and say nothing."""
        dele = urlsplit(self.proces.styring if styring else self.proces.tjenester)
        stik = socket.create_connection((dele.hostname, dele.port), timeout=_FRIST_S)
        stik.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return stik

    def raat(self, *bidder: bytes, styring: bool = False) -> bytes:
        """Send bytes as they are and return everything that is answered until the stage hangs up."""
        with self.forbind(styring=styring) as stik:
            try:
                for bid in bidder:
                    stik.sendall(bid)
            except OSError:
                pass  # the stage has had enough; what it said is still there to be read
            return laes(stik)

    def kald(self, metode: str, sti: str, *headers: str, krop: bytes = b"", styring: bool = False) -> bytes:
        """Send a call with these headers and return the answer."""
        linjer = [f"{metode} {sti} HTTP/1.1", "host: 127.0.0.1", "connection: close", *headers]
        if krop:
            linjer.append(f"content-length: {len(krop)}")
        return self.raat("\r\n".join(linjer).encode() + b"\r\n\r\n", krop, styring=styring)

    def registrering(self, **aendrede: str | None) -> tuple[str, list[str], bytes]:
        """Return a good registration of a new citizen: its path, headers and body; None takes a header away."""
        borger = _folk.ny(40, NU.date())
        with HttpTransport(self.proces.styring) as linje:
            Styring(linje).opsaet(paa_scenen(borger, akasse=AKASSE))
        kald = self._rest.kald_registrer(borger.cpr, Opret(Art.KONTAKTGRUPPE, 13, I_DAG), identitet(), ny_uuid())
        headers: dict[str, str | None] = {**kald.headers, **{n.replace("_", "-"): v for n, v in aendrede.items()}}
        return kald.sti, [f"{navn}: {vaerdi}" for navn, vaerdi in headers.items() if vaerdi is not None], kald.krop

    def naboen_betjenes(self) -> None:
        """Make somebody else's registration on a connection of its own."""
        sti, headers, krop = self.registrering()
        par = [en.partition(": ")[::2] for en in headers]
        svar = httpx.post(f"{self.proces.tjenester}{sti}", headers=par, content=krop, timeout=_FRIST_S, trust_env=False)
        assert svar.status_code == 200, svar.text

    def hukommelse(self, hvad: str = "VmRSS") -> int:
        """Return the bytes that the stage holds in memory, or has held at most (VmHWM); 0 where the system does not say."""
        status = Path(f"/proc/{self.proces.popen.pid}/status")
        fund = re.search(rf"{hvad}:\s+(\d+) kB", status.read_text("utf-8")) if status.exists() else None
        return int(fund[1]) * 1024 if fund else 0


def laes(stik: socket.socket) -> bytes:
    """Read until the other side hangs up, in whatever way."""
    dele: list[bytes] = []
    try:
        while bid := stik.recv(65536):
            dele.append(bid)
    except ConnectionError:
        pass
    return b"".join(dele)


def status(svar: bytes) -> int:
    """Return an answer's status, 0 if the stage hung up without one."""
    return int(svar.split(b" ", 2)[1]) if svar.startswith(b"HTTP/1.1 ") else 0


def statusser(svar: bytes) -> list[int]:
    """Return the status of every answer on one connection."""
    return [int(en) for en in re.findall(rb"HTTP/1\.1 (\d\d\d)", svar)]


def uden_spor(svar: bytes) -> bool:
    """Say whether an answer keeps to itself how the stage is made."""
    return not any(en in svar for en in (b"Traceback", b".py", b"uvicorn", b"Error:"))


def flag(graenser: Iterable[str]) -> tuple[str, ...]:
    """Return the flags of these limits."""
    return tuple(del_ for en in graenser for del_ in ("--limit", en))
