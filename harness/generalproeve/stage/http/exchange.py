"""One call on its way through the services, and its answer back onto the line.

The server library's own, but that an answer which comes whole - all of ours do - leaves as one piece, under a head that is
written once. Not here: what may come in (`protocol`).
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

Headers = tuple[tuple[bytes, bytes], ...]
_REMEMBERED = 1024
"""Heads of answers that are kept as they are written: they differ by the body's length."""
_BREAKS = frozenset({b"connection", b"transfer-encoding"})


class Exchange(RequestResponseCycle):
    """A call and its answer; `kept` says that the connection is kept, `resume` that the body waits for a word."""

    def __init__(self, protocol: HttpToolsProtocol, *, kept: bool, resume: bool) -> None:
        # all that the library's own sets, without asking its loggers for each call
        self.scope = protocol.scope
        self.transport = protocol.transport
        self.flow = protocol.flow
        self.logger = self.access_logger = log
        self.access_log = False
        self.default_headers = []
        self.message_event = asyncio.Event()
        self.on_response = protocol.on_response_complete
        self.disconnected = False
        self.keep_alive = kept
        self.waiting_for_100_continue = resume
        self.body = bytearray()
        self.more_body = True
        self.response_started = False
        self.response_complete = False
        self.chunked_encoding = None
        self.expected_content_length = 0
        self._head: Any = None

    async def send(self, message: Any) -> None:
        """Keep the head until the first of the body comes, as ASGI allows; write a whole answer as one piece."""
        if message["type"] == "http.response.start" and not self.response_started:
            self._head = message  # in place of one that nothing came after: the service broke down meanwhile
            return
        head, self._head = self._head, None
        if head is not None:
            body = message.get("body", b"")
            if self._is_whole(message):
                linjer = _linjer(head["status"], tuple(head["headers"]), len(body))
                if linjer is not None:
                    self._write(linjer + body)
                    return
            await super().send(head)
        await super().send(message)

    def _is_whole(self, message: Any) -> bool:
        if message.get("more_body", False) or not self.keep_alive or self.scope["method"] == "HEAD":
            return False
        return not (self.disconnected or self.flow.write_paused)

    def _write(self, response: bytes) -> None:
        self.response_started = self.response_complete = True
        self.waiting_for_100_continue = False
        self.transport.write(response)
        self.message_event.set()
        self.on_response()


@lru_cache(maxsize=_REMEMBERED)
def _linjer(status: int, headers: Headers, length: int) -> bytes | None:
    """Write status line and headers; None for those that are for the library to write, or to refuse."""
    linjer = [STATUS_LINE[status]]
    for name, value in headers:
        if HEADER_RE.search(name) or HEADER_VALUE_RE.search(value) or name.lower() in _BREAKS:
            return None
        linjer += [name.lower(), b": ", value, b"\r\n"]
    if [value for name, value in headers if name.lower() == b"content-length"] != [b"%d" % length]:
        return None
    return b"".join((*linjer, b"\r\n"))
