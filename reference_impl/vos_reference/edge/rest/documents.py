"""Serve the OpenAPI documents and a bundled Swagger UI, without access to the network; each is made at its first request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from importlib.util import find_spec
from pathlib import Path

import msgspec
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from vos_contracts.contract import Contract
from vos_contracts.openapi.reading import openapi_reading
from vos_contracts.openapi.registration import openapi
from vos_contracts.wire.asgi.endpoint import send_response
from vos_contracts.wire.base import Response

_FILES: Mapping[str, str] = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
_PAGE = """<!doctype html>
<html lang="da"><head><meta charset="utf-8"><title>VisiteringOgStatusServices</title>
<link rel="stylesheet" href="/swagger/swagger-ui.css"></head>
<body><div id="ui"></div><div id="laesning"></div><script src="/swagger/swagger-ui-bundle.js"></script>
<script>SwaggerUIBundle({url: "/openapi.json", dom_id: "#ui", validatorUrl: null});
SwaggerUIBundle({url: "/openapi/VisiteringOgStatus.json", dom_id: "#laesning", validatorUrl: null});</script></body></html>
"""


class OpenapiEdge:
    """The endpoints of the documents and of Swagger UI."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes of the documents and of Swagger UI."""
        return [
            Route("/openapi.json", endpoint=_Document(lambda: self._document, "application/json")),
            Route("/openapi/VisiteringOgStatus.json", endpoint=_Document(lambda: self._reading, "application/json")),
            *(
                Route(path, endpoint=_Document(lambda: _PAGE.encode(), "text/html; charset=utf-8"))
                for path in ("/swagger", "/swagger/index.html")  # the second is the address of STAR's own pages
            ),
            *(
                Route(f"/swagger/{name}", endpoint=_Document(partial(_read_swagger_file, name), type_))
                for name, type_ in _FILES.items()
            ),
        ]

    @cached_property
    def _document(self) -> bytes:
        return msgspec.json.encode(openapi(self._contract))

    @cached_property
    def _reading(self) -> bytes:
        return msgspec.json.encode(openapi_reading(self._contract))


class _Document:
    def __init__(self, content: Callable[[], bytes], type_: str) -> None:
        self._content = content
        self._type = type_

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send_response(send, Response(200, {"content-type": self._type}, self._content()))


def _read_swagger_file(name: str) -> bytes:
    """Read a file of the Swagger UI distribution without importing the package that carries it."""
    spec = find_spec("swagger_ui")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent.joinpath("static", name).read_bytes()
