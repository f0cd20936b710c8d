"""Givet and Når: what time it is on the stage; everything that falls due on the way has happened when the step is over."""

from __future__ import annotations

from datetime import datetime

from vos_features.spil import Spil
from vos_features.steps.ordforraad import givet, naar

_TID = r"(?P<dato>\d{4}-\d\d-\d\d) kl\. (?P<klokken>\d\d\.\d\d)"


@givet(rf"uret står på {_TID}")
@naar(rf"uret stilles til {_TID}")
def stilles_til(spil: Spil, dato: str, klokken: str) -> None:
    """Set the clock to a Danish hour."""
    spil.ensemble.stil_ur(datetime.fromisoformat(f"{dato}T{klokken.replace('.', ':')}:00"))


@naar("der går {tal} dage?")
def dage_gaar(spil: Spil, tal: int) -> None:
    """Let that many days pass, to the same hour."""
    assert spil.cpr, "borgeren er på scenen, før tiden går"
    spil.ensemble.lad_gaa(f"P{tal}D")
