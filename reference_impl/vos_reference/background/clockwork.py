"""The clockwork in the event loop of the stage: one piece of work at a time, in steps between which calls are answered.

Here are the lock, and the task that carries out due work while the clock runs. What falls due is in `application.clockwork`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Generator
from dataclasses import dataclass
from datetime import UTC
from functools import partial
from typing import Any, TypeVar

from vos_reference.application.clockwork import DueWork, Wait
from vos_reference.application.steps import ThreadStep
from vos_reference.background.signals import Signal
from vos_reference.background.write_turns import WriteTurns
from vos_reference.clock import StageClock

log = logging.getLogger(__name__)

LONGEST_REST_S = 30.0
"""The longest sleep of the task: a new sequence may be due earlier than the work that the task waits for."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _End:
    """The end of a generator; a StopIteration cannot pass through a coroutine."""

    value: Any


def _advance(steps: Generator[object, None, Any]) -> object:
    try:
        return next(steps)
    except StopIteration as end:
        return _End(end.value)


class Clockwork:
    """Serialises moving the clock, running a batch and resetting the stage; `after` is called after each of them."""

    def __init__(self, clock: StageClock, due: DueWork, turns: WriteTurns, after: Callable[[], None]) -> None:
        self._clock = clock
        self._due = due
        self._turns = turns
        self._after = after
        self._lock = asyncio.Lock()
        self._moved = Signal()

    @contextlib.asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Hold the lock for the block; afterwards the task checks again what is due."""
        async with self._lock:
            yield
        self._moved()
        self._after()

    async def run(self) -> None:
        """Carry out due work while the clock runs, until cancelled; a failure is logged and the work is retried later."""
        while True:
            self._moved.clear()
            rest = LONGEST_REST_S
            if not self._clock.frozen:
                try:
                    async with self._lock:
                        await self.carry_out(self._due.catch_up())
                    rest = self._until_next()
                except Exception:  # the stage goes on; the traceback is in the log
                    log.exception("due work failed; trying again in %s seconds", LONGEST_REST_S)
            await self._moved.wait(rest)

    async def carry_out(self, steps: Generator[object, None, T]) -> T:
        """Carry out the steps and return the result of the generator; other tasks run between the steps.

        Each step takes a write turn. A `ThreadStep` runs in a thread, and a `Wait` is awaited.
        """
        try:
            while True:
                step = await self._turns.run(partial(_advance, steps))
                match step:
                    case _End():
                        result: T = step.value
                        return result
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
