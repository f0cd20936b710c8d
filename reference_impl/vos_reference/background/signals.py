"""A signal between two collaborators that do not know each other; both get it in their constructor."""

from __future__ import annotations

import asyncio
import contextlib


class Signal:
    """An event that is raised by calling it, in the thread of the event loop; it stays raised until it is cleared."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def __call__(self) -> None:
        """Raise the signal."""
        self._event.set()

    def clear(self) -> None:
        """Clear the signal, before looking at the work that it was raised for."""
        self._event.clear()

    async def wait(self, seconds: float) -> None:
        """Wait until the signal is raised, at most that many seconds of the machine's clock."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # wait_for may lose a cancellation in Python 3.11
                await self._event.wait()
