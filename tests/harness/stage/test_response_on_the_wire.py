"""Responses on the wire: framing, refused headers, and an application that fails after the head."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from generalproeve.base.sockets import bind
from generalproeve.stage.http.server import new_loop, new_server

Send = Callable[[dict[str, Any]], Awaitable[None]]


def start(length: int | None, *headers: tuple[bytes, bytes]) -> dict[str, Any]:
    own = () if length is None else ((b"content-length", b"%d" % length),)
    return {"type": "http.response.start", "status": 200, "headers": [*headers, *own]}


def body(text: bytes, more: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": text, "more_body": more}


def response(*messages: dict[str, Any] | Exception) -> bytes:
    """Serve an application that sends these messages, call it once, and return the bytes of the response."""

    async def app(scope: Any, receive: Any, send: Send) -> None:
        for message in messages:
            if isinstance(message, Exception):
                raise message
            await send(message)

    async def call(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
        writer.write_eof()
        try:
            received = b""
            while not received.endswith(END) and (chunk := await asyncio.wait_for(reader.read(65536), 20)):
                received += chunk
            return received
        finally:
            writer.close()

    async def serve_and_call(sock: socket.socket) -> bytes:
        server = new_server(app)
        task = asyncio.ensure_future(server.serve(sockets=[sock]))
        while not server.started:
            await asyncio.sleep(0.001)
        received = await call(sock.getsockname()[1])
        server.should_exit = True
        await task
        return received

    with bind("127.0.0.1", 0) as sock, new_loop() as loop:
        return loop.run_until_complete(serve_and_call(sock))


END = b"done"
WHOLE = b"HTTP/1.1 200 OK\r\ncontent-type: x\r\ncontent-length: 4\r\n\r\ndone"


@pytest.mark.parametrize(
    "messages",
    [
        (start(4, (b"content-type", b"x")), body(b"done")),
        (start(4, (b"Content-Type", b"x")), body(b"done")),
        (start(4, (b"content-type", b"x")), body(b"do", more=True), body(b"ne")),
    ],
    ids=["whole", "capitals", "in two pieces"],
)
def test_a_response_is_the_same_in_one_and_in_several_pieces(messages: tuple[dict[str, Any], ...]) -> None:
    assert response(*messages) == WHOLE


def test_a_response_without_a_length_is_chunked() -> None:
    received = response(start(None), body(b"done"), body(b""))
    assert b"transfer-encoding: chunked" in received
    assert b"4\r\ndone" in received


def test_a_wrong_length_never_makes_a_complete_response() -> None:
    received = response(start(5), body(b"done"))
    assert len(received.partition(b"\r\n\r\n")[2]) < 5


@pytest.mark.parametrize("value", [b"a\r\nx-injected: b", b"a\nb", b"a\0"])
def test_a_header_value_cannot_inject_another_header(value: bytes) -> None:
    received = response(start(4, (b"x-a", value)), body(b"done"))
    assert b"injected" not in received
    assert received[:12] in (b"HTTP/1.1 500", b"")


def test_an_application_that_fails_after_the_head_makes_no_complete_response() -> None:
    for messages in ((start(4), RuntimeError("unexpected")), (start(4),)):
        assert response(*messages).partition(b"\r\n\r\n")[2] == b""
