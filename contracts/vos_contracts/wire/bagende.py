"""What stands behind the SOAP edge of the registrations and of the reads: the converter, or the classic way.

A protocol here because neither back end may see the other's rooms.
"""

from __future__ import annotations

from typing import Protocol

from vos_contracts.koder.fejl import Fejl
from vos_contracts.laesninger import Kollektioner, Laesetjeneste
from vos_contracts.model.identity import Identitet
from vos_contracts.model.registration import Opdater, Opret
from vos_contracts.wire.soap_kvittering import Kvittering


class Bagende(Protocol):
    """Carry out one registration that came by SOAP."""

    async def registrer(
        self, cpr: str, kommando: Opret | Opdater, identitet: Identitet
    ) -> Kvittering | tuple[Fejl, ...]:
        """Return the receipt, or the errors sorted by number."""
        ...


class Laesebagende(Protocol):
    """Carry out one read that came by SOAP."""

    async def laes(self, tjeneste: Laesetjeneste, cpr: str, identitet: Identitet) -> Kollektioner | tuple[Fejl, ...]:
        """Return the collections, or the errors sorted by number."""
        ...
