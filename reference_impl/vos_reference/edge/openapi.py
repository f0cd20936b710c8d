"""Serve the OpenAPI documents and Swagger UI, bundled and offline; all are made at the first request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from importlib.util import find_spec
from pathlib import Path

import msgspec
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from vos_contracts.kontrakt import Kontrakt
from vos_contracts.openapi import openapi
from vos_contracts.openapi_laesning import openapi_laesning
from vos_contracts.wire.asgi import send_svar
from vos_contracts.wire.base import Svar

_FILER: Mapping[str, str] = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
_SIDE = """<!doctype html>
<html lang="da"><head><meta charset="utf-8"><title>VisiteringOgStatusServices</title>
<link rel="stylesheet" href="/swagger/swagger-ui.css"></head>
<body><div id="ui"></div><div id="laesning"></div><script src="/swagger/swagger-ui-bundle.js"></script>
<script>SwaggerUIBundle({url: "/openapi.json", dom_id: "#ui", validatorUrl: null});
SwaggerUIBundle({url: "/openapi/VisiteringOgStatus.json", dom_id: "#laesning", validatorUrl: null});</script></body></html>
"""


class OpenapiEdge:
    """The documents' endpoints."""

    def __init__(self, kontrakt: Kontrakt) -> None:
        self._kontrakt = kontrakt

    def ruter(self) -> Sequence[BaseRoute]:
        """Return the routes."""
        return [
            Route("/openapi.json", endpoint=_Fil(lambda: self._dokument, "application/json")),
            Route("/openapi/VisiteringOgStatus.json", endpoint=_Fil(lambda: self._laesning, "application/json")),
            *(
                Route(sti, endpoint=_Fil(lambda: _SIDE.encode(), "text/html; charset=utf-8"))
                for sti in ("/swagger", "/swagger/index.html")  # the second is where STAR's stand
            ),
            *(
                Route(f"/swagger/{navn}", endpoint=_Fil(partial(_statisk, navn), type_))
                for navn, type_ in _FILER.items()
            ),
        ]

    @cached_property
    def _dokument(self) -> bytes:
        return msgspec.json.encode(openapi(self._kontrakt))

    @cached_property
    def _laesning(self) -> bytes:
        return msgspec.json.encode(openapi_laesning(self._kontrakt))


class _Fil:
    def __init__(self, indhold: Callable[[], bytes], type_: str) -> None:
        self._indhold = indhold
        self._type = type_

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send_svar(send, Svar(200, {"content-type": self._type}, self._indhold()))


def _statisk(navn: str) -> bytes:
    """Read a file of the Swagger UI distribution without importing the package that carries it."""
    spec = find_spec("swagger_ui")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent.joinpath("static", navn).read_bytes()
