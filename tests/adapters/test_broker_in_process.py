from __future__ import annotations

import asyncio

import pytest

from vos_reference.adapters.outbound.in_process import InProcessSubscription, InternalBroker
from vos_reference.application.ports import Broker, BrokerUnavailable, OutboxEvent
from vos_reference.testing.broker_contract import (
    DOMAINS,
    JOBSEARCH,
    BrokerContract,
    BrokerListener,
    BrokerSetup,
    execute,
    letter,
)


class SubscriptionListener:
    def __init__(self, subscription: InProcessSubscription) -> None:
        self._subscription = subscription
        self._last: OutboxEvent | None = None

    async def receive(self) -> tuple[str, str, bytes]:
        self._last = await self._subscription.receive()
        return self._last.id, self._last.topic, self._last.body

    async def acknowledge(self) -> None:
        assert self._last is not None
        self._subscription.acknowledge(self._last)

    async def close(self) -> None:
        self._subscription.close()


class InternalSetup:
    def __init__(self) -> None:
        self._broker = InternalBroker(DOMAINS)

    def broker(self) -> Broker:
        return self._broker

    async def listen(self, domain: str) -> BrokerListener:
        return SubscriptionListener(self._broker.subscribe(domain))

    async def waiting(self, domain: str) -> int:
        return self._broker.waiting(domain)

    async def stop(self) -> None:
        self._broker.down = True

    async def restart(self) -> None:
        self._broker.down = False


class TestInternal(BrokerContract):
    @pytest.fixture
    def setup(self) -> BrokerSetup:
        return InternalSetup()


def test_a_queue_without_listeners_drops_its_oldest_events() -> None:
    async def work() -> None:
        broker = InternalBroker(DOMAINS, at_most=10)
        for nr in range(1, 101):
            await broker.publish([letter(nr)])
        assert broker.waiting(JOBSEARCH) == 10
        assert (await broker.subscribe(JOBSEARCH).receive()).id == "id-91"

    execute(work())


def test_a_slow_listener_holds_the_publisher_back_and_loses_nothing() -> None:
    async def work() -> None:
        broker = InternalBroker(DOMAINS, at_most=10)
        listener = broker.subscribe(JOBSEARCH)
        await broker.publish([letter(nr) for nr in range(1, 10)])
        first = await listener.receive()
        with pytest.raises(BrokerUnavailable, match="queue of JobSearch is full"):
            await broker.publish([letter(10), letter(11)])
        assert broker.waiting(JOBSEARCH) == 8, "a refused batch adds nothing"
        listener.acknowledge(first)
        await broker.publish([letter(10), letter(11)])
        assert [(await listener.receive()).nr for _ in range(10)] == list(range(2, 12))

    execute(work())


def test_two_listeners_share_and_unacknowledged_events_return_in_order() -> None:
    async def work() -> None:
        broker = InternalBroker(DOMAINS)
        first, second = broker.subscribe(JOBSEARCH), broker.subscribe(JOBSEARCH)
        waiting = asyncio.ensure_future(second.receive())
        await broker.publish([letter(nr) for nr in range(1, 5)])
        taken = [await first.receive(), await waiting, await first.receive()]
        assert sorted(letter.nr for letter in taken) == [1, 2, 3]
        second.close()
        first.close()
        third = broker.subscribe(JOBSEARCH)
        assert [(await third.receive()).nr for _ in range(4)] == [1, 2, 3, 4]
        with pytest.raises(ValueError, match="not in list"):
            third.acknowledge(letter(9))

    execute(work())
