"""What several verbs share: the contract with an overlay."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from generalproeve.base.exit_codes import KanIkkeKoere

if TYPE_CHECKING:
    from vos_contracts.kontrakt import Kontrakt


def kontrakt(mappe: Path | None) -> Kontrakt:
    """Load the contract with an overlay, if any; errors: KanIkkeKoere."""
    from vos_contracts.kontrakt import indlaes
    from vos_contracts.tabel import TabelFejl

    try:
        return indlaes(mappe)
    except TabelFejl as fejl:
        raise KanIkkeKoere(str(fejl)) from fejl
