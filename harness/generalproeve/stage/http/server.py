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
from generalproeve.stage.http.protocol import CertificateProtocol, Protocol
from vos_contracts.wire.asgi.endpoint import ASGIApp

STANDARD = Limits()


class Server(uvicorn.Server):
    """A uvicorn server that leaves signals to the stage, and whose application can be replaced while it runs."""

    def replace_app(self, app: ASGIApp) -> None:
        """Let `app` answer from the next request on, on open connections too; to be called in the server's loop."""
        self.config.app = self.config.loaded_app = app
        for connection in self.server_state.connections:
            assert isinstance(connection, Protocol), "new_server configures no other protocol"
            connection.app = app

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Install no signal handlers."""
        yield


def new_server(app: Any, tls: Tls | None = None, limits: Limits = STANDARD) -> Server:
    """Make a server with the limits; it sends no Server or Date header and writes no access log.

    Raises:
        CannotRun: a certificate cannot be used.
    """
    options: dict[str, Any] = {
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
    return Server(uvicorn.Config(app, **options, **(tls.uvicorn() if tls is not None else {})))


@contextlib.contextmanager
def new_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """Make an event loop for this thread, uvloop's where it is available, and close it after the block."""
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
