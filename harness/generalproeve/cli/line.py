"""What several commands share: the connection to a running stage, and the contract with an overlay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generalproeve.base.exit_codes import CannotRun, Unreachable
from generalproeve.settings.exposure import host_of

if TYPE_CHECKING:
    from vos_contracts.contract import Contract
    from vos_simulators.control import Control
    from vos_simulators.transport import HttpTransport

CONTROL, SERVICES = "http://127.0.0.1:8481", "http://127.0.0.1:8480"

Command = Callable[..., Any]


def line_flags(command: Command) -> Command:
    """Add `--control` and `--json` to a command that operates a running stage."""
    command = click.option("--json", "as_json", is_flag=True, help="Print one JSON object, and nothing else.")(command)
    return click.option("--control", default=CONTROL, show_default=True, help="Address of the stage's control API.")(
        command
    )


@contextmanager
def line(flag: str, address: str) -> Iterator[HttpTransport]:
    """Open a connection to the address that a flag gave, without a timeout: a batch may take minutes.

    Raises:
        CannotRun: the address is none, the stage refused (the message has the rule it named), or no stage answered.
        Unreachable: nothing answers at the address.
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
        raise CannotRun(f"the answer does not come from a stage: {exc}") from exc
    except UnreachableError as exc:
        raise Unreachable(f"no stage answers at {exc}") from exc


@contextmanager
def open_control(control: str) -> Iterator[Control]:
    """Open a connection to the control API; raises as `line` does."""
    from vos_simulators.control import Control

    with line("--control", control) as transport:
        yield Control(transport)


def load_contract(folder: Path | None) -> Contract:
    """Load the contract, with the overlay in the folder if there is one.

    Raises:
        CannotRun: the overlay breaks a rule; the message names file, row and rule.
    """
    from vos_contracts.contract import load
    from vos_contracts.tables.table import TableError

    try:
        return load(folder)
    except TableError as exc:
        raise CannotRun(str(exc)) from exc
