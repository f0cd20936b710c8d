"""TLS of a stage: its certificate, the required client certificates, and the calling system that a certificate stands for.

Over plain HTTP a caller names its system in a header; over TLS the client certificate decides and the header is ignored.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generalproeve.base.exit_codes import CannotRun
from vos_contracts.wire.asgi.endpoint import ASGIApp, Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class Tls:
    """PEM files, and calling systems by common name of the client certificate; an unknown name is system 0."""

    certificate: Path
    key: Path
    client_ca: Path | None = None
    systems: Mapping[str, int] = field(default_factory=dict)

    def uvicorn(self) -> dict[str, Any]:
        """Return the TLS arguments of uvicorn's Config.

        Raises:
            CannotRun: a file is missing or cannot be used.
        """
        try:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate, self.key)
            if self.client_ca is not None:
                context.load_verify_locations(self.client_ca)
        except (OSError, ssl.SSLError) as error:
            files = ", ".join(str(file) for file in (self.certificate, self.key, self.client_ca) if file is not None)
            raise CannotRun(f"tls_certificate, tls_key, client_ca ({files}): {error}") from error
        return {
            "ssl_certfile": str(self.certificate),
            "ssl_keyfile": str(self.key),
            "ssl_ca_certs": None if self.client_ca is None else str(self.client_ca),
            "ssl_cert_reqs": ssl.CERT_NONE if self.client_ca is None else ssl.CERT_REQUIRED,
        }


class CertificateSystem:
    """ASGI middleware that sets the calling system's header from the client certificate."""

    def __init__(self, app: ASGIApp, header: str, systems: Mapping[str, int]) -> None:
        self._app = app
        self._header = header.lower().encode("ascii")
        self._systems = systems

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Drop the caller's own header, and add the certificate's system if its name is known."""
        name = scope.get("extensions", {}).get("tls", {}).get("client_cert_name")
        headers = [header for header in scope["headers"] if header[0] != self._header]
        if name in self._systems:
            headers.append((self._header, str(self._systems[name]).encode("ascii")))
        await self._app({**scope, "headers": headers}, receive, send)
