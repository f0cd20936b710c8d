"""A party's webhook: an HTTP server on loopback that receives webservice messages and answers by its habit.

Calls are kept in the order of arrival. Not here: the habits (`vos_simulators.habits`), and checking the messages
(`vos_simulators.oracle`).
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from vos_contracts.contract import Contract
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.messages.webhook import WebhookCodec, WsbMessage
from vos_simulators.habits import Garbage, Hangup, Reaction, WebhookHabit, takes_in

DEADLINE_S = 10.0


@dataclass(frozen=True, slots=True)
class Arrival:
    """One received call: its message, or in `errors` why the body is no message; `taken` if the message was accepted."""

    path: str
    headers: dict[str, str]
    body: bytes
    message: WsbMessage | None
    errors: str
    taken: bool


class WebhookReceiver:
    """The server, as a context manager. `habit` may be replaced while it runs; it can be closed and opened again."""

    def __init__(self, contract: Contract, habit: WebhookHabit | None = None, port: int = 0) -> None:
        self.habit = habit or takes_in()
        self._wsb = WebhookCodec(contract)
        self._port = port
        self._arrived = threading.Condition()
        self._arrivals: list[Arrival] = []
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        """The base URL of the server."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def arrivals(self) -> tuple[Arrival, ...]:
        """All received calls, in order."""
        with self._arrived:
            return tuple(self._arrivals)

    @property
    def messages(self) -> list[WsbMessage]:
        """The accepted messages including repeats, in order."""
        return [arrival.message for arrival in self.arrivals if arrival.taken and arrival.message is not None]

    def wait_for_messages(self, count: int, deadline: float = DEADLINE_S) -> list[WsbMessage]:
        """Wait until `count` messages are accepted; return all accepted messages.

        Raises:
            AssertionError: the condition did not hold within `deadline` seconds.
        """
        self.wait(lambda: len(self.messages) >= count, f"{count} beskeder", deadline)
        return self.messages

    def wait(self, condition: Callable[[], bool], what: str, deadline: float = DEADLINE_S) -> None:
        """Wait until a condition on the received calls holds; `what` describes it in Danish.

        Raises:
            AssertionError: the condition did not hold within `deadline` seconds.
        """
        with self._arrived:
            assert self._arrived.wait_for(condition, deadline), f"{what} kom ikke; der kom {len(self._arrivals)} kald"

    def wait_until_quiet(self, quiet: float) -> None:
        """Wait until no call has been received for `quiet` seconds."""
        with self._arrived:
            count = -1
            while count != len(self._arrivals):
                count = len(self._arrivals)
                self._arrived.wait(quiet)

    def open_up(self) -> None:
        """Start listening, on the port of the previous run if there was one."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", "0")))
                reaction = receiver._receive(
                    self.path, {header.lower(): value for header, value in self.headers.items()}, body
                )
                _react(self, reaction)

            def log_message(self, *other: object) -> None:
                """Suppress the access log on standard error."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), Handler)
        self._server.daemon_threads = True
        self._port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening; the received calls are kept."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
            self._server = None

    def _receive(self, path: str, headers: dict[str, str], body: bytes) -> Reaction:
        message, errors = None, ""
        try:
            message = self._wsb.read(body)
        except RemoteWireError as exc:
            errors = str(exc)
        with self._arrived:
            reaction = self.habit(message, len(self._arrivals))
            self._arrivals.append(Arrival(path, headers, body, message, errors, reaction.taken and not errors))
            self._arrived.notify_all()
        reaction.wait()
        return reaction

    def __enter__(self) -> Self:
        self.open_up()
        return self

    def __exit__(
        self, type_: type[BaseException] | None, errors: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _react(handler: BaseHTTPRequestHandler, reaction: Reaction) -> None:
    if isinstance(reaction, Hangup):
        handler.close_connection = True
        if reaction.reset:
            linger = struct.pack("ii", 1, 0)
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            handler.connection.close()
    elif isinstance(reaction, Garbage):
        handler.close_connection = True
        handler.wfile.write(reaction.bytes)
    else:
        handler.send_response(reaction.status)
        for name, value in (*reaction.headers, ("content-length", "0")):
            handler.send_header(name, value)
        handler.end_headers()
