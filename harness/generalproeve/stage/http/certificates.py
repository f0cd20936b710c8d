"""HTTP over TLS that tells the application whose certificate the caller has shown (ASGI's TLS extension)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from generalproeve.stage.http.protocol import Protocol


class CertificateProtocol(Protocol):
    """HTTP that says, as ASGI's TLS extension does, whose certificate the caller has shown."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as the base class has it
        """Read the name of the certificate once for the connection."""
        super().connection_made(transport)
        connection = transport.get_extra_info("ssl_object")
        shown = connection.getpeercert() if connection is not None else None
        self._extensions["tls"] = {"client_cert_name": _shared_name(shown) if shown else None}


def _shared_name(certificate: Mapping[str, Any]) -> str | None:
    return next((value for link in certificate["subject"] for name, value in link if name == "commonName"), None)
