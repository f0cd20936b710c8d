"""The store's upkeep beside the calls, in a thread: a checkpoint waits for the disk, and no call waits for it."""

from __future__ import annotations

import asyncio
import logging

from vos_reference.application.ports import Store, StoreUnavailable

log = logging.getLogger(__name__)

REST_S = 0.25
"""Seconds of the machine between two checkpoints: little and often."""


class Checkpoint:
    """Lets the store do its upkeep until cancelled."""

    def __init__(self, store: Store, rest: float = REST_S) -> None:
        self._store = store
        self._rest = rest

    async def run(self) -> None:
        """Do it and rest; what could not be done now is left for the next time."""
        while True:
            await asyncio.sleep(self._rest)
            try:
                await asyncio.to_thread(self._store.maintain)
            except StoreUnavailable as failure:
                log.debug("the store could not do its upkeep: %s", failure)
