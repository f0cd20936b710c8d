"""A broker in this process: one queue per business domain, with acknowledgements; its contents end with the process.

Memory is bounded. A queue without listeners drops its oldest events (they remain in the outbox). A queue whose listeners do
not keep up is full, and the publisher tries again later. Not thread-safe: use it in one event loop.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence

from vos_reference.application.ports import BrokerUnavailable, OutboxEvent

NAME = "internal"
AT_MOST = 1000
"""The most events that one queue holds."""


class InternalBroker:
    """The broker and its queues; while `down` is set, it refuses like a broker that cannot be reached."""

    name = NAME

    def __init__(self, domains: Iterable[str], at_most: int = AT_MOST) -> None:
        self.down = False
        self._queues = {domain: _Queue(at_most) for domain in domains}

    async def publish(self, letters: Sequence[OutboxEvent]) -> None:
        """See `Broker.publish`."""
        if self.down:
            raise BrokerUnavailable("the in-process broker is down")
        for domain, queue in self._queues.items():
            if not queue.has_room(sum(letter.domain == domain for letter in letters)):
                raise BrokerUnavailable(f"the queue of {domain} is full: its listeners do not keep up")
        for letter in letters:
            self._queues[letter.domain].put(letter)

    async def close(self) -> None:
        """See `Broker.close`."""

    def subscribe(self, domain: str) -> InProcessSubscription:
        """Listen to a domain's queue; several listeners share its events."""
        return InProcessSubscription(self._queues[domain])

    def waiting(self, domain: str) -> int:
        """Count the events in the domain's queue that no listener has taken."""
        return self._queues[domain].waiting


class InProcessSubscription:
    """One listener; events that it took without acknowledging them return to the queue when it closes."""

    def __init__(self, queue: _Queue) -> None:
        self._queue = queue
        self._unacknowledged: list[OutboxEvent] = []
        queue.listeners += 1

    async def receive(self) -> OutboxEvent:
        """Wait for the next event and take it."""
        letter = await self._queue.take()
        self._unacknowledged.append(letter)
        return letter

    def acknowledge(self, letter: OutboxEvent) -> None:
        """Acknowledge an event.

        Raises:
            ValueError: this listener has not taken it.
        """
        self._unacknowledged.remove(letter)
        self._queue.taken -= 1

    def close(self) -> None:
        """Stop listening and return the unacknowledged events."""
        self._queue.listeners -= 1
        self._queue.put_back(self._unacknowledged)
        self._unacknowledged = []


class _Queue:
    def __init__(self, at_most: int) -> None:
        self.listeners = 0
        self.taken = 0
        self._at_most = at_most
        self._ready: deque[OutboxEvent] = deque()
        self._not_empty = asyncio.Event()

    @property
    def waiting(self) -> int:
        return len(self._ready)

    def has_room(self, count: int) -> bool:
        return not self.listeners or not count or self.waiting + self.taken + count <= self._at_most

    def put(self, letter: OutboxEvent) -> None:
        if self.waiting >= self._at_most:  # only without listeners: see `has_room`
            self._ready.popleft()
        self._ready.append(letter)
        self._not_empty.set()

    async def take(self) -> OutboxEvent:
        while not self._ready:
            self._not_empty.clear()
            await self._not_empty.wait()
        self.taken += 1
        return self._ready.popleft()

    def put_back(self, letters: Sequence[OutboxEvent]) -> None:
        """Return events to the queue in the order of the outbox, also when another listener returned some before."""
        self.taken -= len(letters)
        self._ready = deque(sorted([*letters, *self._ready], key=lambda letter: letter.nr))
        if self._ready:
            self._not_empty.set()
