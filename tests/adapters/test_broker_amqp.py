"""The RabbitMQ publisher with a fake connection, for behaviour that a real broker shows only rarely."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from typing import Any

import aio_pika
import pytest

from support.builders import contract
from support.rabbitmq import free_port
from vos_reference.adapters.outbound.rabbitmq import RabbitBroker
from vos_reference.application.ports import BrokerUnavailable
from vos_reference.testing.broker_contract import DOMAINS, JOBSEARCH, KONTAKTFORLOEB, execute, letter


class Connection:
    """A fake broker that keeps events in the order sent, answers after `response`, and refuses each id in `refuse` once."""

    def __init__(self) -> None:
        self.queues: dict[str, list[str]] = {domain: [] for domain in DOMAINS}
        self.refuse: set[tuple[str, str]] = set()
        self.response: Callable[[], Any] = lambda: asyncio.sleep(0)
        self.is_closed = False

    async def connect(self, timeout: float) -> None:
        pass

    async def channel(self, **choice: object) -> Connection:
        assert choice == {"publisher_confirms": True, "on_return_raises": True}
        return self

    async def declare_exchange(self, *name: object, **choice: object) -> Exchange:
        return Exchange(self)

    async def declare_queue(self, *name: object, **choice: object) -> Connection:
        return self

    async def bind(self, *name: object) -> None:
        pass

    async def close(self) -> None:
        pass


class Exchange:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def publish(self, message: aio_pika.Message, topic: str, *, mandatory: bool) -> None:
        assert mandatory
        domain, id_ = topic.partition(".")[0], str(message.message_id)
        refused = (domain, id_) in self._connection.refuse
        if refused:
            self._connection.refuse.remove((domain, id_))
        else:
            self._connection.queues[domain].append(id_)
        await self._connection.response()
        if refused:
            raise aio_pika.exceptions.DeliveryError(None, None)


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch) -> Connection:
    connection = Connection()

    monkeypatch.setattr(aio_pika, "Connection", lambda url: connection)
    return connection


def broker(timeout: float = 10) -> RabbitBroker:
    return RabbitBroker("amqp://localhost/", DOMAINS, contract().names, timeout)


@pytest.mark.parametrize("nr", [1, 4, 9])
def test_after_a_refusal_inside_a_batch_no_later_event_overtakes_it(connection: Connection, nr: int) -> None:
    letters = [letter(number, domain) for number in range(1, 10) for domain in (JOBSEARCH, KONTAKTFORLOEB)]
    connection.refuse = {(JOBSEARCH, f"id-{nr}")}

    async def work() -> None:
        publisher = broker()
        with pytest.raises(BrokerUnavailable, match="returned an event"):
            await publisher.publish(letters)
        await publisher.publish(letters)

    execute(work())
    ids = [f"id-{number}" for number in range(1, 10)]
    assert connection.queues[JOBSEARCH] == [*ids[: nr - 1], *ids], "a repeat has the same id"
    assert list(dict.fromkeys(connection.queues[KONTAKTFORLOEB])) == ids


def test_domains_do_not_wait_for_each_other(connection: Connection) -> None:
    """The broker confirms only when it has an event of every domain."""
    barrier = asyncio.Barrier(len(DOMAINS))
    connection.response = barrier.wait
    execute(broker().publish([letter(nr, domain) for domain in DOMAINS for nr in range(1, 4)]))
    assert set(map(len, connection.queues.values())) == {3}


def test_the_timeout_covers_one_confirmation_and_not_the_batch(connection: Connection) -> None:
    """A slow broker that answers finishes the batch; with a timeout per batch it would be sent again forever."""

    async def work() -> None:
        loop, passed = asyncio.get_running_loop(), 0.0
        real_time = loop.time
        loop.time = lambda: real_time() + passed  # type: ignore[method-assign]  # time passes without waiting

        async def slow(seconds: float) -> None:
            nonlocal passed
            passed += seconds
            for _ in range(5):
                await asyncio.sleep(0)

        publisher = broker(timeout=10)
        connection.response = lambda: slow(8)
        await publisher.publish([letter(nr) for nr in range(1, 6)])
        assert len(connection.queues[JOBSEARCH]) == 5
        connection.response = lambda: slow(12)
        with pytest.raises(BrokerUnavailable, match=r"no confirmation within 10 seconds"):
            await publisher.publish([letter(6)])

    execute(work())


def test_a_connection_that_cannot_be_opened_is_closed_at_once() -> None:
    """An open one is closed by its destructor, whenever the garbage collector runs: in the middle of an import, say."""

    async def work() -> list[aio_pika.Connection]:
        broker = RabbitBroker(f"amqp://127.0.0.1:{free_port()}/", DOMAINS, contract().names)
        with pytest.raises(BrokerUnavailable):
            await broker.publish([letter(1)])
        return [found for found in gc.get_objects() if type(found) is aio_pika.Connection and not found.is_closed]

    assert asyncio.run(work()) == []
