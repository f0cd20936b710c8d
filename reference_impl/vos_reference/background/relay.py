"""The relay of events to the broker, in the stage's event loop: one batch after the other, and again while the broker is away.

Here: when it is published, and how long to wait. Not here: what comes next (`application.relay`), or how a broker is
spoken to (`adapters`).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence

from vos_reference.application.ports import Broker, BrokerWake, EventLetter
from vos_reference.application.relay import end, fetch, note
from vos_reference.application.runtime import Runtime
from vos_reference.background.signals import Signal
from vos_reference.background.write_turns import WriteTurns

log = logging.getLogger(__name__)

LIMIT = 100
"""Events to each domain in one batch: what is sent again at most after a kill."""

GATHER_S = 0.005
"""How long more events are waited for, so that a busy stage moves its position once for many calls."""

FIRST_RETRY_S, LONGEST_RETRY_S = 0.5, 15.0
"""The delay after the first failure and the longest one, in seconds of the machine: the broker does not live on stage time."""

LONGEST_REST_S = 30.0
"""How long the task rests at most when nobody wakes it."""


class Relay:
    """Publishes what was committed, in order; while the broker is away, waits twice as long for each failure.

    `wake` is raised when events were committed.
    """

    def __init__(self, runtime: Runtime, broker: Broker, turns: WriteTurns, wake: Signal) -> None:
        self._runtime = runtime
        self._broker = broker
        self._turns = turns
        self._wake = wake
        self._lock = asyncio.Lock()
        self._failures = 0
        self._asked = False
        self._said_away = False

    async def until_quiet(self) -> None:
        """Wait until the broker has what was raised by now, or does not take it; what is raised meanwhile is not waited for."""
        with self._runtime.store.reading() as t:
            last = t.last_event()
        events = fetch(self._runtime, self._broker.name, 1)
        while events and events[0].nr <= last:  # the first: one domain may be further behind than the others
            events = await self._attempt()

    @contextlib.asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Publish nothing for as long as the block lasts: what is on its way is waited for first."""
        async with self._lock:
            yield
        self._wake()

    async def run(self) -> None:
        """Publish until cancelled; a failure of our own is logged, and tried again like the broker's."""
        try:
            await self._attempt()  # with nothing to publish too: the queues are there before the first event
            while True:
                if self._failures:
                    await asyncio.sleep(min(FIRST_RETRY_S * 2 ** (self._failures - 1), LONGEST_RETRY_S))
                else:
                    await self._wake.wait(LONGEST_REST_S)
                    await asyncio.sleep(GATHER_S)
                await self._attempt()
        finally:
            await self._broker.close()

    async def _attempt(self) -> Sequence[EventLetter]:
        """Publish a batch; return what the broker took."""
        self._wake.clear()
        try:
            async with self._lock:
                events = fetch(self._runtime, self._broker.name, LIMIT)
                if events or self._failures or not self._asked:
                    self._asked = True
                    await self._broker.publish(events)
                if events:
                    await self._turns.run(lambda: end(self._runtime, self._broker.name, events))
        except BrokerWake as failure:
            self._failures += 1
            self._note_away(str(failure))
        except Exception:  # nothing is noted, so that it is published again: at least once
            self._failures += 1
            log.exception("events could not be passed on; trying again")
        else:
            self._failures = 0
            self._note_back()
            if events:  # there may be more than one batch
                self._wake()
            return events
        return ()

    def _note_away(self, reason: str) -> None:
        if not self._said_away:
            self._said_away = True
            log.warning("the broker %s is away: %s; events wait in the outbox", self._broker.name, reason)
            note(self._runtime, self._broker.name, "away", reason)

    def _note_back(self) -> None:
        if self._said_away:
            self._said_away = False
            log.warning("the broker %s is back", self._broker.name)
            note(self._runtime, self._broker.name, "back")
