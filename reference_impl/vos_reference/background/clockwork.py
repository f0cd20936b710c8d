"""The clockwork in the stage's event loop: one piece of work at a time, in steps between which calls are answered.

Here: the lock, and the task that carries out what falls due while the clock goes by itself. Not here: what falls due
(`application.clock`).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Generator
from datetime import UTC
from typing import TypeVar

from vos_reference.application.clockwork import DueWork, Wait
from vos_reference.application.steps import ThreadStep
from vos_reference.background.signals import Signal
from vos_reference.background.write_turns import WriteTurns
from vos_reference.clock import StageClock

log = logging.getLogger(__name__)

LONGEST_REST_S = 30.0
"""How long the task rests at most: a new sequence or a set clock may make something due earlier than it thought."""

T = TypeVar("T")


class Clockwork:
    """Who wants to move the clock, run a batch or empty the stage waits for the one before; `after` is called after each."""

    def __init__(self, clock: StageClock, due: DueWork, turns: WriteTurns, after: Callable[[], None]) -> None:
        self._clock = clock
        self._due = due
        self._turns = turns
        self._after = after
        self._lock = asyncio.Lock()
        self._moved = Signal()

    @contextlib.asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Hold what falls due back for as long as the block lasts; afterwards the task looks at the clock again."""
        async with self._lock:
            yield
        self._moved()
        self._after()

    async def run(self) -> None:
        """Carry out what falls due while the clock goes, until cancelled; a failure is logged, and tried again later."""
        while True:
            self._moved.clear()
            rest = LONGEST_REST_S
            if not self._clock.frozen:
                try:
                    async with self._lock:
                        await self.carry_out(self._due.catch_up())
                    rest = self._until_next()
                except Exception:  # the stage goes on; the log has the reason
                    log.exception("what fell due could not be carried out; trying again in %s seconds", LONGEST_REST_S)
            await self._moved.wait(rest)

    async def carry_out(self, steps: Generator[object, None, T]) -> T:
        """Do the work step by step, in a thread or waiting where a step says so, and let others come to in between."""
        try:
            while True:
                try:
                    step = next(steps)
                except StopIteration as end:
                    result: T = end.value
                    return result
                match step:
                    case Wait():
                        await step.on()
                    case ThreadStep():
                        await self._turns.carry_out(step)
                    case _:
                        await asyncio.sleep(0)
        finally:
            steps.close()

    def _until_next(self) -> float:
        due = self._due.next_item()
        if due is None:
            return LONGEST_REST_S
        seconds = (due.astimezone(UTC) - self._clock.now().astimezone(UTC)).total_seconds()
        return min(max(seconds, 0.0), LONGEST_REST_S)
