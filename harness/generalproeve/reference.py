"""Build the reference: the only place, and by import string, so that another implementation can take its place."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from generalproeve.konfiguration import Sceneopsaetning
from generalproeve.udgang import KanIkkeKoere
from vos_contracts.kontrakt import indlaes
from vos_contracts.tabel import TabelFejl

REFERENCE = "vos_reference.bootstrap:byg"


@dataclass(frozen=True, slots=True)
class Faelles:
    """What the processes of one stage share beside its file: where they queue to write, and how its switches stand."""

    mappe: Path

    @property
    def skrivekoe(self) -> Path:
        """The file of the lock."""
        return self.mappe / "skrivekoe"

    @property
    def stilling(self) -> Path:
        """The file of the page."""
        return self.mappe / "stilling"


def byg(bygger: str, opsaetning: Sceneopsaetning, db: Path, faelles: Faelles | None) -> Any:
    """Build the whole of it in the calling thread; errors: KanIkkeKoere."""
    modul, _, funktion = bygger.partition(":")
    if faelles is not None and not hasattr(import_module(modul), f"{funktion}_medhjaelper"):
        raise KanIkkeKoere(f"stage.processes: {bygger} answers in one process")
    try:
        kontrakt = indlaes(opsaetning.contract)
        return getattr(import_module(modul), funktion)(_konfiguration(opsaetning, db, faelles), kontrakt)
    except (TabelFejl, ValueError) as brud:
        raise KanIkkeKoere(str(brud)) from brud


def byg_medhjaelper(bygger: str, opsaetning: Sceneopsaetning, db: Path, faelles: Faelles, linje: socket.socket) -> Any:
    """Build the services alone, for a process beside the one that has built the whole of the same."""
    modul, _, funktion = bygger.partition(":")
    byg_en = getattr(import_module(modul), f"{funktion}_medhjaelper")
    return byg_en(_konfiguration(opsaetning, db, faelles), indlaes(opsaetning.contract), faelles.stilling, linje)


def _konfiguration(opsaetning: Sceneopsaetning, db: Path, faelles: Faelles | None) -> Any:
    return import_module("vos_reference.config").Konfiguration(
        db=db,
        host=opsaetning.host,
        port=opsaetning.port,
        kontrolport=opsaetning.control_port,
        udgave=opsaetning.release,
        kontrakt=opsaetning.contract,
        bagende=opsaetning.backend,
        ur=opsaetning.clock,
        tillad_rigtige_cpr=opsaetning.allow_real_cpr,
        wsb_tilstand=opsaetning.wsb_mode,
        webhook_vaerter=frozenset(opsaetning.webhook_hosts),
        wsb_tidsfrist=opsaetning.webhook_timeout,
        maegler=opsaetning.broker,
        kropsgraenser=opsaetning.limits.kropsgraenser,
        skrivekoe=None if faelles is None else faelles.skrivekoe,
    )
