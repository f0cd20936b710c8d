"""Send a call to an ASGI application in the same process: the converter to REST, a neighbour to the reference."""

from __future__ import annotations

from typing import Any

from vos_contracts.wire.asgi import ASGIApp, Message
from vos_contracts.wire.base import Kald, Svar


class AsgiTransport:
    """An `AsyncTransport` to one application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def send(self, kald: Kald) -> Svar:
        """Call the application and gather its answer."""
        sti, _, spoergsmaal = kald.sti.partition("?")
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "http",
            "method": kald.metode,
            "path": sti,
            "raw_path": sti.encode(),
            "root_path": "",
            "query_string": spoergsmaal.encode(),
            "headers": [
                (b"content-length", str(len(kald.krop)).encode()),
                *((navn.encode("latin-1"), vaerdi.encode()) for navn, vaerdi in kald.headers.items()),
            ],
            "client": None,
            "server": None,
        }
        svar = Svarmodtager()

        async def receive() -> Message:
            return {"type": "http.request", "body": kald.krop, "more_body": False}

        await self._app(scope, receive, svar.send)
        return Svar(svar.status, svar.headers, b"".join(svar.krop))


class Svarmodtager:
    """Gathers one answer."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.krop: list[bytes] = []

    async def send(self, besked: Message) -> None:
        """Take one ASGI message."""
        if besked["type"] == "http.response.start":
            self.status = besked["status"]
            self.headers = {navn.decode("latin-1"): vaerdi.decode("latin-1") for navn, vaerdi in besked["headers"]}
        elif besked["type"] == "http.response.body":
            self.krop.append(besked.get("body", b""))
