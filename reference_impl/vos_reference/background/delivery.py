"""The attempts to deliver webservice messages, in the stage's event loop: many receivers at once, none in another's way.

Here: when attempts are made, and how many at a time. Not here: what is due and what an attempt comes to
(`application.levering`), or HTTP (`adapters.afsender`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from datetime import UTC

from vos_reference.application.drift import Drift
from vos_reference.application.levering import Afsender, Forsoegt, afslut, hent
from vos_reference.application.ports import Forsendelse, Wsbmodtager
from vos_reference.background.signals import Signal
from vos_reference.background.write_turns import WriteTurns

log = logging.getLogger(__name__)

CONCURRENT = 8
"""Attempts at a time to one receiver, each about another citizen."""

LONGEST_REST_S = 30.0
"""How long the task rests at most, in seconds of the machine."""


class Delivery:
    """Makes what is due at once, and what is due later when the clock has come there.

    `wake` is raised when there is something new to send, and when the clock was set.
    """

    def __init__(
        self, drift: Drift, sender: Afsender, turns: WriteTurns, wake: Signal, concurrent: int = CONCURRENT
    ) -> None:
        self._drift = drift
        self._sender = sender
        self._turns = turns
        self._wake = wake
        self._concurrent = concurrent
        self._under_way: dict[int, Forsendelse] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._answered: list[Forsoegt] = []
        self._stored = asyncio.Event()

    async def run(self) -> None:
        """Deliver until cancelled; a failure of our own is logged, and tried again later."""
        try:
            while True:
                self._wake.clear()
                rest = LONGEST_REST_S
                try:
                    self._begin()
                    rest = self._until_next()
                except Exception:  # the stage goes on; the log has the reason
                    log.exception("messages could not be sent; trying again in %s seconds", LONGEST_REST_S)
                await self._wake.wait(rest)
        finally:
            for task in self._tasks:
                task.cancel()
            await self._sender.luk()

    async def indtil_ro(self) -> None:
        """Wait until everything that is due by the clock has been tried."""
        while True:
            self._begin()
            if not self._under_way:
                return
            self._stored.clear()
            await self._stored.wait()

    def _begin(self, receivers: Iterable[Wsbmodtager] | None = None) -> None:
        for attempt in hent(self._drift, self._concurrent, self._under_way.values(), receivers):
            self._under_way[attempt.nr] = attempt
            task = asyncio.create_task(self._attempt(attempt))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _attempt(self, attempt: Forsendelse) -> None:
        answer = await self._sender.post(attempt.url, attempt.konvolut.krop)
        self._answered.append(Forsoegt(attempt, answer))
        if len(self._answered) == 1:  # what ends in the same turn of the loop is stored in one transaction
            asyncio.get_running_loop().call_soon(self._turns.start, self._store)

    def _store(self) -> None:
        answered, self._answered = self._answered, []
        try:
            afslut(self._drift, answered)
        except Exception:  # nothing was stored, so that they are tried again: at least once
            log.exception("%s attempts could not be noted; they will be made again", len(answered))
        for attempt in answered:
            self._under_way.pop(attempt.forsendelse.nr, None)
        self._stored.set()
        try:
            self._begin({attempt.forsendelse.konvolut.modtager for attempt in answered})
        finally:
            self._wake()

    def _until_next(self) -> float:
        """Return how long to rest; what is due and not under way waits for a place, and a place that is free wakes us."""
        drift = self._drift
        if drift.ur.frosset or self._under_way:
            return LONGEST_REST_S
        with drift.store.laesning() as t:
            due = t.naeste_forsoeg()
        if due is None:
            return LONGEST_REST_S
        seconds = (due.astimezone(UTC) - drift.ur.now().astimezone(UTC)).total_seconds()
        return min(max(seconds, 0.001), LONGEST_REST_S)
