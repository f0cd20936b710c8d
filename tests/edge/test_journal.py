"""Every call is noted once, before the last part of its answer is sent."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from support.builders import NOW
from vos_contracts.wire.asgi.endpoint import Message
from vos_reference.edge.journal import CallJournal


@pytest.mark.parametrize("pieces", [1, 2])
def test_a_call_is_noted_once_before_the_end_of_its_answer_is_sent(pieces: int) -> None:
    noted: list[object] = []
    sent: list[tuple[str, int]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for nr in range(pieces):
            await send({"type": "http.response.body", "body": b"x", "more_body": nr + 1 < pieces})

    async def receive() -> Message:
        return {"type": "http.request", "body": b"in", "more_body": False}

    async def send(message: Message) -> None:
        sent.append((message["type"].rpartition(".")[2], len(noted)))

    class Clock:
        def now(self) -> Any:
            return NOW

    scope: Any = {"type": "http", "method": "GET", "path": "/", "headers": []}
    asyncio.run(CallJournal(app, noted.append, Clock())(scope, receive, send))
    assert sent == [("start", 0), *[("body", 0)] * (pieces - 1), ("body", 1)]
    (call,) = noted
    assert call[4] == 200  # type: ignore[index] # status
    assert call[6:] == (b"in", b"x" * pieces)  # type: ignore[index] # request body and response body


def test_a_call_without_an_answer_is_noted_too() -> None:
    noted: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None: ...

    class Clock:
        def now(self) -> Any:
            return NOW

    scope: Any = {"type": "http", "method": "GET", "path": "/", "headers": []}
    asyncio.run(CallJournal(app, noted.append, Clock())(scope, receive, send))
    assert [item[4] for item in noted] == [0]
