"""Read a run again from its journal: what it was played on, and each scene's verdict. Errors: KanIkkeKoere naming the file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generalproeve.base.exit_codes import KanIkkeKoere
from generalproeve.settings.values import LATENS_FRA
from generalproeve.udfald import Udfald

JOURNAL = "journal.ndjson"
Noegle = tuple[str, str, int]
"""A scene's feature and name; several of the same name are counted."""


@dataclass(frozen=True, slots=True)
class Laest:
    """One scene of an earlier run."""

    udfald: Udfald
    forklaring: str
    millisekunder: float
    anklage: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Koert:
    """An earlier run; `faerdig` is False for one that was cut off."""

    ramme: Mapping[str, Any]
    scener: Mapping[Noegle, Laest]
    faerdig: bool


def laes(sti: Path) -> Koert:
    """Read a run's folder, or its journal."""
    fil = sti / JOURNAL if sti.is_dir() else sti
    try:
        linjer = fil.read_text("utf-8").splitlines()
        poster = [json.loads(linje) for linje in linjer]
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as brud:
        raise KanIkkeKoere(f"{fil}: not the journal of a run: {brud}") from None
    if not poster or poster[0].get("art") != "begyndt":
        raise KanIkkeKoere(f"{fil}: not the journal of a run: it does not say what was played on")
    scener: dict[Noegle, Laest] = {}
    for post in poster:
        if post["art"] == "udfald":
            nummer = sum(noegle[:2] == (post["egenskab"], post["scene"]) for noegle in scener)
            scener[post["egenskab"], post["scene"], nummer] = Laest(
                Udfald(post["udfald"]), post["forklaring"], post["millisekunder"], post.get("anklage")
            )
    return Koert({"latens": LATENS_FRA, **poster[0]}, scener, poster[-1]["art"] == "sluttet")
