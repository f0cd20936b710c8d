"""A stage that runs elsewhere: its addresses, what may be reached, and how a broken line is told apart from a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import click
import msgspec

from generalproeve.udgang import KanIkkeKoere, Uopnaaelig
from vos_contracts.wire.base import RemoteWireError, UnreachableError
from vos_simulators.styring import StyringAfvist
from vos_simulators.transport import HttpTransport

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
STYRING, TJENESTER = "http://127.0.0.1:8481", "http://127.0.0.1:8480"


def kraev_loopback(flag: str, adresse: str, *, tillad_fjern: bool) -> None:
    """Refuse an address that is not this machine's own, unless that is allowed; errors: KanIkkeKoere."""
    dele = urlsplit(adresse)
    if dele.scheme not in {"http", "https"} or not dele.hostname:
        raise KanIkkeKoere(f"{flag} {adresse}: must be an address such as {STYRING}")
    if dele.hostname not in LOOPBACK and not tillad_fjern:
        raise KanIkkeKoere(f"{flag} {adresse}: is not on this machine; --allow-remote says that it is meant")


@contextmanager
def linje(adresse: str) -> Iterator[HttpTransport]:
    """Open a line; errors in the block become KanIkkeKoere, or Uopnaaelig where nobody answers."""
    try:
        with HttpTransport(adresse.rstrip("/")) as transport:
            yield transport
    except UnreachableError as brud:
        raise Uopnaaelig(str(brud)) from brud
    except (StyringAfvist, RemoteWireError, msgspec.DecodeError) as brud:
        raise KanIkkeKoere(str(brud)) from brud


styringsflag = click.option(
    "--control", "styring", default=STYRING, show_default=True, metavar="URL", help="Control API of the running stage."
)
