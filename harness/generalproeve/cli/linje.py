"""A running stage's control API as the verbs that steer it see it: its address, and its refusals as a reason to stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from generalproeve.udgang import KanIkkeKoere, Uopnaaelig

if TYPE_CHECKING:
    from vos_simulators.control import Styring
    from vos_simulators.transport import HttpTransport

STANDARD, TJENESTER = "http://127.0.0.1:8481", "http://127.0.0.1:8480"
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

Kommando = Callable[..., Any]


def linjeflag(kommando: Kommando) -> Kommando:
    """Add the flags of a verb that steers a running stage."""
    kommando = click.option("--json", "som_json", is_flag=True, help="Print one JSON object, and nothing else.")(
        kommando
    )
    return click.option("--control", default=STANDARD, show_default=True, help="Address of the control API.")(kommando)


def kraev_loopback(flag: str, adresse: str, *, tillad_fjern: bool) -> None:
    """Refuse an address that is not this machine's own, unless that is allowed; errors: KanIkkeKoere."""
    if _vaert(flag, adresse) not in _LOOPBACK and not tillad_fjern:
        from vos_simulators.access import uden_token

        raise KanIkkeKoere(
            f"{flag} {uden_token(adresse)}: is not on this machine; --allow-remote says that it is meant"
        )


@contextmanager
def linje(flag: str, adresse: str) -> Iterator[HttpTransport]:
    """Open a line that waits for as long as an answer takes.

    Errors in the block become KanIkkeKoere, with the rule that the stage names, or Uopnaaelig.
    """
    from msgspec import DecodeError

    from vos_contracts.wire.base import RemoteWireError, UnreachableError
    from vos_simulators.control import StyringAfvist
    from vos_simulators.transport import HttpTransport

    _vaert(flag, adresse)
    try:
        with HttpTransport(adresse.rstrip("/"), tidsfrist=None) as transport:
            yield transport
    except StyringAfvist as afvist:
        raise KanIkkeKoere(afvist.regel) from afvist
    except (RemoteWireError, DecodeError) as brud:
        raise KanIkkeKoere(f"the answer is not a stage's: {brud}") from brud
    except UnreachableError as brud:
        raise Uopnaaelig(f"no stage answers at {brud}") from brud


@contextmanager
def styring(control: str) -> Iterator[Styring]:
    """Open a line to the control API; errors: as `linje`."""
    from vos_simulators.control import Styring

    with linje("--control", control) as transport:
        yield Styring(transport)


def _vaert(flag: str, adresse: str) -> str:
    dele = urlsplit(adresse)
    if dele.scheme not in {"http", "https"} or not dele.hostname:
        raise KanIkkeKoere(f"{flag} {adresse}: must be an address such as {STANDARD}")
    return dele.hostname
