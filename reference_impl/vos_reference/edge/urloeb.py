"""The clockwork in the stage's event loop: one piece of work at a time, in steps between which calls are answered.

Here: the lock, and the task that carries out what falls due while the clock goes by itself. Not here: what falls due
(`application.ur`).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Generator
from datetime import UTC
from typing import TypeVar

from vos_reference.application.ur import Urvaerk, Vent
from vos_reference.clock import StageClock

log = logging.getLogger(__name__)

HOEJST_S = 30.0
"""How long the task rests at most: a new sequence or a set clock may make something due earlier than it thought."""

T = TypeVar("T")


class Urloeb:
    """Who wants to move the clock, run a batch or empty the stage waits for the one before; `bagefter` is called after each."""

    def __init__(self, ur: StageClock, urvaerk: Urvaerk, bagefter: Callable[[], None]) -> None:
        self._bagefter = bagefter
        self._ur = ur
        self._urvaerk = urvaerk
        self._laas = asyncio.Lock()
        self._vaek = asyncio.Event()

    @contextlib.asynccontextmanager
    async def alene(self) -> AsyncIterator[None]:
        """Hold what falls due back for as long as the block lasts; afterwards the task looks at the clock again."""
        async with self._laas:
            yield
        self._vaek.set()
        self._bagefter()

    async def virke(self) -> None:
        """Carry out what falls due while the clock goes, until cancelled; a failure is logged, and tried again later."""
        while True:
            self._vaek.clear()
            hvil = HOEJST_S
            if not self._ur.frosset:
                try:
                    async with self._laas:
                        await skridtvis(self._urvaerk.indhent())
                    hvil = self._til_naeste()
                except Exception:  # the stage goes on; the log has the reason
                    log.exception("what fell due could not be carried out; trying again in %s seconds", HOEJST_S)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(hvil):  # wait_for may lose a cancellation in Python 3.11
                    await self._vaek.wait()

    def _til_naeste(self) -> float:
        naeste = self._urvaerk.naeste()
        if naeste is None:
            return HOEJST_S
        venter = (naeste.astimezone(UTC) - self._ur.now().astimezone(UTC)).total_seconds()
        return min(max(venter, 0.0), HOEJST_S)


async def skridtvis(arbejde: Generator[object, None, T]) -> T:
    """Do the work step by step, wait where a step waits, and let others come to in between; return what it came to."""
    try:
        while True:
            try:
                skridt = next(arbejde)
            except StopIteration as slut:
                resultat: T = slut.value
                return resultat
            await (skridt.paa() if isinstance(skridt, Vent) else asyncio.sleep(0))
    finally:
        arbejde.close()
