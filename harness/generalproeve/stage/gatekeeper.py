"""Access control of both ports: Host, Origin and Sec-Fetch-Site are checked, and the control API's token if there is one.

A browser on this machine also runs foreign pages. Their requests have another Origin (CSRF), or a foreign host name that
resolves to loopback (DNS rebinding); both are refused. Not here: what is behind the ports.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

import msgspec

from vos_contracts.tables.errors import INVALID_REQUEST
from vos_contracts.wire.asgi.endpoint import ASGIApp, Receive, Scope, Send, send_response
from vos_contracts.wire.base import Response

_REMEMBERED = 1000
_OWN = frozenset({b"same-origin", b"none"})
"""Sec-Fetch-Site of a request from the page itself, and of a URL typed by the user."""


class Gatekeeper:
    """ASGI middleware; `names` are the accepted host names, besides IP addresses and localhost."""

    def __init__(self, app: ASGIApp, names: Collection[str] = (), token: str | None = None) -> None:
        self._app = app
        self._names = frozenset({"localhost", *(name.lower() for name in names)})
        self._token = None if token is None else token.encode()
        self._accepted: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it with the broken rule."""
        if scope["type"] == "http":
            refusal = self._refusal(scope)
            if refusal is not None:
                await send_response(send, refusal)
                return
        await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        given = [value for name, value in headers if name == b"host"]
        host = given[0].decode("latin-1") if given else ""
        if given and host not in self._accepted and not self._is_own_host(host):  # no browser leaves Host out
            return _refuse(
                403, f"Host: {host!a} er ikke scenens; brug dens adresse, localhost, eller start med --host-name"
            )
        own = f"{scope['scheme']}://{host}".lower().encode("latin-1")
        if any(name == b"origin" and value.lower() != own for name, value in headers):
            return _refuse(403, "Origin: kaldet kommer fra en side, der ikke er scenens egen")
        if any(name == b"sec-fetch-site" and value.lower() not in _OWN for name, value in headers):
            return _refuse(403, "Sec-Fetch-Site: kaldet kommer fra en side, der ikke er scenens egen")
        if self._token is not None and not hmac.compare_digest(_token_of(headers), self._token):
            response = _refuse(401, "Authorization: angiv scenens token, som Bearer eller som adgangskode")
            return Response(
                response.status, {**response.headers, "www-authenticate": 'Basic realm="generalproeve"'}, response.body
            )
        return None

    def _is_own_host(self, host: str) -> bool:
        """Accept known names and any IP address: only a name can be pointed here by someone else (DNS rebinding)."""
        try:
            parts = urlsplit(f"//{host}")
            name, _ = parts.hostname or "", parts.port
        except ValueError:
            return False
        if parts.netloc != host or "@" in host:
            return False
        if name not in self._names:
            try:
                ip_address(name)
            except ValueError:
                return False
        if len(self._accepted) >= _REMEMBERED:
            self._accepted.clear()
        self._accepted.add(host)
        return True


def _token_of(headers: list[tuple[bytes, bytes]]) -> bytes:
    """Return the token that a request gives, b"" if it gives none or two."""
    given = [value for name, value in headers if name == b"authorization"]
    scheme, _, value = given[0].strip().partition(b" ") if len(given) == 1 else (b"", b"", b"")
    if scheme.lower() == b"bearer":
        return value.strip()
    if scheme.lower() == b"basic":
        try:
            return base64.b64decode(value, validate=True).partition(b":")[2]
        except binascii.Error:
            return b""
    return b""


def _refuse(status: int, rule: str) -> Response:
    body = msgspec.json.encode({"fejl": [{"fejlkode": INVALID_REQUEST, "fejltekst": rule}]})
    return Response(status, {"content-type": "application/json"}, body)
