"""A party's webhook: a real HTTP server on loopback that takes in webservice messages, with the habits it is given.

What it has taken is kept in the order of arrival. Not here: what a habit does (`vos_simulators.habits`), or what the
messages ought to be (`vos_simulators.oracle`).
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
from vos_contracts.wire.messages.webhook import Wsb, WsbMessage
from vos_simulators.habits import Garbage, Hangup, Reaction, WebhookHabit, takes_in

DEADLINE_S = 10.0


@dataclass(frozen=True, slots=True)
class Arrival:
    """One call that came: its path, its body, the message or what was wrong with it, and whether it was taken in."""

    path: str
    headers: dict[str, str]
    body: bytes
    message: WsbMessage | None
    errors: str
    taken: bool


class WebhookReceiver:
    """The server; a context manager. `habit` may be changed while it runs, and the same port may be opened again."""

    def __init__(self, contract: Contract, habit: WebhookHabit | None = None, port: int = 0) -> None:
        self.habit = habit or takes_in()
        self._wsb = Wsb(contract)
        self._port = port
        self._new_one = threading.Condition()
        self._arrivals: list[Arrival] = []
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def arrivals(self) -> tuple[Arrival, ...]:
        """Everything that came, in order."""
        with self._new_one:
            return tuple(self._arrivals)

    @property
    def messages(self) -> list[WsbMessage]:
        """The messages that were taken in, repeats included, in order."""
        return [arrival.message for arrival in self.arrivals if arrival.taken and arrival.message is not None]

    def wait_on(self, count: int, deadline: float = DEADLINE_S) -> list[WsbMessage]:
        """Wait until that many messages were taken in and return all; errors: AssertionError at the deadline."""
        self.wait(lambda: len(self.messages) >= count, f"{count} beskeder", deadline)
        return self.messages

    def wait(self, condition: Callable[[], bool], what: str, deadline: float = DEADLINE_S) -> None:
        """Wait until something that depends on what came holds; errors: AssertionError at the deadline."""
        with self._new_one:
            assert self._new_one.wait_for(condition, deadline), f"{what} kom ikke; der kom {len(self._arrivals)} kald"

    def wait_on_quiet(self, quiet: float) -> None:
        """Wait until nothing has come for `quiet` seconds."""
        with self._new_one:
            count = -1
            while count != len(self._arrivals):
                count = len(self._arrivals)
                self._new_one.wait(quiet)

    def open_up(self) -> None:
        """Begin to listen, on the port it had if it had one."""
        recipient = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", "0")))
                response = recipient._tag(
                    self.path, {header.lower(): value for header, value in self.headers.items()}, body
                )
                _response(self, response)

            def log_message(self, *other: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), Handler)
        self._server.daemon_threads = True
        self._port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening; what was taken in stays."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
            self._server = None

    def _tag(self, path: str, headers: dict[str, str], body: bytes) -> Reaction:
        message, errors = None, ""
        try:
            message = self._wsb.read(body)
        except RemoteWireError as exc:
            errors = str(exc)
        with self._new_one:
            response = self.habit(message, len(self._arrivals))
            self._arrivals.append(Arrival(path, headers, body, message, errors, response.taken and not errors))
            self._new_one.notify_all()
        response.wait()
        return response

    def __enter__(self) -> Self:
        self.open_up()
        return self

    def __exit__(
        self, type_: type[BaseException] | None, errors: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _response(handler: BaseHTTPRequestHandler, response: Reaction) -> None:
    if isinstance(response, Hangup):
        handler.close_connection = True
        if response.reset:
            zero = struct.pack("ii", 1, 0)
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, zero)
            handler.connection.close()
    elif isinstance(response, Garbage):
        handler.close_connection = True
        handler.wfile.write(response.bytes)
    else:
        handler.send_response(response.status)
        for name, value in (*response.headers, ("content-length", "0")):
            handler.send_header(name, value)
        handler.end_headers()
