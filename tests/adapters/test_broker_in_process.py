from __future__ import annotations

import asyncio

import pytest

from vos_reference.adapters.outbound.in_process import InternalBroker, Subscription
from vos_reference.application.ports import Broker, BrokerWake, EventLetter
from vos_reference.testing.broker_contract import DOMAINS, JOBSEARCH, BrokerContract, Listener, Setup, execute, letter


class TheListener:
    def __init__(self, subscription: Subscription) -> None:
        self._subscription = subscription
        self._last: EventLetter | None = None

    async def receive_body(self) -> tuple[str, str, bytes]:
        self._last = await self._subscription.receive_body()
        return self._last.id, self._last.topic, self._last.body

    async def acknowledge(self) -> None:
        assert self._last is not None
        self._subscription.acknowledge(self._last)

    async def close(self) -> None:
        self._subscription.close()


class Internal:
    def __init__(self) -> None:
        self._broker = InternalBroker(DOMAINS)

    def broker(self) -> Broker:
        return self._broker

    async def listen(self, domain: str) -> Listener:
        return TheListener(self._broker.subscribe(domain))

    async def waiting(self, domain: str) -> int:
        return self._broker.waiting(domain)

    async def tag_down(self) -> None:
        self._broker.down = True

    async def tag_op(self) -> None:
        self._broker.down = False


class TestInternal(BrokerContract):
    @pytest.fixture
    def setup(self) -> Setup:
        return Internal()


def test_en_koe_som_ingen_lytter_til_er_flad() -> None:
    async def work() -> None:
        broker = InternalBroker(DOMAINS, at_most=10)
        for nr in range(1, 101):
            await broker.publish([letter(nr)])
        assert broker.waiting(JOBSEARCH) == 10
        assert (await broker.subscribe(JOBSEARCH).receive_body()).id == "id-91"

    execute(work())


def test_en_lytter_der_ikke_foelger_med_holder_udgiveren_tilbage_og_mister_intet() -> None:
    async def work() -> None:
        broker = InternalBroker(DOMAINS, at_most=10)
        listener = broker.subscribe(JOBSEARCH)
        await broker.publish([letter(nr) for nr in range(1, 10)])
        first = await listener.receive_body()
        with pytest.raises(BrokerWake, match="queue of JobSearch is full"):
            await broker.publish([letter(10), letter(11)])
        assert broker.waiting(JOBSEARCH) == 8, "none of a batch that was refused"
        listener.acknowledge(first)
        await broker.publish([letter(10), letter(11)])
        assert [(await listener.receive_body()).nr for _ in range(10)] == list(range(2, 12))

    execute(work())


def test_to_lyttere_deler_og_det_ukvitterede_kommer_i_orden() -> None:
    async def work() -> None:
        broker = InternalBroker(DOMAINS)
        item, to = broker.subscribe(JOBSEARCH), broker.subscribe(JOBSEARCH)
        waiting = asyncio.ensure_future(to.receive_body())
        await broker.publish([letter(nr) for nr in range(1, 5)])
        taken = [await item.receive_body(), await waiting, await item.receive_body()]
        assert sorted(item.nr for item in taken) == [1, 2, 3]
        to.close()
        item.close()
        tre = broker.subscribe(JOBSEARCH)
        assert [(await tre.receive_body()).nr for _ in range(4)] == [1, 2, 3, 4]
        with pytest.raises(ValueError, match="not in list"):
            tre.acknowledge(letter(9))

    execute(work())
