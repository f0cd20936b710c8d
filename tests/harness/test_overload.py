"""Calls beyond the bounded queue get 503 at once and the others are answered; a slow body holds no place."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from generalproeve.stage.overload import Overload
from support.builders import contract
from vos_contracts.control.journal import JournalEntry
from vos_contracts.wire.asgi.endpoint import AsgiTransport, Message, Receive, Scope, Send, send_response
from vos_contracts.wire.base import Call, Response
from vos_contracts.wire.soap.schemas import endpoint

LIMIT, CALLS = 4, 40
NOW = datetime(2024, 11, 18, 9, 0, tzinfo=UTC)


class FixedClock:
    def now(self) -> datetime:
        return NOW


class Held:
    """An application that answers when it is let go, and counts its calls."""

    def __init__(self) -> None:
        self.free = asyncio.Event()
        self.calls = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body", False):
            pass
        self.calls += 1
        await self.free.wait()
        await send_response(send, Response(200))


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_calls_beyond_the_limit_are_shed_and_the_stage_recovers(method: str) -> None:
    async def play() -> tuple[list[Response], Response, int, list[JournalEntry]]:
        app, journal = Held(), list[JournalEntry]()
        transport = AsgiTransport(Overload(app, LIMIT, journal.append, FixedClock(), contract()))
        tasks = [asyncio.create_task(transport.send(Call(method, "/", {}, b"{}"))) for _ in range(CALLS)]
        async with asyncio.timeout(10):
            while sum(task.done() for task in tasks) < CALLS - LIMIT:
                await asyncio.sleep(0)
        app.free.set()
        answers = await asyncio.gather(*tasks)
        return answers, await transport.send(Call(method, "/")), app.calls, journal

    answers, after, calls, journal = asyncio.run(play())
    shed = [answer for answer in answers if answer.status == 503]
    assert (len(shed), calls, after.status) == (CALLS - LIMIT, LIMIT + 1, 200)
    assert all(answer.headers["retry-after"] == "1" for answer in shed)
    assert b"overbelastet" in shed[0].body
    assert [dict(entry.data) for entry in journal] == [
        {"state": "shedding", "limit": LIMIT},
        {"state": "recovered", "shed": CALLS - LIMIT},
    ]


@pytest.mark.parametrize(
    ("path", "media_type", "text"),
    [
        ("/v1/PersonVisitering/kontaktgruppe", "application/json", b'"fejlkode":1011'),
        (endpoint("PersonRegistrationService"), "text/xml; charset=utf-8", b"<faultcode>s:Server</faultcode>"),
    ],
)
def test_a_shed_call_is_refused_in_the_form_of_its_channel(path: str, media_type: str, text: bytes) -> None:
    async def play() -> Response:
        app = Held()
        transport = AsgiTransport(Overload(app, 1, list[JournalEntry]().append, FixedClock(), contract()))
        first = asyncio.create_task(transport.send(Call("POST", path, {}, b"x")))
        async with asyncio.timeout(10):
            while not app.calls:
                await asyncio.sleep(0)
        shed = await transport.send(Call("POST", path, {}, b"x"))
        app.free.set()
        await first
        return shed

    shed = asyncio.run(play())
    assert (shed.status, shed.headers["content-type"]) == (503, media_type)
    assert text in shed.body
    assert b"overbelastet" in shed.body


def test_a_slow_body_holds_no_place() -> None:
    async def play() -> int:
        app, never = Held(), asyncio.Event()
        stalled = 0
        app.free.set()
        overload = Overload(app, LIMIT, list[JournalEntry]().append, FixedClock(), contract())

        def slow() -> Receive:
            messages = iter([{"type": "http.request", "body": b"x", "more_body": True}])

            async def receive() -> Message:
                nonlocal stalled
                for message in messages:
                    return message
                stalled += 1
                await never.wait()
                raise AssertionError("not reached")

            return receive

        async def ignore(message: Message) -> None: ...

        scope: dict[str, Any] = {"type": "http"}
        slow_calls = [asyncio.create_task(overload(scope, slow(), ignore)) for _ in range(LIMIT * 2)]
        async with asyncio.timeout(10):
            while stalled < len(slow_calls):
                await asyncio.sleep(0)
        response = await AsgiTransport(overload).send(Call("GET", "/"))
        for task in slow_calls:
            task.cancel()
        return response.status

    assert asyncio.run(play()) == 200
