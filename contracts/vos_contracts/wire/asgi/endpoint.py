"""Adapters between ASGI and `Call`/`Response`: an endpoint as an ASGI application, an ASGI application as a transport.

Every endpoint is a function from `Call` to `Response`. Its exceptions become answers here, never stack traces. The reference
and the neighbour services share this module, because they may not import each other; it uses no framework and opens no
socket. The transport calls an application in the same process, as the converter calls REST.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from typing import Any

from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError
from vos_contracts.wire.asgi.body import BodyLimits, json_too_deep
from vos_contracts.wire.base import GIVEN_TWICE, TWICE, Call, RemoteWireError, Response, Unavailable

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

log = logging.getLogger(__name__)

TRY_AGAIN_S = "1"
SCHEMA = ":scheme"
"""The pseudo-header with the URL scheme of a TLS call; no caller can send a header of that name."""
INTERNAL_ERRORS = ServiceError(1011)
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([^\"';\s]*)", re.IGNORECASE)
_ONCE = ("content-type", "content-encoding", "soapaction")
_UTF_8 = frozenset({"utf-8", "utf8", "us-ascii"})
_BLANKS = b" \t"
_BEFORE_XML = b"\xef\xbb\xbf \t\r\n"

Endpoint = Callable[[Call, dict[str, str]], Awaitable[Response]]
WriteErrors = Callable[[Sequence[ServiceError], int], Response]


class AsgiEndpoint:
    """An endpoint as an ASGI application; `write_errors` writes a refusal in its channel's format."""

    def __init__(self, endpoint: Endpoint, write_errors: WriteErrors, limits: BodyLimits) -> None:
        self._endpoint = endpoint
        self._write_errors = write_errors
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the request, call the endpoint and send its answer."""
        headers = _headers(scope["headers"])
        if scope["scheme"] != "http":
            headers[SCHEMA] = scope["scheme"]
        try:
            body = await self._read_body(headers, receive)
            method = "GET" if scope["method"] == "HEAD" else scope["method"]  # the server leaves the body of a HEAD out
            if body and method != "GET":  # the body of a GET is ignored
                self._check_encoding(headers, body)
            path = scope["path"]
            if scope["query_string"]:
                path = f"{path}?{scope['query_string'].decode('latin-1')}"
            response = await self._endpoint(Call(method, path, headers, body), scope["path_params"])
        except RemoteWireError as exc:
            response = self._write_errors(exc.errors, exc.status)
        except Unavailable as exc:
            response = self._write_errors((ServiceError(INTERNAL_ERRORS.code, exc.description),), 503)
            response = Response(response.status, {**response.headers, "retry-after": TRY_AGAIN_S}, response.body)
        except Exception:  # a bug of ours: the caller gets 1011, the log gets the traceback
            log.exception("%s %a", scope["method"], scope["path"])
            response = self._write_errors((INTERNAL_ERRORS,), 500)
        await send_response(send, response)

    def _check_encoding(self, headers: Mapping[str, str], body: bytes) -> None:
        for name in _ONCE:
            if TWICE in headers.get(name, ""):
                raise _breach(f"{name}: {GIVEN_TWICE}", 400)
        charset = _CHARSET.search(headers.get("content-type", ""))
        if charset is not None and charset[1].lower() not in _UTF_8:
            raise _breach(f"content-type: charset skal være utf-8, ikke {charset[1]}", 415)
        encoding = headers.get("content-encoding", "identity")
        if encoding.lower() != "identity":
            raise _breach(f"content-encoding: {encoding} kan ikke læses; send kroppen, som den er", 415)
        depth = self._limits.depth
        if not body.lstrip(_BEFORE_XML).startswith(b"<") and json_too_deep(body, depth):
            raise _breach(f"objekter og lister må højst ligge {depth} niveauer dybt", 400)

    async def _read_body(self, headers: Mapping[str, str], receive: Receive) -> bytes:
        length = headers.get("content-length", "0")
        if length == "0" and "transfer-encoding" not in headers:
            return b""
        if int(length) > self._limits.body:
            raise self._too_big()
        parts: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise RemoteWireError(ServiceError(INVALID_REQUEST, "forbindelsen blev afbrudt"))
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > self._limits.body:
                raise self._too_big()
            if not message.get("more_body", False):
                return parts[0] if len(parts) == 1 else b"".join(parts)

    def _too_big(self) -> RemoteWireError:
        return _breach(f"kroppen må højst være {self._limits.body} byte", 413)


class MethodChoice:
    """Dispatches by HTTP method, HEAD as GET; other methods are answered with 405 and the allowed methods."""

    def __init__(self, endpoints: Mapping[str, AsgiEndpoint], write_errors: WriteErrors) -> None:
        self._endpoints = endpoints if "GET" not in endpoints else {**endpoints, "HEAD": endpoints["GET"]}
        self._write_errors = write_errors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request to the endpoint of its method."""
        endpoint = self._endpoints.get(scope["method"])
        if endpoint is not None:
            await endpoint(scope, receive, send)
            return
        allowed = ", ".join(self._endpoints)
        response = self._write_errors((ServiceError(INVALID_REQUEST, f"metoden skal være en af {allowed}"),), 405)
        await send_response(send, Response(response.status, {**response.headers, "allow": allowed}, response.body))


def _breach(rule: str, status: int) -> RemoteWireError:
    return RemoteWireError(ServiceError(INVALID_REQUEST, rule), status=status)


def _headers(raw: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    """Read the headers; blanks around a value are no part of it (RFC 9110 section 5.5)."""
    try:
        headers = {name.decode("latin-1"): value.strip(_BLANKS).decode() for name, value in raw}
    except UnicodeDecodeError:
        headers = {name.decode("latin-1"): _text(value.strip(_BLANKS)) for name, value in raw}
    if len(headers) < len(raw):
        values: dict[str, list[str]] = {}
        for name, value in raw:
            values.setdefault(name.decode("latin-1"), []).append(_text(value.strip(_BLANKS)))
        headers = {name: TWICE.join(texts) for name, texts in values.items()}
    return headers


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


async def send_response(send: Send, response: Response) -> None:
    """Send an answer as the two ASGI messages start and body."""
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers.items()]
    headers.append((b"content-length", str(len(response.body)).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


class AsgiTransport:
    """An `AsyncTransport` to one ASGI application in this process."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def send(self, call: Call) -> Response:
        """Call the application and collect its answer."""
        path, _, query = call.path.partition("?")
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "http",
            "method": call.method,
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [
                (b"content-length", str(len(call.body)).encode()),
                *((name.encode("latin-1"), value.encode()) for name, value in call.headers.items()),
            ],
            "client": None,
            "server": None,
        }
        response = ResponseReceiver()

        async def receive() -> Message:
            return {"type": "http.request", "body": call.body, "more_body": False}

        await self._app(scope, receive, response.send)
        return Response(response.status, response.headers, b"".join(response.body))


class ResponseReceiver:
    """Collects the ASGI messages of one answer."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body: list[bytes] = []

    async def send(self, message: Message) -> None:
        """Store one ASGI message."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in message["headers"]}
        elif message["type"] == "http.response.body":
            self.body.append(message.get("body", b""))
