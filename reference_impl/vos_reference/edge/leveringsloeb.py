"""The attempts to deliver webservice messages, in the stage's event loop: many receivers at once, none in another's way.

Here: when attempts are made, and how many at a time. Not here: what is due and what an attempt comes to
(`application.levering`), or HTTP (`adapters.afsender`).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterable
from datetime import UTC

from vos_reference.application.drift import Drift
from vos_reference.application.levering import Afsender, Forsoegt, afslut, hent
from vos_reference.application.wsbport import Forsendelse, Wsbmodtager

log = logging.getLogger(__name__)

SAMTIDIGE = 8
"""Attempts at a time to one receiver, each about another citizen."""

HOEJST_S = 30.0
"""How long the task rests at most, in seconds of the machine."""


class Leveringsloeb:
    """Makes what is due at once, and what is due later when the clock has come there."""

    def __init__(self, drift: Drift, afsender: Afsender, samtidige: int = SAMTIDIGE) -> None:
        self._drift = drift
        self._afsender = afsender
        self._samtidige = samtidige
        self._undervejs: dict[int, Forsendelse] = {}
        self._opgaver: set[asyncio.Task[None]] = set()
        self._faerdige: list[Forsoegt] = []
        self._vaek = asyncio.Event()
        self._skrevet = asyncio.Event()

    def vaek(self) -> None:
        """Look again: there is something new to send, or the clock was set."""
        self._vaek.set()

    async def virke(self) -> None:
        """Deliver until cancelled; a failure of our own is logged, and tried again later."""
        try:
            while True:
                self._vaek.clear()
                hvil = HOEJST_S
                try:
                    self._begynd()
                    hvil = self._til_naeste()
                except Exception:  # the stage goes on; the log has the reason
                    log.exception("messages could not be sent; trying again in %s seconds", HOEJST_S)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(hvil):  # wait_for may lose a cancellation in Python 3.11
                        await self._vaek.wait()
        finally:
            for opgave in self._opgaver:
                opgave.cancel()
            await self._afsender.luk()

    async def indtil_ro(self) -> None:
        """Wait until everything that is due by the clock has been tried."""
        while True:
            self._begynd()
            if not self._undervejs:
                return
            self._skrevet.clear()
            await self._skrevet.wait()

    def _begynd(self, modtagere: Iterable[Wsbmodtager] | None = None) -> None:
        for forsendelse in hent(self._drift, self._samtidige, self._undervejs.values(), modtagere):
            self._undervejs[forsendelse.nr] = forsendelse
            opgave = asyncio.create_task(self._forsoeg(forsendelse))
            self._opgaver.add(opgave)
            opgave.add_done_callback(self._opgaver.discard)

    async def _forsoeg(self, forsendelse: Forsendelse) -> None:
        svar = await self._afsender.post(forsendelse.url, forsendelse.konvolut.krop)
        self._faerdige.append(Forsoegt(forsendelse, svar))
        if len(self._faerdige) == 1:  # what ends in the same turn of the loop is stored in one transaction
            asyncio.get_running_loop().call_soon(self._skriv)

    def _skriv(self) -> None:
        faerdige, self._faerdige = self._faerdige, []
        try:
            afslut(self._drift, faerdige)
        except Exception:  # nothing was stored, so that they are tried again: at least once
            log.exception("%s attempts could not be noted; they will be made again", len(faerdige))
        for en in faerdige:
            self._undervejs.pop(en.forsendelse.nr, None)
        self._skrevet.set()
        try:
            self._begynd({en.forsendelse.konvolut.modtager for en in faerdige})
        finally:
            self._vaek.set()

    def _til_naeste(self) -> float:
        """Return how long to rest; what is due and not under way waits for a place, and a place that is free wakes us."""
        drift = self._drift
        if drift.ur.frosset or self._undervejs:
            return HOEJST_S
        with drift.store.laesning() as t:
            naeste = t.naeste_forsoeg()
        if naeste is None:
            return HOEJST_S
        venter = (naeste.astimezone(UTC) - drift.ur.now().astimezone(UTC)).total_seconds()
        return min(max(venter, 0.001), HOEJST_S)
