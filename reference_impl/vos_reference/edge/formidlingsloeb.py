"""The relay of events to the broker, in the stage's event loop: one batch after the other, and again while the broker is away.

Here: when it is published, and how long to wait. Not here: what comes next (`application.formidling`), or how a broker is
spoken to (`adapters`).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence

from vos_reference.application.drift import Drift
from vos_reference.application.formidling import afslut, hent, noter
from vos_reference.application.maegler import Haendelsesbrev, Maegler, MaeglerVaek

log = logging.getLogger(__name__)

ANTAL = 100
"""Events to each domain in one batch: what is sent again at most after a kill."""

SAMLER_S = 0.005
"""How long more events are waited for, so that a busy stage moves its position once for many calls."""

FOERSTE_S, HOEJST_S = 0.5, 15.0
"""The delay after the first failure and the longest one, in seconds of the machine: the broker does not live on stage time."""

HVIL_S = 30.0
"""How long the task rests at most when nobody wakes it."""


class Formidlingsloeb:
    """Publishes what was committed, in order; while the broker is away, waits twice as long for each failure."""

    def __init__(self, drift: Drift, maegler: Maegler) -> None:
        self._drift = drift
        self._maegler = maegler
        self._laas = asyncio.Lock()
        self._vaek = asyncio.Event()
        self._fejl = 0
        self._spurgt = False
        self._meldt = False

    def vaek(self) -> None:
        """Look again: events were committed."""
        self._vaek.set()

    async def indtil_ro(self) -> None:
        """Wait until the broker has what was raised by now, or does not take it; what is raised meanwhile is not waited for."""
        with self._drift.store.laesning() as t:
            sidste = t.sidste_haendelse()
        breve = hent(self._drift, self._maegler.navn, 1)
        while breve and breve[0].nr <= sidste:  # the first: one domain may be further behind than the others
            breve = await self._forsoeg()

    @contextlib.asynccontextmanager
    async def alene(self) -> AsyncIterator[None]:
        """Publish nothing for as long as the block lasts: what is on its way is waited for first."""
        async with self._laas:
            yield
        self._vaek.set()

    async def virke(self) -> None:
        """Publish until cancelled; a failure of our own is logged, and tried again like the broker's."""
        try:
            await (
                self._forsoeg()
            )  # though nothing waits: the queues are there before the first event, or we say why not
            while True:
                if self._fejl:
                    await asyncio.sleep(min(FOERSTE_S * 2 ** (self._fejl - 1), HOEJST_S))
                else:
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(HVIL_S):  # wait_for may lose a cancellation in Python 3.11
                            await self._vaek.wait()
                    await asyncio.sleep(SAMLER_S)
                await self._forsoeg()
        finally:
            await self._maegler.luk()

    async def _forsoeg(self) -> Sequence[Haendelsesbrev]:
        """Publish a batch; return what the broker took."""
        self._vaek.clear()
        try:
            async with self._laas:
                breve = hent(self._drift, self._maegler.navn, ANTAL)
                if breve or self._fejl or not self._spurgt:
                    self._spurgt = True
                    await self._maegler.publicer(breve)
                if breve:
                    afslut(self._drift, self._maegler.navn, breve)
        except MaeglerVaek as vaek:
            self._fejl += 1
            self._er_vaek(str(vaek))
        except Exception:  # nothing is noted, so that it is published again: at least once
            self._fejl += 1
            log.exception("events could not be passed on; trying again")
        else:
            self._fejl = 0
            self._er_der()
            if breve:  # there may be more than one batch
                self._vaek.set()
            return breve
        return ()

    def _er_vaek(self, grund: str) -> None:
        if not self._meldt:
            self._meldt = True
            log.warning("the broker %s is away: %s; events wait in the outbox", self._maegler.navn, grund)
            noter(self._drift, self._maegler.navn, "væk", grund)

    def _er_der(self) -> None:
        if self._meldt:
            self._meldt = False
            log.warning("the broker %s is back", self._maegler.navn)
            noter(self._drift, self._maegler.navn, "tilbage")
