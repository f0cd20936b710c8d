"""Givet and Når: which release is played."""

from __future__ import annotations

from vos_features.spil import Spil
from vos_features.steps.ordforraad import givet, naar


@givet("udgaven er {udgave}")
@naar("scenen flyttes til udgave {udgave}")
def udgaven_er(spil: Spil, udgave: str) -> None:
    """Move the running stage to the release, with its data."""
    spil.ensemble.skift_udgave(udgave)
