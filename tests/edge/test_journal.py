"""Every call is noted once, before its caller has heard the answer to its end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from byggeklodser import NU
from vos_contracts.wire.asgi import Message
from vos_reference.edge.journal import Kaldsjournal


@pytest.mark.parametrize("stykker", [1, 2])
def test_et_kald_er_noteret_foer_det_sidste_af_svaret_gaar_og_een_gang(stykker: int) -> None:
    noteret: list[object] = []
    ved_afsendelse: list[tuple[str, int]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for nr in range(stykker):
            await send({"type": "http.response.body", "body": b"x", "more_body": nr + 1 < stykker})

    async def modtag() -> Message:
        return {"type": "http.request", "body": b"ind", "more_body": False}

    async def afsend(besked: Message) -> None:
        ved_afsendelse.append((besked["type"].rpartition(".")[2], len(noteret)))

    class Ur:
        def now(self) -> Any:
            return NU

    scope: Any = {"type": "http", "method": "GET", "path": "/", "headers": []}
    asyncio.run(Kaldsjournal(app, noteret.append, Ur())(scope, modtag, afsend))
    assert ved_afsendelse == [("start", 0), *[("body", 0)] * (stykker - 1), ("body", 1)]
    (kald,) = noteret
    assert kald[4] == 200  # type: ignore[index] # the status
    assert kald[6:] == (b"ind", b"x" * stykker)  # type: ignore[index] # what came in, and what went out


def test_et_kald_uden_svar_er_ogsaa_noteret() -> None:
    noteret: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()

    async def modtag() -> Message:
        return {"type": "http.disconnect"}

    async def afsend(besked: Message) -> None: ...

    class Ur:
        def now(self) -> Any:
            return NU

    scope: Any = {"type": "http", "method": "GET", "path": "/", "headers": []}
    asyncio.run(Kaldsjournal(app, noteret.append, Ur())(scope, modtag, afsend))
    assert [en[4] for en in noteret] == [0]
