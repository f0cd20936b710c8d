"""A line to a stage that costs next to nothing, so that what is measured is the stage and not the caller.

One kept connection, calls one at a time or some ahead of their answers, bytes as they are: nothing is normalised, followed or
unpacked, and what is no HTTP is sent all the same.
"""

from __future__ import annotations

import base64
import socket
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from vos_contracts.base import stopwatch
from vos_contracts.wire.base import Kald, NobodyThereError, Svar, UnreachableError
from vos_simulators.access import Adgang, uden_token

_UDEN_KROP = frozenset({204, 304})
_BID = 65_536
_UD = 32_768
"""Bytes that are sent ahead at most: less than the buffers between us hold, so that nobody waits for the other to read."""


class Forbindelse:
    """A `Transport` to one base address; `langsomst` is the longest that any answer took, in seconds."""

    def __init__(self, adresse: str, tidsfrist: float | None, adgang: Adgang | None = None) -> None:
        """Errors: OSError, ssl.SSLError for a certificate that cannot be read."""
        dele = urlsplit(adresse)
        self._tls = (adgang or Adgang()).tls() if dele.scheme == "https" else None
        self._adresse, self._sted = uden_token(adresse), (dele.hostname or "", dele.port or (443 if self._tls else 80))
        self._rod = dele.path.rstrip("/").encode()
        self._faste = b"host: " + dele.netloc.rpartition("@")[2].encode("idna")
        if dele.username is not None or dele.password is not None:
            hvem = f"{unquote(dele.username or '')}:{unquote(dele.password or '')}"
            self._faste += b"\r\nauthorization: Basic " + base64.b64encode(hvem.encode())
        self._tidsfrist = tidsfrist
        self._stik: socket.socket | None = None
        self._rest = b""
        self.langsomst = 0.0

    def send(self, kald: Kald) -> Svar:
        """Send and wait; errors: UnreachableError, also when no whole answer comes in time."""
        return next(self.send_alle([kald]))

    def send_alle(self, kald: Sequence[Kald]) -> Iterator[Svar]:
        """Send several without waiting for each; give their answers in order. Errors: as `send`, of the call that has none."""
        venter = deque(kald)
        while venter:
            ny = self._stik is None
            begyndt = stopwatch.seconds()
            try:
                antal = self._send_nogle(venter)
                if not antal:
                    continue  # nobody heard it
                for nummer in range(antal):
                    try:
                        svar = self._svar(venter[0].metode == "HEAD")
                    except ConnectionResetError:
                        if nummer == 0 and ny:
                            raise
                        self.luk()  # it had been idle too long, or ended with the answer before: nothing of this one was said
                        break
                    begyndt = self._tog(begyndt)
                    venter.popleft()
                    if svar.headers.get("connection", "").lower() == "close":
                        self.luk()
                    yield svar
                    if self._stik is None:
                        break
            except (OSError, ValueError) as brud:
                self._tog(begyndt)
                self.luk()
                hvad = f"{venter[0].metode} {venter[0].sti}"
                raise UnreachableError(f"{self._adresse}: {hvad}: {brud or type(brud).__name__}") from brud

    def _send_nogle(self, venter: Sequence[Kald]) -> int:
        """Send as many as the system takes without anybody reading; return how many."""
        ny = self._stik is None
        stik = self._stik or self._forbind()
        tekster = [self._skriv(venter[0])]
        for en in islice(venter, 1, None):
            tekster.append(self._skriv(en))
            if sum(map(len, tekster)) > _UD:
                del tekster[-1]
                break
        try:
            stik.sendall(b"".join(tekster))
        except (BrokenPipeError, ConnectionResetError):
            if not ny:
                self.luk()  # it had been idle too long
                return 0
            return 1  # it may have been answered before all of it was read
        return len(tekster)

    def _tog(self, begyndt: float) -> float:
        nu = stopwatch.seconds()
        self.langsomst = max(self.langsomst, nu - begyndt)
        return nu

    def _forbind(self) -> socket.socket:
        try:
            stik = socket.create_connection(self._sted, self._tidsfrist)
            stik.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls is not None:
                stik = self._tls.wrap_socket(stik, server_hostname=self._sted[0])
        except OSError as brud:
            raise NobodyThereError(f"{self._adresse}: {brud}") from brud
        self._stik, self._rest = stik, b""
        return stik

    def _laes_mere(self) -> None:
        assert self._stik is not None, "only read from what was opened"
        bid = self._stik.recv(_BID)
        if not bid and not self._rest:
            raise ConnectionResetError("the connection ended before an answer came")
        if not bid:
            raise ValueError("the connection ended in the middle of an answer")
        self._rest += bid

    def _skriv(self, kald: Kald) -> bytes:
        linjer = [b"%s %s%s HTTP/1.1" % (kald.metode.encode(), self._rod, kald.sti.encode()), self._faste]
        linjer += [b"%s: %s" % (navn.encode(), vaerdi.encode()) for navn, vaerdi in kald.headers.items()]
        if kald.krop or kald.metode in {"POST", "PUT"}:
            linjer.append(b"content-length: %d" % len(kald.krop))
        return b"\r\n".join(linjer) + b"\r\n\r\n" + kald.krop

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
            headers["connection"] = "close"
            return Svar(status, headers, self._til_ende())
        dele = []
        while laengde := int(self._linje().partition(b";")[0], 16):
            dele.append(self._tag(laengde))
            self._tag(2)
        self._tag(2)
        return Svar(status, headers, b"".join(dele))

    def _tag(self, laengde: int) -> bytes:
        while len(self._rest) < laengde:
            self._laes_mere()
        taget, self._rest = self._rest[:laengde], self._rest[laengde:]
        return taget

    def _til_ende(self) -> bytes:
        """Read for as long as anything comes: the answer ends with the connection."""
        assert self._stik is not None, "only read from what was opened"
        while bid := self._stik.recv(_BID):
            self._rest += bid
        taget, self._rest = self._rest, b""
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
