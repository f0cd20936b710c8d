"""Two applications on one port: the neighbour services at their own paths, the service under test at all the rest."""

from __future__ import annotations

from collections.abc import Container

from vos_contracts.wire.asgi import ASGIApp, Receive, Scope, Send


class Sammensat:
    """An ASGI application that gives a call to one of two by its path."""

    def __init__(self, stier: Container[str], app: ASGIApp, ellers: ASGIApp) -> None:
        self._stier = stier
        self._app = app
        self._ellers = ellers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the one at that path answer."""
        egen = scope["type"] == "http" and scope["path"] in self._stier
        await (self._app if egen else self._ellers)(scope, receive, send)
