"""A running stage's control API as the verbs that steer it see it: its address, and its refusals as a reason to stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from generalproeve.base.exit_codes import CannotRun, Unreachable
from generalproeve.settings.exposure import host_of

if TYPE_CHECKING:
    from vos_simulators.control import Control
    from vos_simulators.transport import HttpTransport

STANDARD, SERVICES = "http://127.0.0.1:8481", "http://127.0.0.1:8480"

Command = Callable[..., Any]


def line_flags(command: Command) -> Command:
    """Add the flags of a verb that steers a running stage."""
    command = click.option("--json", "as_json", is_flag=True, help="Print one JSON object, and nothing else.")(command)
    return click.option("--control", default=STANDARD, show_default=True, help="Address of the control API.")(command)


@contextmanager
def line(flag: str, address: str) -> Iterator[HttpTransport]:
    """Open a line that waits for as long as an answer takes.

    Errors in the block become CannotRun, with the rule that the stage names, or Uopnaaelig.
    """
    from msgspec import DecodeError

    from vos_contracts.wire.base import RemoteWireError, UnreachableError
    from vos_simulators.control import ControlRefused
    from vos_simulators.transport import HttpTransport

    host_of(flag, address)
    try:
        with HttpTransport(address.rstrip("/"), timeout=None) as transport:
            yield transport
    except ControlRefused as refused:
        raise CannotRun(refused.rule) from refused
    except (RemoteWireError, DecodeError) as exc:
        raise CannotRun(f"the answer is not a stage's: {exc}") from exc
    except UnreachableError as exc:
        raise Unreachable(f"no stage answers at {exc}") from exc


@contextmanager
def open_control(control: str) -> Iterator[Control]:
    """Open a line to the control API; errors: as `line`."""
    from vos_simulators.control import Control

    with line("--control", control) as transport:
        yield Control(transport)
