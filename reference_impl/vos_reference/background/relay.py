"""Relay events from the outbox to the broker, in the event loop of the stage: batch by batch, with retries.

Here is when a batch is published and how long to wait before a retry. Which events come next is in `application.relay`, the
protocols of the brokers are in `adapters.outbound`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence

from vos_contracts.wire.base import Unavailable
from vos_reference.application.ports import Broker, BrokerUnavailable, OutboxEvent
from vos_reference.application.relay import end, fetch, note
from vos_reference.application.runtime import Runtime
from vos_reference.background.delivery import QUIET_DEADLINE_S
from vos_reference.background.signals import Signal
from vos_reference.background.write_turns import WriteTurns

log = logging.getLogger(__name__)

LIMIT = 100
"""Events per domain in one batch, and so the most that are published twice after a kill."""

GATHER_S = 0.005
"""Seconds to wait for more events, so that a busy stage stores its position once for many calls."""

FIRST_RETRY_S, LONGEST_RETRY_S = 0.5, 15.0
"""The first and the longest backoff, in seconds of the machine's clock: the broker does not follow the stage clock."""

LONGEST_REST_S = 30.0
"""The longest sleep of the task when it is not woken."""


class Relay:
    """Publishes committed events in order, with exponential backoff while the broker is unavailable.

    `wake` is raised after a commit with events.
    """

    def __init__(
        self,
        runtime: Runtime,
        broker: Broker,
        turns: WriteTurns,
        wake: Signal,
        quiet_deadline_s: float = QUIET_DEADLINE_S,
    ) -> None:
        self._quiet_deadline_s = quiet_deadline_s
        self._runtime = runtime
        self._broker = broker
        self._turns = turns
        self._wake = wake
        self._lock = asyncio.Lock()
        self._failures = 0
        self._declared = False
        self._reported_away = False

    async def until_quiet(self) -> None:
        """Wait until the broker has all events raised so far, or refuses them; later events are not waited for.

        Raises:
            Unavailable: the broker neither confirmed nor refused a batch within the deadline.
        """
        with self._runtime.store.reading() as t:
            last = t.last_event()
        events = fetch(self._runtime, self._broker.name, 1)
        while (
            events and events[0].nr <= last
        ):  # events[0] is the oldest: one domain may be further behind than the others
            try:
                async with asyncio.timeout(self._quiet_deadline_s):
                    events = await self._attempt()
            except TimeoutError:
                raise Unavailable(
                    description=f"brokeren {self._broker.name} har ikke kvitteret for en hændelse "
                    f"i {self._quiet_deadline_s:g} sekunder; hændelserne fra nr. {events[0].nr} venter"
                ) from None

    @contextlib.asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Wait for the batch under way and publish nothing for the block."""
        async with self._lock:
            yield
        self._wake()

    async def run(self) -> None:
        """Publish until cancelled; an internal failure is logged and retried like a failure of the broker."""
        try:
            await self._attempt()  # also without events, so that the queues exist before the first event
            while True:
                if self._failures:
                    await asyncio.sleep(min(FIRST_RETRY_S * 2 ** (self._failures - 1), LONGEST_RETRY_S))
                else:
                    await self._wake.wait(LONGEST_REST_S)
                    await asyncio.sleep(GATHER_S)
                await self._attempt()
        finally:
            await self._broker.close()

    async def _attempt(self) -> Sequence[OutboxEvent]:
        """Publish a batch; return the events that the broker confirmed."""
        self._wake.clear()
        try:
            async with self._lock:
                events = fetch(self._runtime, self._broker.name, LIMIT)
                if events or self._failures or not self._declared:
                    self._declared = True
                    await self._broker.publish(events)
                if events:
                    await self._turns.run(lambda: end(self._runtime, self._broker.name, events))
        except BrokerUnavailable as failure:
            self._failures += 1
            self._note_away(str(failure))
        except Exception:  # the position is not stored, so the batch is published again: at-least-once delivery
            self._failures += 1
            log.exception("events could not be published; trying again")
        else:
            self._failures = 0
            self._note_back()
            if events:  # there may be a further batch
                self._wake()
            return events
        return ()

    def _note_away(self, reason: str) -> None:
        if not self._reported_away:
            self._reported_away = True
            log.warning("the broker %s is away: %s; events wait in the outbox", self._broker.name, reason)
            note(self._runtime, self._broker.name, "away", reason)

    def _note_back(self) -> None:
        if self._reported_away:
            self._reported_away = False
            log.warning("the broker %s is back", self._broker.name)
            note(self._runtime, self._broker.name, "back")
