"""HTTP over TLS that tells the application whose certificate the caller has shown (ASGI's TLS extension)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from generalproeve.protokol import Protokol


class Certifikatprotokol(Protokol):
    """HTTP that says, as ASGI's TLS extension does, whose certificate the caller has shown."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as the base class has it
        """Read the name of the certificate once for the connection."""
        super().connection_made(transport)
        forbindelse = transport.get_extra_info("ssl_object")
        vist = forbindelse.getpeercert() if forbindelse is not None else None
        self._fast["extensions"] = {"tls": {"client_cert_name": _faelles_navn(vist) if vist else None}}


def _faelles_navn(certifikat: Mapping[str, Any]) -> str | None:
    return next((vaerdi for led in certifikat["subject"] for navn, vaerdi in led if navn == "commonName"), None)
