"""The HTTP servers of a stage and the event loop that they run in."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from functools import partial
from typing import Any

import uvicorn

from generalproeve.settings.limits import Limits
from generalproeve.settings.tls import Tls
from generalproeve.stage.http.certificates import CertificateProtocol
from generalproeve.stage.http.protocol import Protocol
from vos_contracts.wire.asgi.endpoint import ASGIApp

STANDARD = Limits()


class Server(uvicorn.Server):
    """A server that leaves signals to the stage, and whose application may be changed while it runs."""

    def response_with(self, app: ASGIApp) -> None:
        """Let this application answer from the next call on, on open connections too; call it in the server's loop."""
        self.config.app = self.config.loaded_app = app
        for connection in self.server_state.connections:
            assert isinstance(connection, Protocol), "new_server has no other"
            connection.app = app

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def new_server(app: Any, tls: Tls | None = None, limits: Limits = STANDARD) -> Server:
    """Make a server of an application that says nothing of itself; errors: CannotRun for an unusable certificate."""
    setup: dict[str, Any] = {
        "http": partial(Protocol if tls is None else CertificateProtocol, limits, {}),
        "lifespan": "off",
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "date_header": False,
        "ws": "none",
        "proxy_headers": False,
        "timeout_keep_alive": limits.idle_seconds,
        "timeout_graceful_shutdown": 2,
    }
    return Server(uvicorn.Config(app, **setup, **(tls.uvicorn() if tls is not None else {})))


@contextlib.contextmanager
def new_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """Make the fastest event loop there is, and close it."""
    try:
        import uvloop
    except ImportError:  # Windows
        loop = asyncio.new_event_loop()
    else:
        loop = uvloop.new_event_loop()
    try:
        asyncio.set_event_loop(loop)
        yield loop
    finally:
        asyncio.set_event_loop(None)
        loop.close()
