"""The `IdSource` of a running stage."""

from __future__ import annotations

from vos_contracts.idkilde import ny_uuid


class UuidKilde:
    """Uuids that no one else has minted."""

    def ny(self) -> str:
        """Mint one."""
        return ny_uuid()
