"""The store is kept up in a thread while the stage runs, also after a time when it could not be."""

from __future__ import annotations

import asyncio
import threading
from typing import cast

from vos_reference.application.ports import Store, StoreUnavailable
from vos_reference.background.checkpoint import Checkpoint


class Recorded:
    """A store that cannot the first time."""

    def __init__(self) -> None:
        self.threads: list[threading.Thread] = []
        self.again = threading.Event()

    def maintain(self) -> None:
        self.threads.append(threading.current_thread())
        if len(self.threads) == 1:
            raise StoreUnavailable
        self.again.set()


def test_maintenance_runs_in_a_thread_and_goes_on_after_a_failure() -> None:
    store = Recorded()

    async def execute() -> None:
        works = asyncio.ensure_future(Checkpoint(cast(Store, store), 0).run())
        assert await asyncio.to_thread(store.again.wait, 30)
        works.cancel()
        await asyncio.wait([works], timeout=30)
        assert works.cancelled()

    asyncio.run(execute())
    assert threading.main_thread() not in store.threads
