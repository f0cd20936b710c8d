"""Options that several verbs share, read into one `StageSettings`; flags win over the file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generalproeve.settings import configuration as konfiguration
from generalproeve.settings.configuration import FILNAVN, StageSettings
from generalproeve.base.exit_codes import KanIkkeKoere

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
            click.option(
                "--latency",
                metavar="MODEL",
                help="Answer as slowly as a described environment: epic, or a TOML file (docs/latency.md). Default off.",
            ),
            click.option("--clock", help="Freeze the stage clock, such as 2024-11-18T09:00:00+01:00."),
        )
    ):
        kommando = flag(kommando)
    return kommando


def konfigurationsfil(fil: Path | None) -> Path | None:
    """Return the file that is read: the given one, else the one in the working folder, if any."""
    return fil or (Path(FILNAVN) if Path(FILNAVN).is_file() else None)


def opsaetning(fil: Path | None, **flag: object) -> StageSettings:
    """Read the configuration file and lay the given flags over it; errors: KanIkkeKoere."""
    resultat = konfiguration.laes(konfigurationsfil(fil), konfiguration.miljoe())
    givne: dict[str, Any] = {}
    for noegle, vaerdi in flag.items():
        if vaerdi is not None and vaerdi is not False and vaerdi != ():
            hvor = f"--{noegle.replace('_', '-')}"
            givne[noegle] = vaerdi if isinstance(vaerdi, Path | bool) else konfiguration.LAESERE[noegle](hvor, vaerdi)
    return replace(resultat, **givne)


def kontrakt(mappe: Path | None) -> Kontrakt:
    """Load the contract with an overlay, if any; errors: KanIkkeKoere."""
    from vos_contracts.kontrakt import indlaes
    from vos_contracts.tabel import TabelFejl

    try:
        return indlaes(mappe)
    except TabelFejl as fejl:
        raise KanIkkeKoere(str(fejl)) from fejl
