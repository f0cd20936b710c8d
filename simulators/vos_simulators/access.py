"""How a caller comes to a stage: what it shows on TLS, whom it trusts, how long it waits. Not here: calls (`transport`)."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from pathlib import Path

_TOKEN = re.compile(r"//[^/@]*@")
TIMEOUT_S = 10.0
"""How long a call may take; None waits for as long as it takes."""


def without_token(address: str) -> str:
    """Leave out what an address says of who calls: no message and no report shows it."""
    return _TOKEN.sub("//", address)


@dataclass(frozen=True, slots=True)
class Access:
    """What a caller shows on TLS and whom it trusts: PEM files; None is no client certificate, and the system's authorities."""

    certificate: Path | None = None
    key: Path | None = None
    ca: Path | None = None

    def tls(self) -> ssl.SSLContext:
        """Read the files; errors: OSError, ssl.SSLError."""
        context = ssl.create_default_context(cafile=self.ca)
        if self.certificate is not None:
            context.load_cert_chain(self.certificate, self.key)
        return context
