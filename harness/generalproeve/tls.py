"""TLS of a stage: its own certificate, the client certificates it asks for, and the calling system that follows from one.

On plain loopback a caller says its system itself, in a header; under TLS its certificate says it, and what the header says is
nothing (DECISIONS section 1). Not here: who may do what.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generalproeve.udgang import KanIkkeKoere
from vos_contracts.wire.asgi import ASGIApp, Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class Tls:
    """PEM files, and the systems by the common name of their client certificate; an unknown name is system 0."""

    certifikat: Path
    noegle: Path
    klient_ca: Path | None = None
    systemer: Mapping[str, int] = field(default_factory=dict)

    def uvicorn(self) -> dict[str, Any]:
        """Return the server's settings; errors: KanIkkeKoere for files that cannot be used."""
        try:
            kontekst = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            kontekst.load_cert_chain(self.certifikat, self.noegle)
            if self.klient_ca is not None:
                kontekst.load_verify_locations(self.klient_ca)
        except (OSError, ssl.SSLError) as brud:
            filer = ", ".join(str(fil) for fil in (self.certifikat, self.noegle, self.klient_ca) if fil is not None)
            raise KanIkkeKoere(f"tls_certificate, tls_key, client_ca ({filer}): {brud}") from brud
        return {
            "ssl_certfile": str(self.certifikat),
            "ssl_keyfile": str(self.noegle),
            "ssl_ca_certs": None if self.klient_ca is None else str(self.klient_ca),
            "ssl_cert_reqs": ssl.CERT_NONE if self.klient_ca is None else ssl.CERT_REQUIRED,
        }


class Certifikatsystem:
    """An ASGI application behind which the calling system is the certificate's."""

    def __init__(self, app: ASGIApp, header: str, systemer: Mapping[str, int]) -> None:
        self._app = app
        self._header = header.lower().encode("ascii")
        self._systemer = systemer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Put the certificate's system in the place of whatever the caller said."""
        navn = scope.get("extensions", {}).get("tls", {}).get("client_cert_name")
        headers = [en for en in scope["headers"] if en[0] != self._header]
        if navn in self._systemer:
            headers.append((self._header, str(self._systemer[navn]).encode("ascii")))
        await self._app({**scope, "headers": headers}, receive, send)
