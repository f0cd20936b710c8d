"""A running stage's control API as the verbs that steer it see it: its address, and its refusals as a reason to stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from generalproeve.base.exit_codes import KanIkkeKoere, Uopnaaelig
from generalproeve.settings.exposure import host_of

if TYPE_CHECKING:
    from vos_simulators.control import Styring
    from vos_simulators.transport import HttpTransport

STANDARD, TJENESTER = "http://127.0.0.1:8481", "http://127.0.0.1:8480"

Kommando = Callable[..., Any]


def linjeflag(kommando: Kommando) -> Kommando:
    """Add the flags of a verb that steers a running stage."""
    kommando = click.option("--json", "som_json", is_flag=True, help="Print one JSON object, and nothing else.")(
        kommando
    )
    return click.option("--control", default=STANDARD, show_default=True, help="Address of the control API.")(kommando)


@contextmanager
def linje(flag: str, adresse: str) -> Iterator[HttpTransport]:
    """Open a line that waits for as long as an answer takes.

    Errors in the block become KanIkkeKoere, with the rule that the stage names, or Uopnaaelig.
    """
    from msgspec import DecodeError

    from vos_contracts.wire.base import RemoteWireError, UnreachableError
    from vos_simulators.control import StyringAfvist
    from vos_simulators.transport import HttpTransport

    host_of(flag, adresse)
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
