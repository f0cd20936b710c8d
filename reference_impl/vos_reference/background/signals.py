"""A signal between two collaborators that do not know each other: who raises it and who waits for it are both given it."""

from __future__ import annotations

import asyncio
import contextlib


class Signal:
    """Raised by a call, in the event loop's thread; it stays raised until it is cleared."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def __call__(self) -> None:
        """Raise it."""
        self._event.set()

    def clear(self) -> None:
        """Take it back: what it was raised for is about to be looked at."""
        self._event.clear()

    async def wait(self, seconds: float) -> None:
        """Wait until it is raised, at most that many seconds of the machine."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # wait_for may lose a cancellation in Python 3.11
                await self._event.wait()
