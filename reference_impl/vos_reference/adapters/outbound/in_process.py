"""A broker in the process: a queue per business domain, subscribed to and acknowledged, gone with the process.

It is flat in memory: a queue that nobody listens to forgets its oldest events (the outbox has them still), and one whose
listeners do not keep up is full, so that the publisher waits. For one event loop.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence

from vos_reference.application.ports import BrokerWake, EventLetter

NAME = "internal"
AT_MOST = 1000
"""Events that one queue holds, at most."""


class InternalBroker:
    """The broker and its queues; while `down` is set it is away, as a broker of another process can be."""

    name = NAME

    def __init__(self, domains: Iterable[str], at_most: int = AT_MOST) -> None:
        self.down = False
        self._queues = {domain: _WriterLock(at_most) for domain in domains}

    async def publish(self, letters: Sequence[EventLetter]) -> None:
        """See `Broker.publish`."""
        if self.down:
            raise BrokerWake("the broker in the process is taken down")
        for domain, queue in self._queues.items():
            if not queue.has_room(sum(item.domain == domain for item in letters)):
                raise BrokerWake(f"the queue of {domain} is full, and its listeners do not take from it")
        for letter in letters:
            self._queues[letter.domain].put(letter)

    async def close(self) -> None:
        """See `Broker.close`."""

    def subscribe(self, domain: str) -> Subscription:
        """Listen to a domain's queue; several listeners share what comes."""
        return Subscription(self._queues[domain])

    def waiting(self, domain: str) -> int:
        """Count what is in the domain's queue and taken by nobody."""
        return self._queues[domain].waiting


class Subscription:
    """One listener: what it took and has not acknowledged comes again, to it or another, when it closes."""

    def __init__(self, queue: _WriterLock) -> None:
        self._queue = queue
        self._unacknowledged: list[EventLetter] = []
        queue.listeners += 1

    async def receive_body(self) -> EventLetter:
        """Wait for the next event and take it."""
        letter = await self._queue.tag()
        self._unacknowledged.append(letter)
        return letter

    def acknowledge(self, letter: EventLetter) -> None:
        """Acknowledge an event that was taken; ValueError for one that was not."""
        self._unacknowledged.remove(letter)
        self._queue.out -= 1

    def close(self) -> None:
        """Stop listening."""
        self._queue.listeners -= 1
        self._queue.put_back(self._unacknowledged)
        self._unacknowledged = []


class _WriterLock:
    def __init__(self, at_most: int) -> None:
        self.listeners = 0
        self.out = 0
        self._at_most = at_most
        self._ready: deque[EventLetter] = deque()
        self._something = asyncio.Event()

    @property
    def waiting(self) -> int:
        return len(self._ready)

    def has_room(self, count: int) -> bool:
        return not self.listeners or not count or self.waiting + self.out + count <= self._at_most

    def put(self, letter: EventLetter) -> None:
        if self.waiting >= self._at_most:  # only where nobody listens: see `has_room`
            self._ready.popleft()
        self._ready.append(letter)
        self._something.set()

    async def tag(self) -> EventLetter:
        while not self._ready:
            self._something.clear()
            await self._something.wait()
        self.out += 1
        return self._ready.popleft()

    def put_back(self, letters: Sequence[EventLetter]) -> None:
        """Put them back in front, in the order of the outbox also where another listener gave some back before."""
        self.out -= len(letters)
        self._ready = deque(sorted([*letters, *self._ready], key=lambda item: item.nr))
        if self._ready:
            self._something.set()
