"""What several verbs share: the contract with an overlay."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from generalproeve.base.exit_codes import CannotRun

if TYPE_CHECKING:
    from vos_contracts.contract import Contract


def load_contract(folder: Path | None) -> Contract:
    """Load the contract with an overlay, if any; errors: CannotRun."""
    from vos_contracts.contract import load
    from vos_contracts.tables.table import TableError

    try:
        return load(folder)
    except TableError as exc:
        raise CannotRun(str(exc)) from exc
