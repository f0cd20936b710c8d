"""Maintain the store regularly in a thread: a WAL checkpoint waits for the disk, and no call waits for the checkpoint."""

from __future__ import annotations

import asyncio
import logging

from vos_reference.application.ports import Store, StoreUnavailable

log = logging.getLogger(__name__)

INTERVAL_S = 0.25
"""Seconds of the machine's clock between two checkpoints; short, so that each one copies few pages."""


class Checkpoint:
    """Calls `Store.maintain` at an interval until cancelled."""

    def __init__(self, store: Store, interval: float = INTERVAL_S) -> None:
        self._store = store
        self._interval = interval

    async def run(self) -> None:
        """Maintain the store until cancelled; a failed attempt is logged and repeated at the next interval."""
        while True:
            await asyncio.sleep(self._interval)
            try:
                await asyncio.to_thread(self._store.maintain)
            except StoreUnavailable as failure:
                log.debug("the store could not be maintained: %s", failure)
