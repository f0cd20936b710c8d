"""Locks that the edges use without knowing the event loop: for writing, for moving the clock, and for publishing.

The implementations are in `vos_reference.background`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

from vos_reference.application.delivery import Quiet

T = TypeVar("T")


class TakesTurns(Protocol):
    """The lock of the store's writers."""

    async def run(self, work: Callable[[], T]) -> T:
        """Call `work`, a non-blocking function that writes, as soon as no chunk of a nightly run is being written."""
        ...


class ClockTurns(Protocol):
    """The lock for moving the clock, running the nightly jobs and resetting the stage."""

    def alone(self) -> AbstractAsyncContextManager[None]:
        """Hold the lock in a `with` block: no due work starts, and no chunk is written except by the block itself."""
        ...

    async def carry_out(self, steps: Generator[object, None, T]) -> T:
        """Run the steps while other calls are answered between them; call it while holding `alone`."""
        ...


class Publishing(Quiet, Protocol):
    """The worker that publishes events to the broker."""

    def alone(self) -> AbstractAsyncContextManager[None]:
        """Suspend publishing in a `with` block, after waiting for the batch under way."""
        ...
