"""How an answer goes onto the line: a whole one in one piece, every other as the library writes it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from generalproeve.base.sockets import bind
from generalproeve.server import ny_loop, ny_server

Send = Callable[[dict[str, Any]], Awaitable[None]]


def hoved(laengde: int | None, *headers: tuple[bytes, bytes]) -> dict[str, Any]:
    egne = () if laengde is None else ((b"content-length", b"%d" % laengde),)
    return {"type": "http.response.start", "status": 200, "headers": [*headers, *egne]}


def krop(tekst: bytes, mere: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": tekst, "more_body": mere}


def svar(*beskeder: dict[str, Any] | Exception) -> bytes:
    """Let a service send these to one caller who then hangs up; return what came over the line."""

    async def app(scope: Any, receive: Any, send: Send) -> None:
        for besked in beskeder:
            if isinstance(besked, Exception):
                raise besked
            await send(besked)

    async def kald(port: int) -> bytes:
        laeser, skriver = await asyncio.open_connection("127.0.0.1", port)
        skriver.write(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        skriver.write_eof()
        try:
            modtaget = b""
            while not modtaget.endswith(SLUT) and (bid := await asyncio.wait_for(laeser.read(65536), 20)):
                modtaget += bid
            return modtaget
        finally:
            skriver.close()

    async def alt(stik: socket.socket) -> bytes:
        server = ny_server(app)
        opgave = asyncio.ensure_future(server.serve(sockets=[stik]))
        while not server.started:
            await asyncio.sleep(0.001)
        modtaget = await kald(stik.getsockname()[1])
        server.should_exit = True
        await opgave
        return modtaget

    with bind("127.0.0.1", 0) as stik, ny_loop() as loop:
        return loop.run_until_complete(alt(stik))


SLUT = b"ende"
HELT = b"HTTP/1.1 200 OK\r\ncontent-type: x\r\ncontent-length: 4\r\n\r\nende"


@pytest.mark.parametrize(
    "beskeder",
    [
        (hoved(4, (b"content-type", b"x")), krop(b"ende")),
        (hoved(4, (b"Content-Type", b"x")), krop(b"ende")),
        (hoved(4, (b"content-type", b"x")), krop(b"en", mere=True), krop(b"de")),
    ],
    ids=["helt", "store bogstaver", "i to stykker"],
)
def test_et_svar_er_det_samme_i_et_og_i_flere_stykker(beskeder: tuple[dict[str, Any], ...]) -> None:
    assert svar(*beskeder) == HELT


def test_uden_laengde_skrives_i_bidder() -> None:
    modtaget = svar(hoved(None), krop(b"ende"), krop(b""))
    assert b"transfer-encoding: chunked" in modtaget
    assert b"4\r\nende" in modtaget


def test_en_anden_laengde_end_kroppens_bliver_aldrig_et_helt_svar() -> None:
    assert not svar(hoved(5), krop(b"ende")).startswith(b"HTTP/1.1 200 OK\r\ncontent-length: 4")


@pytest.mark.parametrize("vaerdi", [b"a\r\nx-smuglet: b", b"a\nb", b"a\0"])
def test_en_header_kan_ikke_smugle_en_anden_ind(vaerdi: bytes) -> None:
    modtaget = svar(hoved(4, (b"x-a", vaerdi)), krop(b"ende"))
    assert b"smuglet" not in modtaget
    assert modtaget[:12] in (b"HTTP/1.1 500", b"")


def test_bryder_tjenesten_sammen_efter_hovedet_er_svaret_en_fejl() -> None:
    assert svar(hoved(4), RuntimeError("uventet")).startswith(b"HTTP/1.1 500")
    assert svar(hoved(4)).startswith(b"HTTP/1.1 500")
