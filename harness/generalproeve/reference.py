"""Build the reference: the only place, and by import string, so that another implementation can take its place."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from generalproeve.base.exit_codes import KanIkkeKoere
from generalproeve.settings.stage import StageSettings
from generalproeve.stage.latency.control import Drift
from vos_contracts.kontrakt import Kontrakt, indlaes
from vos_contracts.tabel import TabelFejl
from vos_contracts.wire.asgi import ASGIApp

REFERENCE = "vos_reference.bootstrap:byg"


class Application(Protocol):
    """What a stage serves: an implementation of the services, built whole."""

    @property
    def tjenester(self) -> ASGIApp:
        """The services, by REST and SOAP."""

    @property
    def internt(self) -> ASGIApp:
        """The interface that the neighbour services are built on."""

    @property
    def styring(self) -> ASGIApp:
        """The control API."""

    @property
    def drift(self) -> Drift:
        """The contract, the journal, the clock and the switches."""

    def journaliser(self, app: ASGIApp) -> ASGIApp:
        """Return an application whose calls are in the same journal."""

    def virke(self) -> Coroutine[Any, Any, None]:
        """Do what the stage does by itself, until cancelled."""

    def luk(self) -> None:
        """Close what is open; call it in the thread that built it."""


Builder = Callable[[object, Kontrakt], Application]
"""Builds an implementation from the reference's configuration and the contract."""


def build_reference(builder: str, settings: StageSettings, db: Path) -> Application:
    """Build an implementation in the calling thread; `builder` is MODULE:FUNCTION.

    Raises:
        KanIkkeKoere: the contract cannot be loaded, or the settings ask for what the implementation does not have.
    """
    module, _, function = builder.partition(":")
    build: Builder = getattr(import_module(module), function)
    try:
        return build(_configuration(settings.but(db=db)), indlaes(settings.contract))
    except (TabelFejl, ValueError) as error:
        raise KanIkkeKoere(str(error)) from error


def _configuration(settings: StageSettings) -> object:
    """Fill the reference's own configuration: its fields are named as the settings are."""
    configuration: Any = import_module("vos_reference.config").Konfiguration
    return configuration(**{field.name: getattr(settings, field.name) for field in fields(configuration)})
