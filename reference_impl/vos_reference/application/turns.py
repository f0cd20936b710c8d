"""Turns: who may write now, and who may move the clock, run the nightly jobs or publish. Kept by `vos_reference.background`.

Here so that the edges can ask for a turn without knowing the event loop.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

from vos_reference.application.delivery import Quiet

T = TypeVar("T")


class WriteTurns(Protocol):
    """The order of those who write."""

    async def run(self, work: Callable[[], T]) -> T:
        """Carry out work that writes, and does not wait for anything, as soon as no chunk is being written."""
        ...


class ClockTurns(Protocol):
    """The order of those who move the clock, run the nightly jobs or empty the stage."""

    def alone(self) -> AbstractAsyncContextManager[None]:
        """Hold what falls due back for as long as the block lasts; no chunk is written meanwhile but the block's own."""
        ...

    async def carry_out(self, steps: Generator[object, None, T]) -> T:
        """Do the work step by step while calls are answered; call it within `alone`."""
        ...


class Publishing(Quiet, Protocol):
    """Whoever publishes the events."""

    def alone(self) -> AbstractAsyncContextManager[None]:
        """Publish nothing for as long as the block lasts: what is on its way is waited for first."""
        ...
