"""Two applications on one port: the neighbour services at their own paths, the service under test at all the rest."""

from __future__ import annotations

from collections.abc import Container

from vos_contracts.wire.asgi.endpoint import ASGIApp, Receive, Scope, Send


class Composed:
    """An ASGI application that gives a call to one of two by its path."""

    def __init__(self, paths: Container[str], app: ASGIApp, otherwise: ASGIApp) -> None:
        self._paths = paths
        self._app = app
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the one at that path answer."""
        own = scope["type"] == "http" and scope["path"] in self._paths
        await (self._app if own else self._otherwise)(scope, receive, send)
