"""Write turns: either the calls in the event loop write, or a chunk of the nightly jobs does so in its thread.

SQLite has one writer. A call that began a transaction while a chunk holds the write lock would block the event loop, and with
it every read. It therefore waits here, asynchronously. Writes from the loop run without interruption and need no lock among
themselves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from vos_reference.application.steps import ThreadStep

T = TypeVar("T")


class WriteTurns:
    """A fair lock: calls that waited for one chunk run before the next chunk begins."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._started: set[asyncio.Task[None]] = set()

    async def run(self, work: Callable[[], T]) -> T:
        """Run synchronous work that writes as soon as no chunk is being written, and return its result."""
        async with self._lock:
            return work()

    def start(self, work: Callable[[], None]) -> None:
        """Run the work before this returns if no chunk is being written, else right after that chunk."""
        if not self._lock.locked():
            work()
            return
        task = asyncio.get_running_loop().create_task(self.run(work))
        self._started.add(task)  # the event loop keeps only weak references to tasks
        task.add_done_callback(self._started.discard)

    async def carry_out(self, step: ThreadStep[Any]) -> None:
        """Run a step in a thread and its after-commit callbacks in the loop, before any other write.

        A cancellation takes effect after the thread has ended: the store must not be closed before.
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
