"""A line to a stage on plain HTTP that costs next to nothing, so that what is measured is the stage and not the caller.

One kept connection, one call at a time, bytes as they are: nothing is normalised, followed or unpacked. Not here: TLS, and
whoever asks for a password, which are the pooled transport's (`vos_simulators.transport`).
"""

from __future__ import annotations

import socket
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from vos_contracts import stopur
from vos_contracts.wire.base import Kald, NobodyThereError, Svar, UnreachableError

_UDEN_KROP = frozenset({204, 304})
_BID = 65_536


def egnet(adresse: str) -> bool:
    """Say whether an address can be called like this."""
    dele = urlsplit(adresse)
    return dele.scheme == "http" and dele.username is None and dele.password is None and dele.path in {"", "/"}


class Forbindelse:
    """A `Transport` to one base address; `langsomst` is the longest that any answer took, in seconds."""

    def __init__(self, adresse: str, tidsfrist: float | None) -> None:
        dele = urlsplit(adresse)
        self._adresse, self._sted = adresse, (dele.hostname or "", dele.port or 80)
        self._vaert = dele.netloc.encode("idna")
        self._tidsfrist = tidsfrist
        self._stik: socket.socket | None = None
        self._rest = b""
        self.langsomst = 0.0

    def send(self, kald: Kald) -> Svar:
        """Send and wait; errors: UnreachableError, also when no whole answer comes in time."""
        begyndt = stopur.nu()
        try:
            svar = self._send(_skriv(kald, self._vaert), kald.metode == "HEAD")
        except (OSError, ValueError) as brud:
            self.luk()
            raise UnreachableError(
                f"{self._adresse}: {kald.metode} {kald.sti}: {brud or type(brud).__name__}"
            ) from brud
        finally:
            self.langsomst = max(self.langsomst, stopur.nu() - begyndt)
        if svar.headers.get("connection", "").lower() == "close":
            self.luk()
        return svar

    def _send(self, tekst: bytes, kun_hoved: bool) -> Svar:
        if self._stik is not None:
            try:
                self._stik.sendall(tekst)
                self._laes_mere()
                return self._svar(kun_hoved)
            except (BrokenPipeError, ConnectionResetError):
                if self._rest:
                    raise
                self.luk()  # it had been idle too long, and nothing of the call was answered
        self._forbind().sendall(tekst)
        self._laes_mere()
        return self._svar(kun_hoved)

    def _forbind(self) -> socket.socket:
        try:
            stik = socket.create_connection(self._sted, self._tidsfrist)
        except OSError as brud:
            raise NobodyThereError(f"{self._adresse}: {brud}") from brud
        stik.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._stik, self._rest = stik, b""
        return stik

    def _laes_mere(self) -> None:
        assert self._stik is not None, "only read from what was opened"
        bid = self._stik.recv(_BID)
        if not bid:
            raise ConnectionResetError("the connection ended before the answer did")
        self._rest += bid

    def _svar(self, kun_hoved: bool) -> Svar:
        while (slut := self._rest.find(b"\r\n\r\n")) < 0:
            self._laes_mere()
        foerste, *linjer = self._rest[:slut].decode("latin-1").split("\r\n")
        headers = {navn.lower(): vaerdi.strip() for navn, _, vaerdi in (linje.partition(":") for linje in linjer)}
        self._rest = self._rest[slut + 4 :]
        status = int(foerste.split(" ", 2)[1])
        if kun_hoved or status in _UDEN_KROP:
            return Svar(status, headers)
        if "content-length" in headers:
            return Svar(status, headers, self._tag(int(headers["content-length"])))
        if headers.get("transfer-encoding") != "chunked":
            raise ValueError("the answer does not say how long it is")
        dele = []
        while laengde := int(self._linje(), 16):
            dele.append(self._tag(laengde))
            self._tag(2)
        self._tag(2)
        return Svar(status, headers, b"".join(dele))

    def _tag(self, laengde: int) -> bytes:
        while len(self._rest) < laengde:
            self._laes_mere()
        taget, self._rest = self._rest[:laengde], self._rest[laengde:]
        return taget

    def _linje(self) -> bytes:
        while (slut := self._rest.find(b"\r\n")) < 0:
            self._laes_mere()
        return self._tag(slut + 2)[:-2]

    def luk(self) -> None:
        """Close the connection; the next call opens another."""
        if self._stik is not None:
            self._stik.close()
        self._stik, self._rest = None, b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, type_: type[BaseException] | None, fejl: BaseException | None, spor: TracebackType | None
    ) -> None:
        self.luk()


def _skriv(kald: Kald, vaert: bytes) -> bytes:
    linjer = [b"%s %s HTTP/1.1" % (kald.metode.encode(), kald.sti.encode()), b"host: " + vaert]
    linjer += [b"%s: %s" % (navn.encode(), vaerdi.encode()) for navn, vaerdi in kald.headers.items()]
    if kald.krop or kald.metode in {"POST", "PUT"}:
        linjer.append(b"content-length: %d" % len(kald.krop))
    return b"\r\n".join(linjer) + b"\r\n\r\n" + kald.krop
