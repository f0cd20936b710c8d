"""The thin layer between ASGI and the wire's values, both ways: an endpoint as an application, an application as a transport.

Every endpoint is a function from `Kald` to `Svar`; what it raises becomes an answer here, and never a stack trace. Shared by
the reference and by the neighbour services, which may not see each other; it knows no framework and opens no socket. The
transport calls an application in the same process: the converter calls REST so, and a neighbour service the reference.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from typing import Any

from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.wire.base import Kald, RemoteWireError, Svar, Utilgaengelig
from vos_contracts.wire.body import Kropsgraenser, dyb_json

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

log = logging.getLogger(__name__)

PROEV_IGEN_S = "1"
SKEMA = ":scheme"
"""Where a call says that it came over TLS; no caller can send a header of that name."""
INTERN_FEJL = Fejl(1011)
_TEGNSAET = re.compile(r";\s*charset\s*=\s*[\"']?([^\"';\s]*)", re.IGNORECASE)
_UTF_8 = frozenset({"utf-8", "utf8", "us-ascii"})
_FOER_XML = b"\xef\xbb\xbf \t\r\n"

Endepunkt = Callable[[Kald, dict[str, str]], Awaitable[Svar]]
SkrivFejl = Callable[[Sequence[Fejl], int], Svar]


class AsgiEndepunkt:
    """An endpoint as an ASGI application; `skriv_fejl` is how its channel says no."""

    def __init__(self, endepunkt: Endepunkt, skriv_fejl: SkrivFejl, graenser: Kropsgraenser) -> None:
        self._endepunkt = endepunkt
        self._skriv_fejl = skriv_fejl
        self._graenser = graenser

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read, let the endpoint answer, send."""
        headers = _headers(scope["headers"])
        if scope["scheme"] != "http":
            headers[SKEMA] = scope["scheme"]
        try:
            krop = await self._laes_krop(headers, receive)
            if krop and scope["method"] != "GET":  # nobody reads a GET's
                self._hold_formen(headers, krop)
            sti = scope["path"]
            if scope["query_string"]:
                sti = f"{sti}?{scope['query_string'].decode('latin-1')}"
            svar = await self._endepunkt(Kald(scope["method"], sti, headers, krop), scope["path_params"])
        except RemoteWireError as brud:
            svar = self._skriv_fejl(brud.fejl, brud.status)
        except Utilgaengelig:
            svar = self._skriv_fejl((INTERN_FEJL,), 503)
            svar = Svar(svar.status, {**svar.headers, "retry-after": PROEV_IGEN_S}, svar.krop)
        except Exception:  # our own bug: the caller gets a number, the log gets the reason
            log.exception("%s %a", scope["method"], scope["path"])
            svar = self._skriv_fejl((INTERN_FEJL,), 500)
        await send_svar(send, svar)

    def _hold_formen(self, headers: Mapping[str, str], krop: bytes) -> None:
        tegnsaet = _TEGNSAET.search(headers.get("content-type", ""))
        if tegnsaet is not None and tegnsaet[1].lower() not in _UTF_8:
            raise _brud(f"content-type: charset skal være utf-8, ikke {tegnsaet[1]}", 415)
        kodning = headers.get("content-encoding", "identity")
        if kodning.lower() != "identity":
            raise _brud(f"content-encoding: {kodning} kan ikke læses; send kroppen, som den er", 415)
        dybde = self._graenser.dybde
        if not krop.lstrip(_FOER_XML).startswith(b"<") and dyb_json(krop, dybde):
            raise _brud(f"objekter og lister må højst ligge {dybde} niveauer dybt", 400)

    async def _laes_krop(self, headers: Mapping[str, str], receive: Receive) -> bytes:
        laengde = headers.get("content-length", "0")
        if laengde == "0" and "transfer-encoding" not in headers:
            return b""
        if int(laengde) > self._graenser.krop:
            raise self._for_stor()
        dele: list[bytes] = []
        samlet = 0
        while True:
            besked = await receive()
            if besked["type"] == "http.disconnect":
                raise RemoteWireError(Fejl(VALIDERER_IKKE, "forbindelsen blev afbrudt"))
            dele.append(besked.get("body", b""))
            samlet += len(dele[-1])
            if samlet > self._graenser.krop:
                raise self._for_stor()
            if not besked.get("more_body", False):
                return dele[0] if len(dele) == 1 else b"".join(dele)

    def _for_stor(self) -> RemoteWireError:
        return _brud(f"kroppen må højst være {self._graenser.krop} byte", 413)


class Metodevalg:
    """Choose the endpoint by HTTP method; another method is 405 with those that are allowed."""

    def __init__(self, endepunkter: Mapping[str, AsgiEndepunkt], skriv_fejl: SkrivFejl) -> None:
        self._endepunkter = endepunkter
        self._skriv_fejl = skriv_fejl

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the chosen endpoint answer."""
        endepunkt = self._endepunkter.get(scope["method"])
        if endepunkt is not None:
            await endepunkt(scope, receive, send)
            return
        tilladte = ", ".join(self._endepunkter)
        svar = self._skriv_fejl((Fejl(VALIDERER_IKKE, f"metoden skal være en af {tilladte}"),), 405)
        await send_svar(send, Svar(svar.status, {**svar.headers, "allow": tilladte}, svar.krop))


def _brud(regel: str, status: int) -> RemoteWireError:
    return RemoteWireError(Fejl(VALIDERER_IKKE, regel), status=status)


def _headers(raa: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    try:
        return {navn.decode("latin-1"): vaerdi.decode() for navn, vaerdi in raa}
    except UnicodeDecodeError:
        return {navn.decode("latin-1"): _tekst(vaerdi) for navn, vaerdi in raa}


def _tekst(vaerdi: bytes) -> str:
    try:
        return vaerdi.decode("utf-8")
    except UnicodeDecodeError:
        return vaerdi.decode("latin-1")


async def send_svar(send: Send, svar: Svar) -> None:
    """Send a whole answer."""
    headers = [(navn.encode("latin-1"), vaerdi.encode("latin-1")) for navn, vaerdi in svar.headers.items()]
    headers.append((b"content-length", str(len(svar.krop)).encode()))
    await send({"type": "http.response.start", "status": svar.status, "headers": headers})
    await send({"type": "http.response.body", "body": svar.krop})


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
