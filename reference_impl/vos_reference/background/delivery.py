"""Deliver webservice messages from the event loop of the stage, to many receivers concurrently.

Here is when attempts are made and how many at a time. What is due and what follows from an attempt is in
`application.delivery`, HTTP is in `adapters.outbound.http_sender`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from datetime import UTC

from vos_contracts.wire.base import Unavailable
from vos_reference.application.delivery import Attempted, Sender, end, fetch
from vos_reference.application.ports import Dispatch, WebhookRecipient
from vos_reference.application.runtime import Runtime
from vos_reference.background.signals import Signal
from vos_reference.background.write_turns import WriteTurns
from vos_reference.domain.retry import NoAnswer

log = logging.getLogger(__name__)

CONCURRENT = 8
"""Concurrent attempts per receiver, each about another citizen."""

QUIET_DEADLINE_S = 60.0
"""How long the clock waits for the next attempt to end, or for the broker, in seconds; a sender's own timeout is shorter."""
_SHOWN_URLS = 3

RETRY_STORING_S = 5.0
"""How long attempts rest after an outcome that could not be stored, in seconds of the machine's clock."""

LONGEST_REST_S = 30.0
"""The longest sleep of the task, in seconds of the machine's clock."""


class Delivery:
    """Attempts due messages at once, and later ones when the clock has reached their time.

    `wake` is raised when there is a new message to send, and after the clock was set.
    """

    def __init__(
        self,
        runtime: Runtime,
        sends: Sender,
        turns: WriteTurns,
        wake: Signal,
        concurrent: int = CONCURRENT,
        quiet_deadline_s: float = QUIET_DEADLINE_S,
    ) -> None:
        self._runtime = runtime
        self._sends = sends
        self._turns = turns
        self._wake = wake
        self._concurrent = concurrent
        self._quiet_deadline_s = quiet_deadline_s
        self._under_way: dict[int, Dispatch] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._answered: list[Attempted] = []
        self._stored = asyncio.Event()
        self._cannot_store = False

    async def run(self) -> None:
        """Deliver until cancelled; an internal failure is logged and the attempt is repeated later."""
        try:
            while True:
                self._wake.clear()
                rest = LONGEST_REST_S
                try:
                    self._begin()
                    rest = self._until_next()
                except Exception:  # the stage goes on; the traceback is in the log
                    log.exception("messages could not be sent; trying again in %s seconds", LONGEST_REST_S)
                await self._wake.wait(rest)
        finally:
            for task in self._tasks:
                task.cancel()
            await self._sends.close()

    async def until_quiet(self) -> None:
        """Wait until every message that is due by the clock has been attempted.

        Raises:
            Unavailable: no attempt under way ended within the deadline, and it names the receivers; or the outcome of one
                cannot be stored.
        """
        while True:
            self._begin()
            if not self._under_way:
                return
            self._stored.clear()
            try:
                async with asyncio.timeout(self._quiet_deadline_s):
                    await self._stored.wait()
            except TimeoutError:
                raise Unavailable(description=self._waited_for()) from None
            if self._cannot_store:
                raise Unavailable(description="udfaldet af leveringerne kan ikke gemmes; de forsøges igen senere")

    def _waited_for(self) -> str:
        urls = sorted({attempt.url for attempt in self._under_way.values()})
        shown = ", ".join(urls[:_SHOWN_URLS]) + (" og flere" if len(urls) > _SHOWN_URLS else "")
        return (
            f"{len(self._under_way)} beskeder er undervejs, og ingen er afsluttet i {self._quiet_deadline_s:g} sekunder; "
            f"der ventes på {shown}"
        )

    def _begin(self, receivers: Iterable[WebhookRecipient] | None = None) -> None:
        for attempt in fetch(self._runtime, self._concurrent, self._under_way.values(), receivers):
            self._under_way[attempt.nr] = attempt
            task = asyncio.create_task(self._attempt(attempt))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _attempt(self, attempt: Dispatch) -> None:
        try:
            answer = await self._sends.post(attempt.url, attempt.envelope.body)
        except Exception as exc:  # a fault of the sender must not keep the message under way for ever
            log.exception("the attempt at %s failed inside the stage", attempt.url)
            answer = NoAnswer(f"{type(exc).__name__}: {exc}")
        self._answered.append(Attempted(attempt, answer))
        if len(self._answered) == 1:  # answers of one loop iteration are stored in one transaction
            asyncio.get_running_loop().call_soon(self._turns.start, self._store)

    def _store(self) -> None:
        answered, self._answered = self._answered, []
        self._cannot_store = False
        try:
            end(self._runtime, answered)
        except Exception:  # nothing was stored, so the messages are sent again: at-least-once delivery
            log.exception("%s attempts could not be noted; they will be made again", len(answered))
            self._cannot_store = True
        for attempt in answered:
            self._under_way.pop(attempt.dispatch.nr, None)
        self._stored.set()
        if self._cannot_store:  # the receiver is not called again and again while the disk is full
            asyncio.get_running_loop().call_later(RETRY_STORING_S, self._wake)
            return
        try:
            self._begin({attempt.dispatch.envelope.recipient for attempt in answered})
        finally:
            self._wake()

    def _until_next(self) -> float:
        """Return the seconds until the next message is due.

        Due messages that are not under way wait for a free slot, and a slot that becomes free wakes the task.
        """
        runtime = self._runtime
        if runtime.clock.frozen or self._under_way:
            return LONGEST_REST_S
        with runtime.store.reading() as t:
            due = t.next_attempt()
        if due is None:
            return LONGEST_REST_S
        seconds = (due.astimezone(UTC) - runtime.clock.now().astimezone(UTC)).total_seconds()
        return min(max(seconds, 0.001), LONGEST_REST_S)
