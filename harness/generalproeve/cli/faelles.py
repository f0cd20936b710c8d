"""Options that several verbs share, read into one `Sceneopsaetning`; flags win over the file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generalproeve import konfiguration
from generalproeve.konfiguration import FILNAVN, Sceneopsaetning
from generalproeve.udgang import KanIkkeKoere

if TYPE_CHECKING:
    from vos_contracts.kontrakt import Kontrakt

Kommando = Callable[..., Any]


def sceneflag(kommando: Kommando) -> Kommando:
    """Add the flags of an embedded stage."""
    for flag in reversed(
        (
            click.option(
                "--config",
                "fil",
                type=click.Path(dir_okay=False, path_type=Path),
                help=f"TOML file; {FILNAVN} in the working folder if there is one.",
            ),
            click.option(
                "--db",
                type=click.Path(dir_okay=False, path_type=Path),
                help="SQLite file to keep; a temporary one if not given.",
            ),
            click.option("--release", help="Release to play, such as 2025-1."),
            click.option(
                "--backend",
                type=click.Choice(["klassisk", "converter"]),
                help="Force what stands behind SOAP registration; the release chooses if not given.",
            ),
            click.option(
                "--contract",
                type=click.Path(file_okay=False, path_type=Path),
                help="Overlay folder: your corrections of assumed names, codes and texts.",
            ),
            click.option(
                "--without",
                multiple=True,
                metavar="SERVICE",
                help="Leave out a neighbour service, such as IllnessCompositeService; repeatable.",
            ),
            click.option("--clock", help="Freeze the stage clock, such as 2024-11-18T09:00:00+01:00."),
        )
    ):
        kommando = flag(kommando)
    return kommando


def opsaetning(fil: Path | None, **flag: object) -> Sceneopsaetning:
    """Read the configuration file and lay the given flags over it; errors: KanIkkeKoere."""
    if fil is None and Path(FILNAVN).is_file():
        fil = Path(FILNAVN)
    resultat = konfiguration.laes(fil, konfiguration.miljoe())
    laesere: dict[str, Callable[[str, object], object]] = {
        "clock": konfiguration.ur,
        "backend": konfiguration.bagende,
        "port": konfiguration.port,
        "control_port": konfiguration.port,
        "without": konfiguration.uden,
        "wsb_mode": konfiguration.wsb_tilstand,
        "webhook_hosts": konfiguration.vaerter,
        "webhook_timeout": konfiguration.tidsfrist,
        "broker": konfiguration.maegler,
    }
    givne: dict[str, Any] = {}
    for noegle, vaerdi in flag.items():
        if vaerdi is not None and vaerdi is not False and vaerdi != ():
            laes = laesere.get(noegle)
            givne[noegle] = laes(f"--{noegle.replace('_', '-')}", vaerdi) if laes else vaerdi
    return replace(resultat, **givne)


def kontrakt(mappe: Path | None) -> Kontrakt:
    """Load the contract with an overlay, if any; errors: KanIkkeKoere."""
    from vos_contracts.kontrakt import indlaes
    from vos_contracts.tabel import TabelFejl

    try:
        return indlaes(mappe)
    except TabelFejl as fejl:
        raise KanIkkeKoere(str(fejl)) from fejl
