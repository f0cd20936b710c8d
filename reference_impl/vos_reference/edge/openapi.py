"""Serve the OpenAPI document."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import BaseRoute

from vos_contracts.kontrakt import Kontrakt


class OpenapiEdge:
    """The document's endpoints."""

    def __init__(self, kontrakt: Kontrakt) -> None:
        self._kontrakt = kontrakt

    def ruter(self) -> Sequence[BaseRoute]:
        """Return the routes."""
        return []
