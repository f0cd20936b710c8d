"""Build the reference: the only place, and by import string, so that another implementation can take its place."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from generalproeve.konfiguration import Sceneopsaetning
from generalproeve.udgang import KanIkkeKoere
from vos_contracts.kontrakt import indlaes
from vos_contracts.tabel import TabelFejl

REFERENCE = "vos_reference.bootstrap:byg"


def byg(bygger: str, opsaetning: Sceneopsaetning, db: Path) -> Any:
    """Build it in the calling thread; errors: KanIkkeKoere."""
    modul, _, funktion = bygger.partition(":")
    try:
        kontrakt = indlaes(opsaetning.contract)
        return getattr(import_module(modul), funktion)(_konfiguration(opsaetning, db), kontrakt)
    except (TabelFejl, ValueError) as brud:
        raise KanIkkeKoere(str(brud)) from brud


def _konfiguration(opsaetning: Sceneopsaetning, db: Path) -> Any:
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
    )
