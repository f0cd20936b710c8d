"""TLS settings and the timeout of a caller's connection to a stage. Not here: sending calls (`transport`)."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from pathlib import Path

_TOKEN = re.compile(r"//[^/@]*@")
TIMEOUT_S = 10.0
"""Default timeout of a call in seconds."""


def without_token(address: str) -> str:
    """Remove user name and password from an address before it is shown in a message or a report."""
    return _TOKEN.sub("//", address)


@dataclass(frozen=True, slots=True)
class Access:
    """Client certificate and trusted authority as PEM files.

    Without `certificate` no client certificate is sent; without `ca` the authorities of the operating system are trusted.
    """

    certificate: Path | None = None
    key: Path | None = None
    ca: Path | None = None

    def tls(self) -> ssl.SSLContext:
        """Build an SSL context from the files.

        Raises:
            OSError: a file cannot be read.
            ssl.SSLError: a file holds no valid certificate or key.
        """
        context = ssl.create_default_context(cafile=self.ca)
        if self.certificate is not None:
            context.load_cert_chain(self.certificate, self.key)
        return context
