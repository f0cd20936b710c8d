"""Build the implementation that a stage serves: by import string, so that another one can replace the reference."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from generalproeve.base.exit_codes import CannotRun
from generalproeve.settings.stage import StageSettings
from generalproeve.stage.latency.control import StageRuntime
from vos_contracts.contract import Contract, load
from vos_contracts.tables.table import TableError
from vos_contracts.wire.asgi.endpoint import ASGIApp

REFERENCE = "vos_reference.bootstrap:build"


class StageApplication(Protocol):
    """The interface that a stage needs of an implementation of the services."""

    @property
    def services(self) -> ASGIApp:
        """The services under test, REST and SOAP."""

    @property
    def internal(self) -> ASGIApp:
        """The internal interface that the simulated neighbour services call."""

    @property
    def control(self) -> ASGIApp:
        """The control API."""

    @property
    def runtime(self) -> StageRuntime:
        """The contract, the journal, the clock and the switches."""

    def with_journal(self, app: ASGIApp) -> ASGIApp:
        """Wrap an application so that its calls are recorded in the same journal."""

    def run(self) -> Coroutine[Any, Any, None]:
        """Run the background work (deliveries, nightly runs) until cancelled."""

    def close(self) -> None:
        """Close database and connections; to be called in the thread that built the application."""


Builder = Callable[[object, Contract], StageApplication]
"""Builds an implementation from the configuration of the reference and the contract."""


def build_reference(builder: str, settings: StageSettings, db: Path) -> StageApplication:
    """Build an implementation in the calling thread; `builder` is MODULE:FUNCTION.

    Raises:
        CannotRun: the contract cannot be loaded, or the implementation refuses a setting.
    """
    module, _, function = builder.partition(":")
    build: Builder = getattr(import_module(module), function)
    try:
        return build(_configuration(settings.but(db=db)), load(settings.contract))
    except (TableError, ValueError) as error:
        raise CannotRun(str(error)) from error


def _configuration(settings: StageSettings) -> object:
    """Fill the configuration of the reference from the settings of the same names."""
    configuration: Any = import_module("vos_reference.config").Configuration
    return configuration(**{field.name: getattr(settings, field.name) for field in fields(configuration)})
