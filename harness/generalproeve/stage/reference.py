"""Build the reference: the only place, and by import string, so that another implementation can take its place."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from generalproeve.base.exit_codes import CannotRun
from generalproeve.settings.stage import StageSettings
from generalproeve.stage.latency.control import Runtime
from vos_contracts.contract import Contract, load
from vos_contracts.tables.table import TableError
from vos_contracts.wire.asgi.endpoint import ASGIApp

REFERENCE = "vos_reference.bootstrap:build"


class Application(Protocol):
    """What a stage serves: an implementation of the services, built whole."""

    @property
    def services(self) -> ASGIApp:
        """The services, by REST and SOAP."""

    @property
    def internt(self) -> ASGIApp:
        """The interface that the neighbour services are built on."""

    @property
    def control(self) -> ASGIApp:
        """The control API."""

    @property
    def runtime(self) -> Runtime:
        """The contract, the journal, the clock and the switches."""

    def with_journal(self, app: ASGIApp) -> ASGIApp:
        """Return an application whose calls are in the same journal."""

    def run(self) -> Coroutine[Any, Any, None]:
        """Do what the stage does by itself, until cancelled."""

    def close(self) -> None:
        """Close what is open; call it in the thread that built it."""


Builder = Callable[[object, Contract], Application]
"""Builds an implementation from the reference's configuration and the contract."""


def build_reference(builder: str, settings: StageSettings, db: Path) -> Application:
    """Build an implementation in the calling thread; `builder` is MODULE:FUNCTION.

    Raises:
        CannotRun: the contract cannot be loaded, or the settings ask for what the implementation does not have.
    """
    module, _, function = builder.partition(":")
    build: Builder = getattr(import_module(module), function)
    try:
        return build(_configuration(settings.but(db=db)), load(settings.contract))
    except (TableError, ValueError) as error:
        raise CannotRun(str(error)) from error


def _configuration(settings: StageSettings) -> object:
    """Fill the reference's own configuration: its fields are named as the settings are."""
    configuration: Any = import_module("vos_reference.config").Configuration
    return configuration(**{field.name: getattr(settings, field.name) for field in fields(configuration)})
