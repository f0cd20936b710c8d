"""Who may speak to the control API and the page: this machine's own programs and pages, elsewhere only with the token.

A browser on this machine carries other people's pages. They come with another Origin, or with a name of their own that has
been made to point here (DNS rebinding), and neither gets in. Not here: what the control API does.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

import msgspec

from vos_contracts.koder.fejl import VALIDERER_IKKE
from vos_contracts.wire.asgi import ASGIApp, Receive, Scope, Send, send_svar
from vos_contracts.wire.base import Svar

_EGEN = frozenset({b"same-origin", b"none"})
"""What a browser says of a page's own call, and of an address that somebody typed."""


class Doervagt:
    """An application behind the door; `navne` are the host names it may be called by, besides addresses and localhost."""

    def __init__(self, app: ASGIApp, navne: Collection[str] = (), token: str | None = None) -> None:
        self._app = app
        self._navne = frozenset({"localhost", *(en.lower() for en in navne)})
        self._token = None if token is None else token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let in, or refuse with the rule."""
        if scope["type"] == "http":
            afslag = self._afslag(scope)
            if afslag is not None:
                await send_svar(send, afslag)
                return
        await self._app(scope, receive, send)

    def _afslag(self, scope: Scope) -> Svar | None:
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        host = _foerste(headers, b"host").decode("latin-1")
        if not self._er_os(host):
            return _nej(
                403, f"Host: {host!a} er ikke scenens; brug dens adresse, localhost, eller start med --control-name"
            )
        egen = f"{scope['scheme']}://{host}".lower().encode("latin-1")
        if any(navn == b"origin" and vaerdi.lower() != egen for navn, vaerdi in headers):
            return _nej(403, "Origin: kaldet kommer fra en side, der ikke er scenens egen")
        if any(navn == b"sec-fetch-site" and vaerdi.lower() not in _EGEN for navn, vaerdi in headers):
            return _nej(403, "Sec-Fetch-Site: kaldet kommer fra en side, der ikke er scenens egen")
        if self._token is not None and not hmac.compare_digest(_vist_token(headers), self._token):
            svar = _nej(401, "Authorization: angiv scenens token, som Bearer eller som adgangskode")
            return Svar(svar.status, {**svar.headers, "www-authenticate": 'Basic realm="generalproeve"'}, svar.krop)
        return None

    def _er_os(self, host: str) -> bool:
        """An address cannot be made to point here by somebody else, a name can."""
        try:
            dele = urlsplit(f"//{host}")
            navn, _ = dele.hostname or "", dele.port
        except ValueError:
            return False
        if dele.netloc != host or "@" in host:
            return False
        if navn in self._navne:
            return True
        try:
            ip_address(navn)
        except ValueError:
            return False
        return True


def _vist_token(headers: list[tuple[bytes, bytes]]) -> bytes:
    skema, _, vaerdi = _foerste(headers, b"authorization").partition(b" ")
    if skema.lower() == b"bearer":
        return vaerdi.strip()
    if skema.lower() == b"basic":
        try:
            return base64.b64decode(vaerdi, validate=True).partition(b":")[2]
        except binascii.Error:
            return b""
    return b""


def _foerste(headers: list[tuple[bytes, bytes]], navn: bytes) -> bytes:
    return next((vaerdi for et, vaerdi in headers if et == navn), b"")


def _nej(status: int, regel: str) -> Svar:
    krop = msgspec.json.encode({"fejl": [{"fejlkode": VALIDERER_IKKE, "fejltekst": regel}]})
    return Svar(status, {"content-type": "application/json"}, krop)
