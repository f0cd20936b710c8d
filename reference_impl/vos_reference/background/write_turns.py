"""Whose turn it is to write: the calls in the event loop, or a chunk of the nightly jobs in its thread.

SQLite has one writer. A call that began a transaction while a chunk has the write lock would block the event loop, and with it
every read; so it waits here, where reads go on. Writes from the loop are not interrupted and need no lock among themselves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from vos_reference.application.steps import ThreadStep

T = TypeVar("T")


class WriteTurns:
    """First come, first served: calls that waited for one chunk are carried out before the next begins."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._started: set[asyncio.Task[None]] = set()

    async def run(self, work: Callable[[], T]) -> T:
        """Carry out work that writes, and does not wait for anything, as soon as no chunk is being written."""
        async with self._lock:
            return work()

    def start(self, work: Callable[[], None]) -> None:
        """Carry it out before this returns if no chunk is being written, else right after that chunk."""
        if not self._lock.locked():
            work()
            return
        task = asyncio.get_running_loop().create_task(self.run(work))
        self._started.add(task)  # the loop keeps weak references only
        task.add_done_callback(self._started.discard)

    async def carry_out(self, step: ThreadStep[Any]) -> None:
        """Carry a step out in a thread, and what follows its commit here, before anybody else writes.

        A cancellation is heard when the thread has ended: nobody may close the store before that.
        """
        async with self._lock:
            thread = asyncio.get_running_loop().run_in_executor(None, step.carry_out)
            cancelled: asyncio.CancelledError | None = None
            while not thread.done():
                try:
                    await asyncio.wait((thread,))
                except asyncio.CancelledError as cancellation:
                    cancelled = cancellation
            thread.result()
            step.finish()
            if cancelled is not None:
                raise cancelled
