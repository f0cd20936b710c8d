"""A running stage's control API as the verbs that steer it see it: its address, and its refusals as a reason to stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from generalproeve.udgang import KanIkkeKoere, Uopnaaelig

if TYPE_CHECKING:
    from vos_simulators.styring import Styring

STANDARD = "http://127.0.0.1:8481"

Kommando = Callable[..., Any]


def linjeflag(kommando: Kommando) -> Kommando:
    """Add the flags of a verb that steers a running stage."""
    kommando = click.option("--json", "som_json", is_flag=True, help="Print one JSON object, and nothing else.")(
        kommando
    )
    return click.option("--control", default=STANDARD, show_default=True, help="Address of the control API.")(kommando)


@contextmanager
def styring(control: str) -> Iterator[Styring]:
    """Open a line that waits for as long as an answer takes.

    Errors: KanIkkeKoere with the rule that the stage names, Uopnaaelig.
    """
    from vos_contracts.wire.base import UnreachableError
    from vos_simulators.styring import Styring, StyringAfvist
    from vos_simulators.transport import HttpTransport

    if not control.startswith(("http://", "https://")):
        raise KanIkkeKoere(f"--control {control}: must be an address such as {STANDARD}")
    try:
        with HttpTransport(control, tidsfrist=None) as transport:
            yield Styring(transport)
    except StyringAfvist as afvist:
        raise KanIkkeKoere(afvist.regel) from afvist
    except UnreachableError as brud:
        raise Uopnaaelig(f"no stage answers at {control}: {brud}") from brud
