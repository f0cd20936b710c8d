"""How an answer goes onto the line: a whole one in one piece, every other as the library writes it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from generalproeve.base.sockets import bind
from generalproeve.stage.http.server import new_loop, new_server

Send = Callable[[dict[str, Any]], Awaitable[None]]


def head(length: int | None, *headers: tuple[bytes, bytes]) -> dict[str, Any]:
    own = () if length is None else ((b"content-length", b"%d" % length),)
    return {"type": "http.response.start", "status": 200, "headers": [*headers, *own]}


def body(text: bytes, more: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": text, "more_body": more}


def response(*messages: dict[str, Any] | Exception) -> bytes:
    """Let a service send these to one caller who then hangs up; return what came over the line."""

    async def app(scope: Any, receive: Any, send: Send) -> None:
        for message in messages:
            if isinstance(message, Exception):
                raise message
            await send(message)

    async def call(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        writer.write_eof()
        try:
            received = b""
            while not received.endswith(END) and (bid := await asyncio.wait_for(reader.read(65536), 20)):
                received += bid
            return received
        finally:
            writer.close()

    async def all(sock: socket.socket) -> bytes:
        server = new_server(app)
        task = asyncio.ensure_future(server.serve(sockets=[sock]))
        while not server.started:
            await asyncio.sleep(0.001)
        received = await call(sock.getsockname()[1])
        server.should_exit = True
        await task
        return received

    with bind("127.0.0.1", 0) as sock, new_loop() as loop:
        return loop.run_until_complete(all(sock))


END = b"end"
ENTIRELY = b"HTTP/1.1 200 OK\r\ncontent-type: x\r\ncontent-length: 4\r\n\r\nende"


@pytest.mark.parametrize(
    "messages",
    [
        (head(4, (b"content-type", b"x")), body(b"end")),
        (head(4, (b"Content-Type", b"x")), body(b"end")),
        (head(4, (b"content-type", b"x")), body(b"en", more=True), body(b"de")),
    ],
    ids=["helt", "store bogstaver", "i to stykker"],
)
def test_et_svar_er_det_samme_i_et_og_i_flere_stykker(messages: tuple[dict[str, Any], ...]) -> None:
    assert response(*messages) == ENTIRELY


def test_uden_laengde_skrives_i_bidder() -> None:
    received = response(head(None), body(b"end"), body(b""))
    assert b"transfer-encoding: chunked" in received
    assert b"4\r\nende" in received


def test_en_anden_laengde_end_kroppens_bliver_aldrig_et_helt_svar() -> None:
    assert not response(head(5), body(b"end")).startswith(b"HTTP/1.1 200 OK\r\ncontent-length: 4")


@pytest.mark.parametrize("value", [b"a\r\nx-smuglet: b", b"a\nb", b"a\0"])
def test_en_header_kan_ikke_smugle_en_anden_ind(value: bytes) -> None:
    received = response(head(4, (b"x-a", value)), body(b"end"))
    assert b"smuglet" not in received
    assert received[:12] in (b"HTTP/1.1 500", b"")


def test_bryder_tjenesten_sammen_efter_hovedet_er_svaret_en_fejl() -> None:
    assert response(head(4), RuntimeError("unexpected")).startswith(b"HTTP/1.1 500")
    assert response(head(4)).startswith(b"HTTP/1.1 500")
