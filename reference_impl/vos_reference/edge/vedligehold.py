"""The store's upkeep beside the services, in a thread: what can wait is not waited for by whoever calls meanwhile."""

from __future__ import annotations

import asyncio
import logging

from vos_reference.application.ports import Store, StoreUtilgaengelig

log = logging.getLogger(__name__)

HVIL_S = 0.25
"""How long the store rests between, in seconds of the machine: little and often."""


class Vedligehold:
    """Lets the store do its upkeep until cancelled."""

    def __init__(self, store: Store, hvil: float = HVIL_S) -> None:
        self._store = store
        self._hvil = hvil

    async def virke(self) -> None:
        """Do it and rest; what could not be done now is left for the next time."""
        while True:
            await asyncio.sleep(self._hvil)
            try:
                await asyncio.to_thread(self._store.vedligehold)
            except StoreUtilgaengelig as brud:
                log.debug("the store could not do its upkeep: %s", brud)
