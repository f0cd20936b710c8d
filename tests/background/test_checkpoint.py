"""The store is maintained in a thread, also after a failed attempt."""

from __future__ import annotations

import asyncio
import threading
from typing import cast

from vos_reference.application.ports import Store, StoreUnavailable
from vos_reference.background.checkpoint import Checkpoint


class FailsFirst:
    """A store whose first maintenance fails."""

    def __init__(self) -> None:
        self.threads: list[threading.Thread] = []
        self.again = threading.Event()

    def maintain(self) -> None:
        self.threads.append(threading.current_thread())
        if len(self.threads) == 1:
            raise StoreUnavailable
        self.again.set()


def test_maintenance_runs_in_a_thread_and_goes_on_after_a_failure() -> None:
    store = FailsFirst()

    async def execute() -> None:
        running = asyncio.ensure_future(Checkpoint(cast(Store, store), 0).run())
        assert await asyncio.to_thread(store.again.wait, 30)
        running.cancel()
        await asyncio.wait([running], timeout=30)
        assert running.cancelled()

    asyncio.run(execute())
    assert threading.main_thread() not in store.threads
