"""Write turns: either the calls in the event loop write, or a chunk of the nightly jobs does so in its thread.

SQLite has one writer. A call that began a transaction while a chunk holds the write lock would block the event loop, and with
it every read. It therefore waits here, asynchronously, and so does a call that finds the write lock with another program.
Writes from the loop run without interruption and need no lock among themselves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from vos_contracts.base import stopwatch
from vos_reference.application.steps import ThreadStep

T = TypeVar("T")

LONGEST_WAIT_S = 5.0
"""The longest wait for another program's write lock, in seconds of the machine's clock."""
POLL_S = 0.02


class WriteTurns:
    """A fair lock: calls that waited for one chunk run before the next chunk begins.

    `is_locked` says whether another program holds the store's write lock.
    """

    def __init__(self, is_locked: Callable[[], bool] = lambda: False) -> None:
        self._is_locked = is_locked
        self._lock = asyncio.Lock()
        self._started: set[asyncio.Task[None]] = set()

    async def run(self, work: Callable[[], T]) -> T:
        """Run synchronous work that writes as soon as nothing else writes, and return its result.

        After `LONGEST_WAIT_S` with the lock at another program it is run all the same, and fails as the store does then.
        """
        async with self._lock:
            began = stopwatch.seconds()
            while self._is_locked() and stopwatch.seconds() - began < LONGEST_WAIT_S:
                await asyncio.sleep(POLL_S)
            return work()

    def start(self, work: Callable[[], None]) -> None:
        """Run the work before this returns if nothing else writes, else right after that."""
        if not (self._lock.locked() or self._is_locked()):
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
