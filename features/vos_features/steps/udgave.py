"""Givet: which release is played."""

from __future__ import annotations

from vos_features.spil import Spil
from vos_features.steps.ordforraad import givet


@givet("udgaven er {udgave}")
def udgaven_er(spil: Spil, udgave: str) -> None:
    """Move the stage to the release."""
    spil.ensemble.skift_udgave(udgave)
