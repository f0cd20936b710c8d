"""One call on its way through the services, and its answer back onto the line.

The server library's own, but that an answer which comes whole - all of ours do - leaves as one piece, under a head that is
written once. Not here: what may come in (`protokol`).
"""

from __future__ import annotations

import asyncio
import logging
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import (
    HEADER_RE,
    HEADER_VALUE_RE,
    STATUS_LINE,
    RequestResponseCycle,
)

if TYPE_CHECKING:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

log = logging.getLogger("uvicorn.error")

Headere = tuple[tuple[bytes, bytes], ...]
_HUSKES = 1024
"""Heads of answers that are kept as they are written: they differ by the body's length."""
_BRYDER = frozenset({b"connection", b"transfer-encoding"})


class Besvarelse(RequestResponseCycle):
    """A call and its answer; `bevares` says that the connection is kept, `fortsaet` that the body waits for a word."""

    def __init__(self, protokol: HttpToolsProtocol, *, bevares: bool, fortsaet: bool) -> None:
        # all that the library's own sets, without asking its loggers for each call
        self.scope = protokol.scope
        self.transport = protokol.transport
        self.flow = protokol.flow
        self.logger = self.access_logger = log
        self.access_log = False
        self.default_headers = []
        self.message_event = asyncio.Event()
        self.on_response = protokol.on_response_complete
        self.disconnected = False
        self.keep_alive = bevares
        self.waiting_for_100_continue = fortsaet
        self.body = bytearray()
        self.more_body = True
        self.response_started = False
        self.response_complete = False
        self.chunked_encoding = None
        self.expected_content_length = 0
        self._hoved: Any = None

    async def send(self, message: Any) -> None:
        """Keep the head until the first of the body comes, as ASGI allows; write a whole answer as one piece."""
        if message["type"] == "http.response.start" and not self.response_started:
            self._hoved = message  # in place of one that nothing came after: the service broke down meanwhile
            return
        hoved, self._hoved = self._hoved, None
        if hoved is not None:
            krop = message.get("body", b"")
            if self._er_hel(message):
                linjer = _linjer(hoved["status"], tuple(hoved["headers"]), len(krop))
                if linjer is not None:
                    self._skriv(linjer + krop)
                    return
            await super().send(hoved)
        await super().send(message)

    def _er_hel(self, besked: Any) -> bool:
        if besked.get("more_body", False) or not self.keep_alive or self.scope["method"] == "HEAD":
            return False
        return not (self.disconnected or self.flow.write_paused)

    def _skriv(self, svar: bytes) -> None:
        self.response_started = self.response_complete = True
        self.waiting_for_100_continue = False
        self.transport.write(svar)
        self.message_event.set()
        self.on_response()


@lru_cache(maxsize=_HUSKES)
def _linjer(status: int, headere: Headere, laengde: int) -> bytes | None:
    """Write status line and headers; None for those that are for the library to write, or to refuse."""
    linjer = [STATUS_LINE[status]]
    for navn, vaerdi in headere:
        if HEADER_RE.search(navn) or HEADER_VALUE_RE.search(vaerdi) or navn.lower() in _BRYDER:
            return None
        linjer += [navn.lower(), b": ", vaerdi, b"\r\n"]
    if [vaerdi for navn, vaerdi in headere if navn.lower() == b"content-length"] != [b"%d" % laengde]:
        return None
    return b"".join((*linjer, b"\r\n"))
